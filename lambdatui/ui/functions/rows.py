"""Paints one row of the function list: the header, a function, a problem of the discovery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.fuzzy import matched_positions
from lambdatui.core.text import clean
from lambdatui.ui.functions.columns import (
    LEFT_ALIGNED,
    Column,
    Layout,
    Mark,
    ago,
    is_deprecated,
    memory_text,
    short_runtime,
    shorten,
    size_text,
    timeout_text,
)
from lambdatui.ui.functions.glances import Glances
from lambdatui.ui.functions.picks import Picks

PARTS = (
    "header",
    "sorted",
    "muted",
    "cursor",
    "cursor-blurred",
    "match",
    "match-cursor",
    "bar",
    "picked",
    "succeeded",
    "failed",
    "running",
    "warning",
    "scrollbar",
)
"""The styles that a row is made of, by the last word of their component class."""


@dataclass(frozen=True, slots=True)
class RowPainter:
    """What all rows of one frame share. `width` is that of a row, without the scrollbar.

    `sorted_by` is the sorted column and whether it is reversed, None while the rows are ranked by the filter.
    """

    width: int
    layout: Layout
    style: Callable[[str], Style]
    focused: bool
    query: str
    cached: bool
    last_used: Mapping[str, datetime]
    marks: Mapping[str, Mark]
    picks: Picks
    glances: Glances
    now: datetime
    sorted_by: tuple[Column, bool] | None

    def header(self) -> Strip:
        """The names of the columns; an arrow shows which way the sorted one goes."""
        layout, header = self.layout, self.style("header")
        segments = [Segment(" ", header), *self._heading(Column.NAME, layout.name_width, gap=False)]
        for column, cells in layout.columns:
            segments += self._heading(column, cells, gap=True)
        return self._strip(segments, header)

    def function(self, function: FunctionSummary, name: str, under_cursor: bool) -> Strip:
        """One function; `name` is its cleaned name."""
        base = self._base(under_cursor)
        quiet = base if under_cursor else self.style("muted")
        segments = [self._gutter(function, under_cursor, base)]
        segments += self._name(name, quiet if self.cached else base, under_cursor)
        for column, cells in self.layout.columns:
            text = _fitting(_TEXTS[column](self, function), cells)
            padding = " " * (cells - cell_len(text))
            text = text + padding if column in LEFT_ALIGNED else padding + text
            warns = not under_cursor and self._warns(column, function)
            segments += [Segment(" ", base), Segment(text, self.style("warning") if warns else quiet)]
        segments += [Segment(" ", base), self._mark(function, base)]
        return self._strip(segments, base)

    def problem(self, problem: WorkbenchError, under_cursor: bool) -> Strip:
        """One part of the source that could not be read; Enter opens its text."""
        base = self._base(under_cursor)
        title = " ".join(clean(problem.title).split())
        shown, _, _ = shorten(title, max(1, self.width - 3))
        warning = self.style("warning")
        text_style = base if under_cursor else warning
        return self._strip(
            [self._bar(under_cursor, base), Segment("! ", base + warning), Segment(shown, text_style)], base
        )

    def _heading(self, column: Column, cells: int, *, gap: bool) -> list[Segment]:
        header = self.style("header")
        left = column in LEFT_ALIGNED
        label = column.value
        if self.sorted_by is None or self.sorted_by[0] is not column:
            text = label[:cells].ljust(cells) if left else label.rjust(cells)
            return [Segment(" " * gap, header), Segment(text, header)]
        arrow = "▼" if self.sorted_by[1] else "▲"
        # A number's heading is as wide as its column: the arrow takes the gap before it.
        if left and len(label) + 2 <= cells:
            text, before = f"{label} {arrow}".ljust(cells), " " * gap
        else:
            text, before = (label[:cells].ljust(cells) if left else label.rjust(cells)), arrow * gap
            if not left and len(label) < cells:
                text, before = f"{arrow}{label}".rjust(cells), " "
        return [Segment(before, self.style("sorted")), Segment(text, self.style("sorted"))]

    def _name(self, name: str, style: Style, under_cursor: bool) -> list[Segment]:
        width = self.layout.name_width
        shown, first, last = shorten(name, width)
        padding = Segment(" " * (width - cell_len(shown)), style)
        positions = matched_positions(name, self.query) if self.query else frozenset()
        if not positions:
            return [Segment(shown, style), padding]
        match = style + self.style("match-cursor" if under_cursor else "match")
        gone = last - first
        segments = []
        for position, letter in enumerate(shown):
            if gone and position == first:
                # Matched letters that are left out show on the ellipsis.
                marked = any(first <= hidden < last for hidden in positions)
            else:
                marked = (position + gone - 1 if gone and position > first else position) in positions
            segments.append(Segment(letter, match if marked else style))
        return [*Segment.simplify(segments), padding]

    def _warns(self, column: Column, function: FunctionSummary) -> bool:
        if column is Column.RUNTIME:
            return is_deprecated(function.runtime, self.now)
        if column is Column.STATE:
            return bool(self.glances.trouble(function))
        return column is Column.RESERVED and self.glances.is_stopped(function)

    def _mark(self, function: FunctionSummary, base: Style) -> Segment:
        if function.problem or self.glances.trouble(function):
            return Segment("!", base + self.style("warning"))
        mark = self.marks.get(function.name)
        if mark is None:
            return Segment(" ", base)
        return Segment(mark.value, base + self.style(mark.name.lower()))

    def _base(self, under_cursor: bool) -> Style:
        if not under_cursor:
            return Style.null()
        return self.style("cursor" if self.focused else "cursor-blurred")

    def _gutter(self, function: FunctionSummary, under_cursor: bool, base: Style) -> Segment:
        # The cursor's row has a background too: a pick may stand where its bar would.
        return (
            Segment("◆", base + self.style("picked")) if function.name in self.picks else self._bar(under_cursor, base)
        )

    def _bar(self, under_cursor: bool, base: Style) -> Segment:
        return Segment("▌", base + self.style("bar")) if under_cursor else Segment(" ", base)

    def _strip(self, segments: list[Segment], style: Style) -> Strip:
        return Strip(segments).adjust_cell_length(self.width, style)


_TEXTS: Mapping[Column, Callable[[RowPainter, FunctionSummary], str]] = {
    # A deprecated runtime is marked not by its colour alone.
    Column.RUNTIME: lambda row, function: (
        short_runtime(function.runtime) + "!" * is_deprecated(function.runtime, row.now)
    ),
    Column.PLACE: lambda _row, function: function.place,
    Column.MEMORY: lambda _row, function: memory_text(function.memory_mb),
    Column.TIMEOUT: lambda _row, function: timeout_text(function.timeout_s),
    Column.ARCHITECTURE: lambda _row, function: function.architecture,
    Column.PACKAGE: lambda _row, function: function.package_type,
    Column.CODE_SIZE: lambda _row, function: size_text(function.code_size_bytes),
    Column.LAYERS: lambda _row, function: str(function.layer_count or ""),
    Column.STATE: lambda row, function: row.glances.state(function),
    Column.RESERVED: lambda row, function: row.glances.reserved(function),
    Column.MODIFIED: lambda row, function: ago(function.last_modified_at, row.now),
    Column.LAST_USED: lambda row, function: ago(row.last_used.get(function.name), row.now),
    Column.DESCRIPTION: lambda _row, function: " ".join(clean(function.description).split()),
}


def _fitting(text: str, cells: int) -> str:
    """`text` cut at its end to what fits."""
    if cell_len(text) <= cells:
        return text
    return f"{chop_cells(text, cells - 1)[0]}…" if cells > 1 else "…"
