"""What a filter means: fields, a text or an expression, each perhaps turned round; all must hold for an event."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_block import Block
from lambdatui.core.log_lines import Level
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.log_told import LEVEL_BITS


class Case(Enum):
    """Whether capitals count."""

    SMART = "smart case"
    """They do as soon as one is typed."""
    EXACT = "case counts"
    ANY = "any case"


@dataclass(frozen=True, slots=True)
class TextTerm:
    """An event with, or with `inverse` without, a text in one of its lines: a traceback is found whole."""

    pattern: LinePattern
    inverse: bool = False

    def lines_in(self, block: Block, start: int, stop: int) -> list[int]:
        """The lines that it holds for."""
        return block.whole(self.pattern.lines_in(block, start, stop), start, stop)


@dataclass(frozen=True, slots=True)
class LevelTerm:
    """A line of an event of one of these levels."""

    levels: frozenset[Level]
    inverse: bool = False

    def lines_in(self, block: Block, start: int, stop: int) -> list[int]:
        """The lines that it holds for."""
        wanted = bytes(1 if (flag & LEVEL_BITS) in self.levels else 0 for flag in range(256))
        return _ones(block.flags.translate(wanted), start, stop)


@dataclass(frozen=True, slots=True)
class RequestTerm:
    """A line of the invocations whose request id begins so."""

    request_id: str
    inverse: bool = False

    def lines_in(self, block: Block, start: int, stop: int) -> list[int]:
        """The lines that it holds for."""
        return block.of_request(self.request_id, start, stop)


@dataclass(frozen=True, slots=True)
class FunctionTerm:
    """A line that a function of that name wrote, where several are shown."""

    name: str
    inverse: bool = False

    def lines_in(self, block: Block, start: int, stop: int) -> list[int]:
        """The lines that it holds for."""
        wanted = bytes(1 if name == self.name else 0 for name in block.function_names)
        return _ones(block.functions.translate(wanted.ljust(256, b"\0")), start, stop)


Term: TypeAlias = TextTerm | LevelTerm | RequestTerm | FunctionTerm


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Finds the events for which every term holds, all their lines. Build it with `parse_query`."""

    terms: tuple[Term, ...]

    def __and__(self, other: LogQuery) -> LogQuery:
        """Both."""
        return LogQuery((*self.terms, *other.terms))

    def lines_in(self, block: Block, start: int = 0, stop: int | None = None) -> list[int]:
        """The numbers of the lines of those events in `block`, from line `start` up to `stop`, between two events."""
        stop = len(block) if stop is None else stop
        found: list[int] | None = None
        for term in self.terms:
            hits = term.lines_in(block, start, stop)
            if term.inverse:
                without = set(hits)
                found = [n for n in (range(start, stop) if found is None else found) if n not in without]
            elif found is None:
                found = hits
            else:
                both = set(hits)
                found = [n for n in found if n in both]
            if not found:
                return []
        return found if found is not None else list(range(start, stop))

    def spans(self, text: str, limit: int = 64) -> list[tuple[int, int]]:
        """Where `text` matches, as (start, end) in characters; what is wanted absent marks nothing."""
        found: list[tuple[int, int]] = []
        for term in self.terms:
            if isinstance(term, TextTerm) and not term.inverse:
                for start, stop in term.pattern.spans(text, limit):
                    at = bisect_left(found, (start, stop))
                    # Two terms may match the same letters: the earlier one has them.
                    if (not at or found[at - 1][1] <= start) and (at == len(found) or stop <= found[at][0]):
                        found.insert(at, (start, stop))
        return found

    def narrows(self, wider: LogQuery) -> bool:
        """Whether each event that this one finds is found by `wider`, too."""
        return all(any(_narrows(mine, theirs) for mine in self.terms) for theirs in wider.terms)


@dataclass(frozen=True, slots=True)
class MarkedLines:
    """Finds, in the events that `query` finds, the lines in which its texts stand; the first ones where it has none."""

    query: LogQuery

    def lines_in(self, block: Block, start: int = 0, stop: int | None = None) -> list[int]:
        """The numbers of those lines of `block`, from line `start` up to `stop`, between two events."""
        stop = len(block) if stop is None else stop
        events = self.query.lines_in(block, start, stop)
        texts = [term.pattern for term in self.query.terms if isinstance(term, TextTerm) and not term.inverse]
        if not texts or not events:
            return [line for line in events if block.is_first(line)]
        marked = set().union(*(pattern.lines_in(block, start, stop) for pattern in texts))
        return [line for line in events if line in marked]

    def spans(self, text: str, limit: int = 64) -> list[tuple[int, int]]:
        """Where `text` matches, as (start, end) in characters."""
        return self.query.spans(text, limit)

    def narrows(self, wider: MarkedLines) -> bool:
        """Whether each event with such a line has one that `wider` finds."""
        return self.query.narrows(wider.query)


