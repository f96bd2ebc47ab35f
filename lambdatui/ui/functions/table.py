"""The list of functions: paints the visible rows and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.function_query import parse_query
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.fuzzy import FuzzyFilter
from lambdatui.core.text import clean
from lambdatui.ui.functions.columns import (
    Column,
    Layout,
    Mark,
    displayed,
    lay_out,
    natural_widths,
    sort_key,
)
from lambdatui.ui.functions.glances import NOTHING_READ, Glances
from lambdatui.ui.functions.picks import Picks
from lambdatui.ui.functions.rows import PARTS, RowPainter
from lambdatui.ui.later import Later
from lambdatui.ui.rows import Rows

Row: TypeAlias = FunctionSummary | WorkbenchError

REST_S = 0.08
"""While rows pass faster than this (a key is held), only the row on which the cursor rests is told."""


class FunctionTable(Rows):
    """Shows functions, says which one is under the cursor. Fetches nothing, and paints only what is visible.

    The cursor stays on its function (by name) while the list is filtered, sorted or read again. Problems of
    the discovery are rows after the last function.
    """

    DEFAULT_CSS = """
    FunctionTable {
        height: 1fr;
        & > .function-table--header { color: $text-muted; }
        & > .function-table--sorted { color: $foreground; text-style: bold; }
        & > .function-table--notice { color: $foreground; }
        & > .function-table--muted { color: $text-muted; }
        & > .function-table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style; }
        & > .function-table--cursor-blurred { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
        & > .function-table--match { color: $text-accent; text-style: bold underline; }
        & > .function-table--match-cursor { text-style: bold underline; }
        & > .function-table--bar { color: $accent; }
        & > .function-table--picked { color: $accent; text-style: bold; }
        & > .function-table--succeeded { color: $text-success; }
        & > .function-table--failed { color: $text-error; }
        & > .function-table--running { color: $text-accent; text-style: bold; }
        & > .function-table--warning { color: $text-warning; }
        & > .function-table--scrollbar { color: $foreground 35%; }
        &:ansi > .function-table--cursor, &:ansi > .function-table--match-cursor { text-style: reverse bold; background: transparent; color: $foreground; }
        &:ansi > .function-table--muted, &:ansi > .function-table--header { color: ansi_default; text-style: dim; }
        &:ansi > .function-table--scrollbar { color: ansi_bright_black; }
        &:ansi > .function-table--cursor-blurred { text-style: bold; }
    }
    """  # noqa: E501

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"function-table--{part}" for part in (*PARTS, "notice")}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="functions.up", tooltip="One function up"),
        Binding("down,j", "move(1)", "Down", show=False, id="functions.down", tooltip="One function down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="functions.page_up", tooltip="A page up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="functions.page_down", tooltip="A page down"),
        Binding("home,g", "edge(-1)", "First", show=False, id="functions.first", tooltip="The first function"),
        Binding("end,G", "edge(1)", "Last", show=False, id="functions.last", tooltip="The last function"),
    ]

    HEADER_ROWS = 1

    @dataclass
    class Highlighted(Message):
        """The cursor rests on another function, or on none."""

        function: FunctionSummary | None

    @dataclass
    class Chosen(Message):
        """A row was chosen with Enter or a double click."""

        row: Row

    @dataclass
    class RowsChanged(Message):
        """Other rows are shown: `shown` of `total` functions match."""

        shown: int
        total: int

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another row; told at once, unlike `Highlighted`."""

        row: Row | None

    @dataclass
    class Looked(Message):
        """These functions are on the screen, the one under the cursor first; told when the rows rest."""

        names: tuple[str, ...]

    functions: reactive[tuple[FunctionSummary, ...]] = reactive((), layout=False, repaint=False)
    problems: reactive[tuple[WorkbenchError, ...]] = reactive((), repaint=False)
    last_used: reactive[Mapping[str, datetime]] = reactive[Mapping[str, datetime]](dict, repaint=False)
    marks: reactive[Mapping[str, Mark]] = reactive[Mapping[str, Mark]](dict)
    picks: reactive[Picks] = reactive(Picks)
    glances: reactive[Glances] = reactive(NOTHING_READ)
    hidden_columns: reactive[frozenset[Column]] = reactive(frozenset)
    cached: reactive[bool] = reactive(False)
    query_text: reactive[str] = reactive("", repaint=False)
    notice: reactive[str] = reactive("")
    active: reactive[bool] = reactive(False)
    sort_column: reactive[Column] = reactive(Column.NAME, repaint=False)
    sort_reversed: reactive[bool] = reactive(False, repaint=False)

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._now = now
        self._names: list[str] = []
        self._index: dict[str, int] = {}
        self._order: list[int] = []
        self._rows: list[int] = []
        self._filter: FuzzyFilter | None = None
        self._ranked = True
        self._natural: dict[Column, int] = {}
        self._cursor_name: str | None = None
        self._rest = Later(self)
        self._look = Later(self)
        self._looked_at: tuple[str, ...] = ()
        self._told: FunctionSummary | None = None
        self._told_row: Row | None = None
        self._styles: dict[str, Style] = {}
        self._painter: RowPainter | None = None

    def on_mount(self) -> None:
        # Relative times grow old by themselves.
        self.set_interval(30, self._age)

    @property
    def row(self) -> Row | None:
        """What is under the cursor."""
        return self._row_at(self.cursor)

    @property
    def function(self) -> FunctionSummary | None:
        """The function under the cursor, None on a problem's row or in an empty list."""
        row = self.row
        return row if isinstance(row, FunctionSummary) else None

    @property
    def shown_names(self) -> list[str]:
        """The names of the functions that the filter leaves, in their order."""
        return [self.functions[index].name for index in self._rows]

    def select(self, name: str) -> bool:
        """Put the cursor on the function `name`; False when it is not shown."""
        for position, index in enumerate(self._rows):
            if self.functions[index].name == name:
                self.cursor = position
                return True
        return False

    def sort_by(self, column: Column) -> None:
        """Sort by `column`; by the same column again: the other way round."""
        ranked, self._ranked = self._ranked and bool(parse_query(self.query_text).words), False
        if column is self.sort_column and not ranked:
            self.sort_reversed = not self.sort_reversed
        else:
            self.set_reactive(FunctionTable.sort_reversed, False)
            self.sort_column = column
            self._reorder()

    def cycle_sort(self) -> None:
        """Sort by the next of the columns that are shown."""
        shown = [Column.NAME, *(column for column, _ in self._layout(self.row_width).columns)]
        here = shown.index(self.sort_column) if self.sort_column in shown else -1
        self.sort_by(shown[(here + 1) % len(shown)])

    def reverse_sort(self) -> None:
        """Sort the other way round."""
        self._ranked = False
        self.sort_reversed = not self.sort_reversed

    def watch_functions(self) -> None:
        functions = self.functions
        self._names = displayed((function.own_name for function in functions), clean)
        self._index = {function.name: index for index, function in enumerate(functions)}
        self._filter = None
        self._measure()
        self._reorder()

    def watch_glances(self, before: Glances, now: Glances) -> None:
        """More is known: what is sorted or filtered by it is arranged anew."""
        if before.offered != now.offered:
            self._measure()
        if self.sort_column in (Column.STATE, Column.RESERVED):
            self._reorder()
        elif parse_query(self.query_text).needs_details:
            self._refill()

    def watch_hidden_columns(self) -> None:
        self._measure()
        self.refresh()

    def watch_last_used(self) -> None:
        self._measure()
        if self.sort_column is Column.LAST_USED:
            self._reorder()
        self.refresh()

    def watch_problems(self) -> None:
        self._refill()

    def watch_query_text(self, before: str, now: str) -> None:
        if not before.strip():
            self._ranked = True
        self._refill(best_first=bool(now.strip()))

    def watch_sort_column(self) -> None:
        self._reorder()

    def watch_sort_reversed(self) -> None:
        self._reorder()

    def choose(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if (row := self.row) is not None:
            self._tell()
            self.post_message(self.Chosen(row))

    def on_resize(self) -> None:
        self._show_rests()
        self.refresh()  # what has been painted at this size already may begin at another row

    def on_click(self, event: events.Click) -> None:
        """A click on the header sorts."""
        if event.y == 0:
            self.sort_by(self._layout(self.row_width).column_at(event.x - 1))

    def row_clicked(self, event: events.Click) -> None:
        """A second click chooses."""
        if event.chain == 2:
            self.choose()

    def notify_style_update(self) -> None:
        self._styles.clear()
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        # Made anew for each frame: a moment, a width and a focus that its rows share.
        self._painter = self._make_painter()
        return super().render_lines(crop)

    def paint_header(self, y: int) -> Iterable[Segment]:
        """The columns, where there is something below them."""
        del y
        return self._frame_painter.header() if self.functions else ()

    def paint_row(self, number: int) -> Iterable[Segment]:
        """A function, or a problem."""
        row, painter = self._row_at(number), self._frame_painter
        if isinstance(row, FunctionSummary):
            return painter.function(row, self._names[self._rows[number]], number == self.cursor)
        return painter.problem(row, number == self.cursor) if row is not None else ()

    def paint_below(self, y: int) -> Iterable[Segment]:
        """The notice, in an empty list, one row below the header."""
        if self.row_count or not self.notice:
            return ()
        lines = [part for line in self.notice.split("\n") for part in wrap(line, self.size.width - 2) or [""]]
        if not 0 < y <= len(lines):
            return ()
        return [Segment(f" {lines[y - 1]}", self._style("notice" if y == 1 else "muted"))]

    def bar_style(self) -> Style:
        """The scrollbar's ink."""
        return self._style("scrollbar")

    @property
    def _frame_painter(self) -> RowPainter:
        return self._painter or self._make_painter()

    def _make_painter(self) -> RowPainter:
        width = self.row_width
        ranked = self._ranked and bool(parse_query(self.query_text).words)
        return RowPainter(
            width=width,
            layout=self._layout(width),
            style=self._style,
            focused=self.has_focus or self.active,
            query=parse_query(self.query_text).words,
            cached=self.cached,
            last_used=self.last_used,
            marks=self.marks,
            picks=self.picks,
            glances=self.glances,
            now=self._now(),
            sorted_by=None if ranked else (self.sort_column, self.sort_reversed),
        )

    def _measure(self) -> None:
        self._natural = natural_widths(
            self.functions, self.last_used, glances=self.glances.offered, hidden=self.hidden_columns
        )

    def _layout(self, width: int) -> Layout:
        # One cell for the cursor's bar, two for the mark.
        return lay_out(width - 3, self._natural)

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self.get_component_rich_style(f"function-table--{part}")
            if not part.startswith("cursor"):
                # Ink only: on the cursor's row these stand on its background.
                style = style.without_color + Style(color=style.color)
            self._styles[part] = style
        return style

    # Rows ------------------------------------------------------------------------------------------------------

    @property
    def row_count(self) -> int:
        """Functions, then problems."""
        return len(self._rows) + len(self._shown_problems)

    @property
    def _shown_problems(self) -> tuple[WorkbenchError, ...]:
        # Who filters looks for a function.
        return () if self.query_text.strip() else self.problems

    def _row_at(self, position: int) -> Row | None:
        if 0 <= position < len(self._rows):
            return self.functions[self._rows[position]]
        position -= len(self._rows)
        problems = self._shown_problems
        return problems[position] if 0 <= position < len(problems) else None

    def _reorder(self) -> None:
        key = sort_key(self.sort_column, self.last_used, self.glances)
        self._order = sorted(
            range(len(self.functions)), key=[key(f) for f in self.functions].__getitem__, reverse=self.sort_reversed
        )
        self._refill()

    def _refill(self, *, best_first: bool = False) -> None:
        query = parse_query(self.query_text)
        if query.words:
            if self._filter is None:
                self._filter = FuzzyFilter(self._names)
            found = self._filter.search(query.words)
            if self._ranked:
                self._rows = list(found)
            else:
                chosen = set(found)
                self._rows = [index for index in self._order if index in chosen]
        else:
            self._rows = self._order
        if query.terms:
            details, functions = self.glances.details, self.functions
            self._rows = [
                index for index in self._rows if query.holds(functions[index], details.get(functions[index].name))
            ]
        self._place_cursor(best_first=best_first)
        self.post_message(self.RowsChanged(len(self._rows), len(self.functions)))
        self.refresh()

    def _place_cursor(self, *, best_first: bool) -> None:
        index = None if self._cursor_name is None else self._index.get(self._cursor_name)
        if best_first and self._rows:
            # Typing looks for the best match: the cursor goes there.
            self._put(0, 0)
            self._cursor_name = self.functions[self._rows[0]].name
        elif index is not None and index in self._rows:
            position = self._rows.index(index)
            # The row stays where it is on the screen.
            self._put(position, position - self.cursor + self.top)
        else:
            self._put(max(0, min(self.cursor, self.row_count - 1)), self.top)
            if not self.query_text.strip() and (function := self.function) is not None:
                self._cursor_name = function.name
        self.keep_visible()
        self._after_move()
        self._show_rests()

    def _put(self, cursor: int, top: int) -> None:
        # All rows are other ones, and painted anyway.
        self.set_reactive(Rows.cursor, cursor)
        self.set_reactive(Rows.top, top)

    def cursor_moved(self) -> None:
        """The cursor stays on this function from now on."""
        if (function := self.function) is not None:
            self._cursor_name = function.name
        self._after_move()
        self._show_rests()

    def watch_top(self) -> None:
        """Other functions are on the screen."""
        self._show_rests()

    def keep_visible(self) -> None:
        """Nothing is left empty below the last row, either."""
        super().keep_visible()
        self.show_from(self.top)

    def _after_move(self) -> None:
        row = self.row
        if row is not self._told_row:
            self._told_row = row
            self.post_message(self.CursorMoved(row))
        if not self._rest.due:
            self._tell()
        self._rest.call(REST_S, self._tell)

    def _show_rests(self) -> None:
        self._look.call(REST_S, self._look_again)

    def _look_again(self) -> None:
        page = [self.cursor, *(row for row in range(self.top, self.top + self.page) if row != self.cursor)]
        rows = [row for row in map(self._row_at, page) if isinstance(row, FunctionSummary)]
        names = tuple(row.name for row in rows)
        if names != self._looked_at:
            self._looked_at = names
            self.post_message(self.Looked(names))

    def _tell(self) -> None:
        function = self.function
        if function != self._told:
            self._told = function
            self.post_message(self.Highlighted(function))

    def _age(self) -> None:
        if self.last_used:
            self.refresh()
