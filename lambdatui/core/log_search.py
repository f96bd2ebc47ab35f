"""What a filter looks for in log lines: a literal or a regular expression, in smart case."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_block import Block


@dataclass(frozen=True, slots=True)
class LinePattern:
    """Finds lines. Build it with `parse_pattern`; `text` is the literal, or the expression without its slashes.

    Searching goes over a whole block of bytes at a time, which is several times faster than line by line.
    """

    text: str
    regex: bool = False
    ignore_case: bool = False
    _bytes: re.Pattern[bytes] | None = field(default=None, compare=False, repr=False)
    _string: re.Pattern[str] | None = field(default=None, compare=False, repr=False)

    def found_in(self, line: str) -> bool:
        """Whether `line` matches."""
        if self._string is not None:
            return self._string.search(line) is not None
        return self.text in line

    def spans(self, text: str, limit: int = 64) -> list[tuple[int, int]]:
        """Where `text` matches, as (start, end) in characters; at most `limit` of them."""
        expression = self._string or re.compile(re.escape(self.text))
        found: list[tuple[int, int]] = []
        for match in expression.finditer(text):
            if match.end() > match.start():
                found.append(match.span())
                if len(found) >= limit:
                    break
        return found

    def narrows(self, wider: LinePattern) -> bool:
        """Whether each line that matches this one also matches `wider`."""
        if self.regex or wider.regex or (self.ignore_case and not wider.ignore_case):
            return False
        if wider.ignore_case:
            return wider.text.lower() in self.text.lower()
        return wider.text in self.text

    def lines_in(self, block: Block, start: int = 0, stop: int | None = None) -> list[int]:
        """The numbers of the matching lines of `block`, from line `start` up to `stop`."""
        stop = len(block) if stop is None else stop
        ascii_only = self.text.isascii() and (not self.regex or block.text.isascii())
        if not ascii_only and (self.regex or self.ignore_case):
            return [n for n in range(start, stop) if self.found_in(block.line(n))]
        if self.regex:
            return self._regex_lines(block, start, stop)
        if self.ignore_case:
            return _literal_lines(block, self.text.lower().encode(), start, stop, lower=True)
        return _literal_lines(block, self.text.encode("utf-8", "replace"), start, stop)

    def _regex_lines(self, block: Block, start: int, stop: int) -> list[int]:
        search = self._bytes.search if self._bytes is not None else None
        if search is None:
            return [n for n in range(start, stop) if self.found_in(block.line(n))]
        text, ends = block.text, block.ends
        found: list[int] = []
        line, at, size = start, block.start_of(start), block.start_of(stop)
        while at < size and (match := search(text, at)) is not None:
            line = bisect_left(ends, match.start(), line)
            if line >= stop:
                break
            # A match that runs over the line's end is no match yet: `\s` and `[^x]` also match newlines.
            if match.end() <= ends[line] or self.found_in(block.line(line)):
                found.append(line)
            at = ends[line] + 1
        return found


_DENSE_LINES = 10
"""With a match in every so many lines it is faster to pass each line than to halve one's way to the next."""
_PROBED_HITS = 64


def _literal_lines(block: Block, needle: bytes, start: int, stop: int, *, lower: bool = False) -> list[int]:
    """The lines with `needle`, from the last to the first: `rfind` takes a third to two thirds of the time of `find`.

    From a match it goes on before the line's start, over what the line holds besides.
    """
    ends, begin, at = block.ends, block.start_of(start), block.start_of(stop)
    rfind = (_lowered(block.text, begin) if lower else block.text).rfind
    found: list[int] = []
    line = stop
    while (at := rfind(needle, begin, at)) >= 0:
        line = bisect_left(ends, at, start, line)
        found.append(line)
        if line == start:
            break
        at = ends[line - 1]
        if len(found) == _PROBED_HITS and stop - line < _DENSE_LINES * _PROBED_HITS:
            at = rfind(needle, begin, at)
            for one, before in zip(range(line - 1, start, -1), reversed(ends[start : line - 1]), strict=True):
                if before < at:
                    found.append(one)
                    at = rfind(needle, begin, before)
            if at >= 0:
                found.append(start)
            break
    found.reverse()
    return found


def _lowered(text: bytearray, begin: int) -> bytearray:
    """`text` in small letters from `begin` on, where it was; blanks before that."""
    return text[begin:].lower().rjust(len(text)) if begin else text.lower()


def parse_pattern(typed: str, ignore_case: bool | None = None) -> LinePattern | None:
    """What `typed` into the filter means: None for nothing, `/…/` a regular expression, else a literal.

    Smart case, unless `ignore_case` says what to do: the case counts as soon as one capital letter is typed.
    Raises:
        InvalidInput: the expression between the slashes is not a regular expression.
    """
    if not typed.strip():
        return None
    if len(typed) < 3 or not (typed.startswith("/") and typed.endswith("/")):
        ignore_case = typed == typed.lower() if ignore_case is None else ignore_case
        string = re.compile(re.escape(typed), re.IGNORECASE) if ignore_case else None
        return LinePattern(typed, ignore_case=ignore_case, _string=string)
    expression = typed[1:-1]
    bare = re.sub(r"\\.", "", expression)
    ignore_case = bare == bare.lower() if ignore_case is None else ignore_case
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    try:
        string = re.compile(expression, flags)
        # \A and \Z mean the ends of the line: in a block only the search line by line knows those.
        over_blocks = expression.isascii() and not re.search(r"\\[AZ]|\(\?", expression)
        over_bytes = re.compile(expression.encode(), flags | re.MULTILINE) if over_blocks else None
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidInput(
            "Not a regular expression", str(error), "Text without slashes is searched as it is"
        ) from None
    return LinePattern(expression, True, ignore_case, over_bytes, string)
