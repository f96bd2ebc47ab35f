"""What a filter for invocations means: fields such as `status=error` or `duration>1s`, and a text or an expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from typing import TypeAlias

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_invocations import Invocation, InvocationStatus
from lambdatui.core.log_query import Case
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.report import Report

CostOf: TypeAlias = Callable[[Invocation], float | None]
"""What an invocation costs, in US dollars; None where it is not known."""

_COMPARE = {">=": ge, "<=": le, ">": gt, "<": lt, "=": eq}
_FIELD = re.compile(r"(!?)([A-Za-z_]*)(>=|<=|>|<|=)(\S+)")
_UNFINISHED = re.compile(r"!?[A-Za-z_]*(?:>=|<=|>|<|=)")
"""While this is typed, nothing is looked for yet."""
_AMOUNT = re.compile(r"\$?([\d,_]*\.?\d+|\d+\.)\s*([a-z]*)", re.IGNORECASE)
_UNITS: Mapping[str, Mapping[str, float]] = {
    "ms": {"": 1, "ms": 1, "s": 1_000, "m": 60_000, "min": 60_000},
    "mb": {"": 1, "mb": 1, "gb": 1_024},
    "usd": {"": 1, "usd": 1},
    "times": {"": 1},
}
_NUMBERS = {
    "ms": "a number of ms, s or min",
    "mb": "a number of MB or GB",
    "usd": "a number of US dollars",
    "times": "a number",
}


@dataclass(frozen=True, slots=True)
class _Figure:
    """A column of figures: its unit, and how to read it from a row; None where it is not known."""

    unit: str
    of: Callable[[Invocation, CostOf], float | None]


def _metered(row: Invocation) -> Report | None:
    return row.report if row.report is not None and row.report.metered else None


FIGURES: Mapping[str, _Figure] = {
    "duration": _Figure("ms", lambda row, _: row.report.duration_ms if row.report else None),
    "billed": _Figure("ms", lambda row, _: row.billed_ms if _metered(row) else None),
    "memory": _Figure("mb", lambda row, _: report.max_memory_used_mb if (report := _metered(row)) else None),
    "size": _Figure("mb", lambda row, _: report.memory_size_mb if (report := _metered(row)) else None),
    "init": _Figure("ms", lambda row, _: row.report.init_ms if row.report else None),
    "cost": _Figure("usd", lambda row, cost_of: cost_of(row)),
    "attempt": _Figure("times", lambda row, _: row.attempts),
}
_REQUEST_NAMES = frozenset({"request", "request_id", "requestid"})
_WORDS = ("status", "request", "function", "error")
_FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StatusTerm:
    """The status is one of these."""

    statuses: frozenset[InvocationStatus]

    def holds(self, row: Invocation, cost_of: CostOf) -> bool:  # noqa: ARG002  # as every term
        """Whether the invocation is meant."""
        return row.status in self.statuses


@dataclass(frozen=True, slots=True)
class FigureTerm:
    """A figure is as large as that; a figure that is not known is no size at all."""

    name: str
    sign: str
    value: float

    def holds(self, row: Invocation, cost_of: CostOf) -> bool:
        """Whether the invocation is meant."""
        actual = FIGURES[self.name].of(row, cost_of)
        return actual is not None and bool(_COMPARE[self.sign](actual, self.value))


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A text of the row: a request id by its beginning, a function by its name, an error by any part of it."""

    name: str
    value: str

    def holds(self, row: Invocation, cost_of: CostOf) -> bool:  # noqa: ARG002  # as every term
        """Whether the invocation is meant."""
        if self.name == "request":
            return row.request_id.startswith(self.value)
        if self.name == "function":
            return row.function_name == self.value
        return self.value.lower() in f"{row.error_type}: {row.error_message}".lower()


