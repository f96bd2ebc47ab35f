"""What a query does, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.cost import format_usd
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.insights import InsightsProgress, scan_cost_usd
from lambdatui.core.limits import Prices
from lambdatui.core.listed import listed


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it stands on the screen: its text, and how many seconds up to now it covers."""

    text: str
    period_s: int = 3_600


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing was asked yet."""


@dataclass(frozen=True, slots=True)
class Querying:
    """A query runs; `progress` is what came so far."""

    progress: InsightsProgress


@dataclass(frozen=True, slots=True)
class Ended:
    """A query has ended, or was stopped."""

    progress: InsightsProgress
    elapsed_s: float
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A query could not be run."""

    error: WorkbenchError


State: TypeAlias = Idle | Querying | Ended | Failed

PERIODS: tuple[tuple[str, int], ...] = (
    ("last 5 minutes", 300),
    ("last 15 minutes", 900),
    ("last hour", 3_600),
    ("last 3 hours", 10_800),
    ("last 12 hours", 43_200),
    ("last day", 86_400),
    ("last 3 days", 259_200),
    ("last week", 604_800),
    ("last 30 days", 2_592_000),
)
"""What is offered, in seconds."""


def describe(state: State, prices: Prices, room: int) -> tuple[str, str]:
    """The line between the query and its results, and its tone: "muted", "working", "success" or "error".

    In a narrow `room` how many records matched is left out, then what was scanned; never how to stop it.
    """
    match state:
        case Idle():
            return f"f5 runs it · each GB that it scans costs about {format_usd(prices.insights_per_gb_usd)}", "muted"
        case Querying(progress):
            return _fitting(progress.status.lower(), _figures(progress, prices), "esc stops it", room), "working"
        case Ended(progress, elapsed_s, stopped):
            word = "stopped" if stopped else progress.status.lower()
            rows = f"{len(progress.rows):,} {'row' if len(progress.rows) == 1 else 'rows'}"
            tone = "success" if progress.status == "Complete" and not stopped else "error"
            return _fitting(f"{word} in {elapsed_s:.1f} s · {rows}", _figures(progress, prices), "", room), tone
        case Failed(error):
            return error.title, "error"


def left_out(state: State) -> str:
    """Which functions the query does not look at."""
    names = state.progress.left_out if isinstance(state, Querying | Ended) else ()
    return f"without {listed(names, 3)}: no log group yet" if names else ""


def picture(state: State) -> str:
    """What stands in the place of the table while there is no row."""
    match state:
        case Idle():
            return "No query was run yet: f5 runs the one above, ctrl+o offers others, ctrl+t chooses the time."
        case Querying():
            return "Nothing found yet …"
        case Ended():
            return "No row. A longer time (ctrl+t) may have some; the scan covers only what is in the log groups."
        case Failed(error):
            return error.more


def readable_bytes(count: float) -> str:
    """Bytes as a person reads them, in steps of 1,000: "12.3 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1_000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1_000
    return f"{count:.1f} TB"


def _fitting(first: str, between: Sequence[str], last: str, room: int) -> str:
    """One line with as many of the figures between as there is room for."""
    for count in range(len(between), 0, -1):
        line = " · ".join(part for part in (first, *between[:count], last) if part)
        if len(line) <= room:
            return line
    return " · ".join(part for part in (first, last) if part)


def _figures(progress: InsightsProgress, prices: Prices) -> tuple[str, str]:
    """What is more worth knowing first."""
    cost = scan_cost_usd(progress.scanned_bytes, prices)
    return (
        f"{readable_bytes(progress.scanned_bytes)} scanned, about {format_usd(cost)}",
        f"{progress.matched_records:,.0f} of {progress.scanned_records:,.0f} records matched",
    )
