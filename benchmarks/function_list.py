"""The function list beside Textual's DataTable and OptionList: filling it, and a key in the filter until it is painted.

Each list stands in an app of its own, 120x40, on the headless driver: what is measured is the work in this
process, up to and with the paint. Run: python -m benchmarks.function_list
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import DataTable, OptionList

from lambdatui.core.functions import FunctionSummary
from lambdatui.ui.functions.table import FunctionTable

WORDS = ("order", "payment", "image", "resize", "report", "cache", "user", "event", "billing", "invoice", "api")
QUERIES = ("o", "or", "ord", "orde", "order", "order-", "order-p", "")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROUNDS = 3


def functions(count: int) -> tuple[FunctionSummary, ...]:
    """`count` functions with names as teams give them; the same at each call."""
    draw = Random(7)  # noqa: S311
    return tuple(
        FunctionSummary("-".join(draw.choice(WORDS) for _ in range(3)) + f"-{number}", "python3.13", memory_mb=512)
        for number in range(count)
    )


class Bench(App[None]):
    """One list."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        """Only the list."""
        yield self.widget


def _matching(rows: tuple[FunctionSummary, ...], query: str) -> list[FunctionSummary]:
    return [row for row in rows if query in row.name]


def fill_ours(widget: Widget, rows: tuple[FunctionSummary, ...], query: str) -> None:
    """Ours filters by itself."""
    assert isinstance(widget, FunctionTable)
    if widget.functions is not rows:
        widget.functions = rows
    widget.query_text = query


def fill_data_table(widget: Widget, rows: tuple[FunctionSummary, ...], query: str) -> None:
    """Cleared and filled with what matches."""
    assert isinstance(widget, DataTable)
    if not widget.columns:
        widget.add_columns("Name", "Runtime", "Memory", "Timeout")
    widget.clear()
    widget.add_rows(
        (row.name, row.runtime, f"{row.memory_mb} MB", f"{row.timeout_s} s") for row in _matching(rows, query)
    )


def fill_option_list(widget: Widget, rows: tuple[FunctionSummary, ...], query: str) -> None:
    """Cleared and filled with what matches."""
    assert isinstance(widget, OptionList)
    widget.clear_options()
    widget.add_options([f"{row.name:<40} {row.runtime:>10} {row.memory_mb:>5} MB" for row in _matching(rows, query)])


Fill = Callable[[Widget, tuple[FunctionSummary, ...], str], None]
LISTS: dict[str, tuple[Callable[[], Widget], Fill]] = {
    "ours": (lambda: FunctionTable(lambda: NOW), fill_ours),
    "DataTable": (DataTable, fill_data_table),
    "OptionList": (OptionList, fill_option_list),
}


async def painted(pilot: Pilot[None], app: Bench, step: Callable[[], None]) -> float:
    """Milliseconds from `step` until the screen is painted."""
    started = perf_counter()
    step()
    await pilot.pause(0)
    app.screen._compositor.update_widgets({app.widget})  # noqa: SLF001
    app.screen._compositor.render_update(full=True)  # noqa: SLF001  # all of the work of a paint but the writing
    return (perf_counter() - started) * 1000


async def measure(name: str, rows: tuple[FunctionSummary, ...]) -> tuple[float, list[float]]:
    """Milliseconds to fill the list, and for each key of the filter."""
    make, fill = LISTS[name]
    app = Bench(make())
    async with app.run_test(size=(120, 40)) as pilot:
        filled = await painted(pilot, app, lambda: fill(app.widget, rows, ""))
        keys = [await painted(pilot, app, lambda query=query: fill(app.widget, rows, query)) for query in QUERIES]  # type: ignore[misc]
    return filled, keys


def main() -> None:
    """Print medians and ratios, ours against each peer in the same run."""
    print(f"{'list':<12}{'rows':>8}{'fill ms':>10}{'key ms':>10}{'worst key':>11}{'ours / it: fill':>18}{'key':>8}")
    for count in (1_000, 10_000):
        rows = functions(count)
        found: dict[str, tuple[float, float, float]] = {}
        for name in LISTS:
            runs = [asyncio.run(measure(name, rows)) for _ in range(ROUNDS)]
            keys = [key for _, each in runs for key in each]
            found[name] = (median(fill for fill, _ in runs), median(keys), max(keys))
        for name, (fill, key, worst) in found.items():
            ratios = f"{found['ours'][0] / fill:>18.3f}{found['ours'][1] / key:>8.3f}" if name != "ours" else ""
            print(f"{name:<12}{count:>8,}{fill:>10.1f}{key:>10.1f}{worst:>11.1f}{ratios}")


if __name__ == "__main__":
    main()