@dataclass(frozen=True, slots=True)
class TextTerm:
    """What the row says has a text: its status, whether it was cold, its ids and its error."""

    pattern: LinePattern

    def holds(self, row: Invocation, cost_of: CostOf) -> bool:  # noqa: ARG002  # as every term
        """Whether the invocation is meant."""
        cold = "cold" if row.cold else ""
        error = ": ".join(part for part in (row.error_type, row.error_message) if part)
        said = f"{row.status.value} {cold} {row.request_id} {row.function_name} {row.stream} {error}"
        return self.pattern.found_in(said)


Term: TypeAlias = StatusTerm | FigureTerm | WordTerm | TextTerm


@dataclass(frozen=True, slots=True)
class InvocationQuery:
    """Finds the invocations for which every term holds, and no one of `without`. Build it with `parse_query`."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()

    def holds(self, row: Invocation, cost_of: CostOf) -> bool:
        """Whether the invocation is meant."""
        if not all(term.holds(row, cost_of) for term in self.terms):
            return False
        return not any(term.holds(row, cost_of) for term in self.without)


def parse_query(typed: str, case: Case = Case.SMART) -> InvocationQuery | None:
    """What `typed` means; None for nothing.

    `status=error` (`failed` for all that did), `request=ID`, `function=NAME`, `error=TEXT`, `duration>1s`,
    `billed>=1000`, `memory>100`, `size=512`, `init>500ms`, `cost>0.0001` and `>1s` (a duration), several of them split
    by blanks, before or behind a text, or before `/…/`, an expression. `!` turns one round.
    Raises:
        InvalidInput: a field, a status or a figure that is none, or an expression that is none.
    """
    terms: list[Term] = []
    without: list[Term] = []
    rest = typed.lstrip()
    words: list[str] = []
    while rest and not (rest.startswith(("/", "!/")) and not words):
        word, _, rest = rest.partition(" ")
        rest = rest.lstrip()
        if found := _FIELD.fullmatch(word):
            (without if found[1] else terms).append(_field_term(found[2].lower(), found[3], found[4]))
        elif not _UNFINISHED.fullmatch(word):
            words.append(word)
    text = " ".join(words) or rest
    inverse = len(text) > 1 and text.startswith("!")
    pattern = parse_pattern(text[1:] if inverse else text, None if case is Case.SMART else case is Case.ANY)
    if pattern is not None:
        (without if inverse else terms).append(TextTerm(pattern))
    return InvocationQuery(tuple(terms), tuple(without)) if terms or without else None


def _field_term(name: str, sign: str, value: str) -> Term:
    name = name or "duration"
    name = "request" if name in _REQUEST_NAMES else name
    if name in FIGURES:
        return FigureTerm(name, sign, _amount(name, value))
    if name not in _WORDS or sign != "=":
        raise InvalidInput(f"No such field: {name}{sign}", f"{', '.join(_WORDS)} =; {', '.join(FIGURES)} > < =")
    if name == "status":
        return StatusTerm(_statuses(value.lower()))
    return WordTerm(name, value)


def _statuses(value: str) -> frozenset[InvocationStatus]:
    """Its first letters will do: it is found while it is typed; a blank may be left out, or be another sign."""
    wanted = re.sub(r"[\s_-]", "", value)
    known: dict[str, tuple[InvocationStatus, ...]] = {
        status.value.replace(" ", ""): (status,) for status in InvocationStatus
    }
    known["timeout"] = (InvocationStatus.TIMED_OUT,)
    known["oom"] = (InvocationStatus.OUT_OF_MEMORY,)
    known[_FAILED] = tuple(status for status in InvocationStatus if status.failed)
    found = frozenset(status for name, statuses in known.items() if name.startswith(wanted) for status in statuses)
    if not found:
        names = ", ".join((*(status.value for status in InvocationStatus), _FAILED))
        raise InvalidInput(f"No such status: {value}", f"There are {names}")
    return found


def _amount(name: str, value: str) -> float:
    units = _UNITS[FIGURES[name].unit]
    found = _AMOUNT.fullmatch(value)
    factor = units.get(found[2].lower()) if found is not None else None
    if found is None or factor is None:
        raise InvalidInput(f"No figure: {value}", _NUMBERS[FIGURES[name].unit])
    return float(found[1].replace(",", "").replace("_", "")) * factor
