"""Paints frames over each other: writes only what differs from what the terminal shows already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment

from lambdatui.ui.output.cells import Row, blank, row_of, unknown
from lambdatui.ui.output.pens import Pens
from lambdatui.ui.output.runs import Run, Runs, all_runs, changed_runs
from lambdatui.ui.output.scrolled import Scroll, scroll_between
from lambdatui.ui.output.writing import written

_RUN_BYTES = 10
"""The way to it, and its share of the colours."""


class Patch(NamedTuple):
    """Segments that belong at a place of the screen."""

    x: int
    y: int
    segments: Iterable[Segment]


class Painter:
    """Owns the model of what the terminal shows. Knows neither Textual's updates nor where the bytes go.

    Every frame begins and ends with the plain pen, without margins: whatever else writes to the terminal finds it
    as if nobody had been here. What is not known is never relied on.
    """

    def __init__(self, color_system: ColorSystem, *, erases_with_background: bool = True) -> None:
        self._color_system = color_system
        self._erases_with_background = erases_with_background
        self._pens = Pens(color_system)
        self._rows: list[Row] = []

    def forget(self) -> None:
        """The terminal may show anything now."""
        self._rows = []

    def paint(self, patches: Iterable[Patch], columns: int, rows: int) -> str:
        """What to write so that a screen of this size shows the patches, and else what it did.

        Raises:
            Doubt: a patch holds what can't be followed; nothing may be relied on after it was written.
        """
        if self._pens.full:
            self._pens = Pens(self._color_system)
            self._rows = []
        if len(self._rows) != rows or len(self._rows[0].text) != columns:
            self._rows = [unknown(columns, self._pens)] * rows
        old = self._rows
        new = list(old)
        for x, y, segments in patches:
            if 0 <= y < rows:
                new[y] = new[y].patched(x, row_of(segments, self._pens))
        before, runs = "", self._between(old, new)
        scroll = scroll_between(old, new)
        if scroll is not None:
            moved = _moved(old, scroll, blank(columns, self._pens))
            scrolled = _scroll(scroll), self._between(moved, new)
            before, runs = min((before, runs), scrolled, key=_weight)
        self._rows = new
        return written(runs, columns, self._pens, before)

    def _between(self, old: Sequence[Row], new: Sequence[Row]) -> Runs:
        ordered: list[Run] = []
        free: list[Run] = []
        erases = self._erases_with_background
        for y, row in enumerate(new):
            if row is old[y] or row == old[y]:
                continue
            if row.graphemes or old[y].graphemes:
                ordered += all_runs(row, y, self._pens, erases_with_background=erases)
            else:
                free += changed_runs(old[y], row, y, self._pens, erases_with_background=erases)
        return Runs(ordered, free)


def _weight(written_how: tuple[str, Runs]) -> int:
    """About how many bytes it takes; exactly would be to write it."""
    before, runs = written_how
    return len(before) + sum(len(run.text) + _RUN_BYTES for run in (*runs.ordered, *runs.free))


def _moved(rows: Sequence[Row], scroll: Scroll, empty: Row) -> list[Row]:
    top, bottom, by = scroll
    inside = rows[top : bottom + 1]
    fresh = [empty] * min(abs(by), len(inside))
    inside = [*inside[by:], *fresh] if by > 0 else [*fresh, *inside[:by]]
    return [*rows[:top], *inside, *rows[bottom + 1 :]]


def _scroll(scroll: Scroll) -> str:
    """An index at the lower margin, or a reverse one at the upper: every terminal has these.

    With the plain pen: which background terminals fill in with differs, but for their own.
    """
    top, bottom, by = scroll
    move = f"\x1b[{bottom + 1}H" + "\x1bD" * by if by > 0 else f"\x1b[{top + 1}H" + "\x1bM" * -by
    return f"\x1b[{top + 1};{bottom + 1}r{move}\x1b[r"
