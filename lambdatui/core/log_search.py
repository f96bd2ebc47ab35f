"""What a filter looks for in log lines: a literal or a regular expression, in smart case."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_block import Block
from lambdatui.core.log_expression import held_texts


@dataclass(frozen=True, slots=True)
class LinePattern:
    """Finds lines. Build it with `parse_pattern`; `text` is the literal, or the expression without its slashes.

    Searching goes over a whole block of bytes at a time, which is several times faster than line by line: from one
    needle to the next. A literal is one; of an expression, each line that matches holds one of them.
    """

    text: str
    regex: bool = False
    ignore_case: bool = False
    _bytes: re.Pattern[bytes] | None = field(default=None, compare=False, repr=False)
    _string: re.Pattern[str] | None = field(default=None, compare=False, repr=False)
    _needles: tuple[bytes, ...] = field(default=(), compare=False, repr=False)

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
        if self._needles and not self.regex:
            return self._lines_with_needles(block, start, stop)
        ascii_only = block.text.isascii()
        search = self._bytes.search if self._bytes is not None and ascii_only else None
        # In any case, an expression takes some letters beyond ASCII for others within it.
        if self._needles and (ascii_only or not self.ignore_case):
            lines = self._lines_with_needles(block, start, stop)
            if search is not None:
                text, ends = block.text, block.ends
                return [n for n in lines if search(text, ends[n - 1] + 1 if n else 0, ends[n])]
            return [n for n in lines if self.found_in(block.line(n))]
        if search is not None:
            return self._regex_lines(block, search, start, stop)
        return [n for n in range(start, stop) if self.found_in(block.line(n))]

    def _lines_with_needles(self, block: Block, start: int, stop: int) -> list[int]:
        text = _lowered(block.text, block.start_of(start)) if self.ignore_case else block.text
        found = [_lines_with(needle, text, block, start, stop) for needle in self._needles]
        return found[0] if len(found) == 1 else sorted(set().union(*found))

    def _regex_lines(
        self, block: Block, search: Callable[[bytearray, int], re.Match[bytes] | None], start: int, stop: int
    ) -> list[int]:
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


def _lines_with(needle: bytes, text: bytearray, block: Block, start: int, stop: int) -> list[int]:
    """The lines with `needle`, from the last to the first: `rfind` takes a third to two thirds of the time of `find`.

    From a match it goes on before the line's start, over what the line holds besides. `text` is that of the block.
    """
    ends, begin, at, rfind = block.ends, block.start_of(start), block.start_of(stop), text.rfind
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
        # As the bytes of a block are searched: a small letter of ASCII is a capital one there, and no other letter.
        flags = re.IGNORECASE | re.ASCII if typed.isascii() else re.IGNORECASE
        string = re.compile(re.escape(typed), flags) if ignore_case else None
        return LinePattern(typed, False, ignore_case, None, string, _needles((typed,), ignore_case))
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
    needles = _needles(held_texts(expression), ignore_case)
    return LinePattern(expression, True, ignore_case, over_bytes, string, needles)


def _needles(texts: Sequence[str], ignore_case: bool) -> tuple[bytes, ...]:
    """What is looked for in the bytes of a block, one or another; () when the lines must be looked at one by one."""
    if not all(texts) or (ignore_case and not all(map(str.isascii, texts))):
        return ()
    return tuple((text.lower() if ignore_case else text).encode("utf-8", "replace") for text in texts)
