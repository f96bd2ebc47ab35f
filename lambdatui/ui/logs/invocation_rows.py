"""The columns of the list of invocations: which fit a width, and what each says of one invocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from lambdatui.core.cost import format_usd
from lambdatui.core.limits import Prices
from lambdatui.core.log_invocations import Invocation, InvocationStatus
from lambdatui.core.log_masks import mask
from lambdatui.ui.logs.times import date_of, dated, day_of, time_of_day


class Field(Enum):
    """One column: its heading."""

    STATUS = "status"
    STARTED = "started"
    DURATION = "duration"
    BILLED = "billed"
    MEMORY = "memory used"
    INIT = "cold init"
    COST = "est. cost"
    REQUEST = "request"
    FUNCTION = "function"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """A column as it is laid out."""

    field: Field
    width: int
    right: bool = False


_CELLS = {
    Field.STATUS: Cell(Field.STATUS, 15),
    Field.STARTED: Cell(Field.STARTED, 12),
    Field.DURATION: Cell(Field.DURATION, 10, right=True),
    Field.BILLED: Cell(Field.BILLED, 9, right=True),
    Field.MEMORY: Cell(Field.MEMORY, 15, right=True),
    Field.INIT: Cell(Field.INIT, 9, right=True),
    Field.COST: Cell(Field.COST, 11, right=True),
    Field.REQUEST: Cell(Field.REQUEST, 8),
}
_ORDER = (*_CELLS, Field.FUNCTION, Field.ERROR)
_WANTED = (
    Field.STATUS,
    Field.DURATION,
    Field.FUNCTION,
    Field.STARTED,
    Field.MEMORY,
    Field.ERROR,
    Field.INIT,
    Field.COST,
    Field.BILLED,
    Field.REQUEST,
)
_ERROR_CELLS = 14
_READABLE_ERROR_CELLS = 20
"""What comes behind the error in the order above must leave it so much."""
_DATE_CELLS = 3
"""So much more has room for seconds beside a date."""
_GAP = 2

MARKS = {
    InvocationStatus.RUNNING: "◐",
    InvocationStatus.OK: "●",
    InvocationStatus.NO_REPORT: "○",
}
"""What stands before a status; a cross before the failures."""


def columns(width: int, function_cells: int = 0) -> tuple[Cell, ...]:
    """The columns that fit into `width`, in their order; what is wanted least goes first.

    `function_cells`: the longest name, when several functions are shown. The last column takes what is left.
    """
    chosen: dict[Field, Cell] = {}
    left = width
    for name in _WANTED:
        if name is Field.FUNCTION:
            cell = Cell(name, min(max(function_cells, len(name.value)), 24)) if function_cells else None
        else:
            cell = Cell(name, _ERROR_CELLS) if name is Field.ERROR else _CELLS[name]
        spare = _READABLE_ERROR_CELLS - _ERROR_CELLS if Field.ERROR in chosen else 0
        if cell is not None and cell.width + (_GAP if chosen else 0) <= left - spare:
            left -= cell.width + (_GAP if chosen else 0)
            chosen[name] = cell
    if Field.STARTED in chosen and left - _DATE_CELLS >= _READABLE_ERROR_CELLS - _ERROR_CELLS:
        left -= _DATE_CELLS
        chosen[Field.STARTED] = Cell(Field.STARTED, _CELLS[Field.STARTED].width + _DATE_CELLS)
    if Field.ERROR in chosen:
        chosen[Field.ERROR] = Cell(Field.ERROR, _ERROR_CELLS + left)
    return tuple(chosen[name] for name in _ORDER if name in chosen)


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes the cells of a row. `architecture` gives that of a function, for its price.

    `masked` covers what looks secret in the words of an error; `latest_ms` tells today from other days.
    """

    prices: Prices = field(default_factory=Prices)
    architecture: Callable[[str], str] = lambda _: "x86_64"
    utc: bool = True
    masked: bool = False
    latest_ms: Callable[[], int] | None = None

    def cost_usd(self, row: Invocation) -> float | None:
        """What an invocation costs, as an estimate; None where it is not known."""
        return row.cost_usd(self.architecture(row.function_name), self.prices)

    def text(self, row: Invocation, name: Field, width: int = 12) -> str:  # noqa: C901 - one line a column
        """What column `name` says of an invocation in about so many cells, "" when that is not known."""
        report = row.report
        match name:
            case Field.STATUS:
                return f"{MARKS.get(row.status, '✗')} {row.status.value}"
            case Field.STARTED:
                return self._started(row.started_ms, width)
            case Field.DURATION:
                return milliseconds(report.duration_ms) if report else ""
            case Field.BILLED:
                return f"{row.billed_ms:,} ms" if report and report.metered else ""
            case Field.MEMORY:
                return report.memory if report else ""
            case Field.INIT:
                return f"+{milliseconds(report.init_ms)}" if report and report.init_ms is not None else ""
            case Field.COST:
                cost = self.cost_usd(row)
                return format_usd(cost) if cost is not None else ""
            case Field.REQUEST:
                return row.request_id[:8]
            case Field.FUNCTION:
                return row.function_name
            case Field.ERROR:
                attempt = f"attempt {row.attempts}" if row.attempts > 1 else ""
                error = ": ".join(part for part in (row.error_type, row.error_message) if part)
                return " · ".join(part for part in (attempt, mask(error) if self.masked else error) if part)

    def _started(self, started_ms: int, width: int) -> str:
        time = time_of_day(started_ms, utc=self.utc)
        if self.latest_ms is None:
            return time
        day, today = day_of(started_ms, utc=self.utc), day_of(self.latest_ms(), utc=self.utc)
        return time if day == today else dated(time, date_of(day, today), width)


def milliseconds(duration: float) -> str:
    """ "12.4 ms", "3,001 ms", "61.2 s"."""
    if duration < 100:
        return f"{duration:.1f} ms"
    return f"{duration:,.0f} ms" if duration < 60_000 else f"{duration / 1000:,.1f} s"