def _narrows(mine: Term, theirs: Term) -> bool:
    if mine == theirs:
        return True
    if isinstance(mine, TextTerm) and isinstance(theirs, TextTerm):
        return not mine.inverse and not theirs.inverse and mine.pattern.narrows(theirs.pattern)
    if isinstance(mine, RequestTerm) and isinstance(theirs, RequestTerm):
        return not mine.inverse and not theirs.inverse and mine.request_id.startswith(theirs.request_id)
    return False


_FIELD = re.compile(r"(!?)([A-Za-z_][\w.-]*)(>?=)(\S+)(?:\s+|$)")
_UNFINISHED = re.compile(r"\s*!?(?:level|request|function)>?=\s*", re.IGNORECASE)
"""While this is typed, nothing is looked for yet: least of all these letters."""
_SLASHES = 2
_LEVEL_NAMES = {**{level.name: level for level in Level if level}, "WARNING": Level.WARN, "CRITICAL": Level.FATAL}
_REQUEST_NAMES = frozenset({"request", "request_id", "requestid"})


def parse_query(typed: str, case: Case = Case.SMART) -> LogQuery | None:
    """What `typed` means; None for nothing.

    `level=error`, `level>=warn`, `request=ID`, `function=NAME` and `field=value` (of a JSON record, or as it stands)
    may come first, several of them split by blanks; then a text, or `/…/` a regular expression. `!` before a field
    or the text turns it round.
    Raises:
        InvalidInput: an expression that is none, or a level that is none.
    """
    terms: list[Term] = []
    rest = typed
    while found := _FIELD.match(rest.lstrip()):
        rest = rest.lstrip()[found.end() :]
        terms.append(_field_term(bool(found[1]), found[2], found[3], found[4], case))
    text = "" if _UNFINISHED.fullmatch(rest) else rest.lstrip() if terms else rest
    inverse = len(text) > 1 and text.startswith("!")
    pattern = parse_pattern(text[1:] if inverse else text, _ignore_case(case))
    if pattern is not None:
        terms.append(TextTerm(pattern, inverse))
    # What rules out most at the least cost comes first.
    terms.sort(key=lambda term: isinstance(term, TextTerm))
    return LogQuery(tuple(terms)) if terms else None


def opens_expression(typed: str) -> bool:
    """Whether the text in what is typed begins like an expression that is not closed: it is looked for as it stands."""
    rest = typed.lstrip()
    while found := _FIELD.match(rest):
        rest = rest[found.end() :].lstrip()
    rest = rest.removeprefix("!")
    return rest.startswith("/") and len(rest) > 1 and not (len(rest) > _SLASHES and rest.endswith("/"))


def request_query(request_id: str) -> LogQuery:
    """The lines of one invocation."""
    return LogQuery((RequestTerm(request_id),))


def _field_term(inverse: bool, name: str, sign: str, value: str, case: Case) -> Term:
    if name.lower() == "level":
        # Its first letters will do: it is found while it is typed.
        level = next((level for known, level in _LEVEL_NAMES.items() if known.startswith(value.upper())), None)
        if level is None:
            known = ", ".join(level.name.lower() for level in Level if level)
            raise InvalidInput(f"No such level: {value}", f"there are {known}", "")
        levels = (one for one in Level if one >= level) if sign == ">=" else (level,)
        return LevelTerm(frozenset(levels), inverse)
    if name.lower() in _REQUEST_NAMES:
        return RequestTerm(value, inverse)
    if name.lower() == "function":
        return FunctionTerm(value, inverse)
    bare, value = re.escape(name), re.escape(value.strip('"'))
    # The name and the value are in every match as they stand: the search goes from one of those to the next.
    plain, of_json = rf"(?<!\w{bare})=(?={value}(?!\w))", rf'(?<="{bare})" *: *"?(?={value}"?(?:[\s,}}\]]|$))'
    expression = f"{bare}(?:{plain}|{of_json}){value}"
    pattern = parse_pattern(f"/{expression}/", _ignore_case(case, name + value))
    return TextTerm(pattern or LinePattern(expression), inverse)


def _ignore_case(case: Case, typed: str | None = None) -> bool | None:
    if case is Case.SMART:
        return typed == typed.lower() if typed is not None else None
    return case is Case.ANY


def _ones(flags: Sequence[int], start: int, stop: int) -> list[int]:
    """The places of the ones."""
    data = bytes(flags)
    found = []
    at = data.find(1, start, stop)
    while at >= 0:
        found.append(at)
        at = data.find(1, at + 1, stop)
    return found
