"""Shows the invocations of a log, a row each, and keeps the reader's row while others come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.core.invocation_order import InvocationOrder, SortBy
from lambdatui.core.invocation_query import InvocationQuery
from lambdatui.core.log_invocations import LONGEST_S, Invocation, InvocationIndex, InvocationStatus
from lambdatui.ui.logs.invocation_rows import Cell, Field, RowWriter, columns
from lambdatui.ui.logs.paced import PacedView
from lambdatui.ui.logs.search import SLICE_S
from lambdatui.ui.scrollbar import scrollbar_cell

_STYLES = {InvocationStatus.RUNNING: "running", InvocationStatus.OK: "ok", InvocationStatus.NO_REPORT: "muted"}
_NOTHING = (("No invocation in these lines", "text"), ("START or REPORT of one brings its row", "muted"))
_NONE_FOUND = (("No invocation matches the filter", "text"), ("esc shows all", "muted"))
_ROWS_AT_ONCE = 64
_OVERDUE_S = 60
"""Where nothing comes, it is looked so often for what runs no more."""
_SORTED = {
    SortBy.DURATION: Field.DURATION,
    SortBy.BILLED: Field.BILLED,
    SortBy.MEMORY: Field.MEMORY,
    SortBy.COST: Field.COST,
}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is on the screen now."""

    rows: tuple[Invocation, ...] = ()
    first: int = 0
    count: int = 0
    cursor: int = -1
    note: str = ""


class InvocationList(PacedView, can_focus=True):
    """Owns the place in one `InvocationOrder`, the newest row at the bottom, or the one with most of a figure.

    The cursor stays on its invocation, and that on its row of the screen, until the reader moves it; on the last row it
    follows. Fetches nothing, opens no line.
    """

    DEFAULT_CSS = """
    InvocationList {
        height: 1fr; width: 1fr;
        & > .invocation-list--text { color: $foreground; }
        & > .invocation-list--muted { color: $text-muted; }
        & > .invocation-list--heading { color: $text-muted; text-style: bold; }
        & > .invocation-list--sorted { color: $text-accent; text-style: bold; }
        & > .invocation-list--ok { color: $text-success; }
        & > .invocation-list--running { color: $text-accent; text-style: bold; }
        & > .invocation-list--error { color: $text-error; text-style: bold; }
        & > .invocation-list--cold { color: $text-primary; }
        & > .invocation-list--cursor { background: $primary 10%; }
        & > .invocation-list--scrollbar { color: $scrollbar; }
        &:focus > .invocation-list--cursor { background: $primary 26%; }
        &:ansi > .invocation-list--cursor { text-style: bold; background: ansi_default; }
        &:ansi:focus > .invocation-list--cursor { text-style: reverse; background: ansi_default; }
    }
    """
    COMPONENT_CLASSES = {
        f"invocation-list--{part}"
        for part in ("text", "muted", "heading", "sorted", "ok", "running", "error", "cold", "cursor", "scrollbar")
    }
    BINDINGS = [
        Binding("enter", "open", "Its lines", id="invocations.open", tooltip="Show the lines of this invocation"),
        Binding("escape", "unfilter", "All", id="invocations.filter_clear", tooltip="Show every invocation again"),
        Binding("b", "leave", "By line", id="invocations.lines", tooltip="Read the log by line again"),
        Binding("escape", "leave", "By line", id="invocations.leave", show=False, tooltip="Back to the lines"),
        Binding("s", "sort", "Sort", id="invocations.sort", tooltip="By start, duration, billed, memory, or cost"),
        Binding("y", "copy", "Copy id", id="invocations.copy", tooltip="Copy the request id"),
        Binding("G,end", "newest", "Newest", id="invocations.newest", tooltip="Go to the newest, and follow"),
        Binding("g,home", "oldest", "Oldest", id="invocations.oldest", show=False, tooltip="Go to the oldest"),
        Binding("k,up", "move(-1)", "Up", id="invocations.up", show=False),
        Binding("j,down", "move(1)", "Down", id="invocations.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="invocations.page_up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="invocations.page_down", show=False),
    ]

    @dataclass
    class Opened(Message):
        """The reader wants the lines of this invocation."""

        invocation: Invocation

    @dataclass
    class TopReached(Message):
        """The reader wants to go beyond the oldest."""

    @dataclass
    class Left(Message):
        """The reader wants to read by line again."""

    @dataclass
    class Unfiltered(Message):
        """The reader wants to see all of them again."""

    @dataclass
    class Arranged(Message):
        """Others show, or in another order."""

    @dataclass
    class Counted(Message):
        """There are more, or fewer, than there were."""

    @dataclass
    class Copied(Message):
        """The request id was asked for on the clipboard."""

        text: str

    writer: reactive[RowWriter] = reactive(RowWriter)
    several: reactive[bool] = reactive(False)
    note: reactive[str] = reactive("", repaint=False)
    """What stands over the oldest one while that is in view, such as "loading older lines …"."""

    def __init__(self, clock: Callable[[], float] = monotonic, now_ms: Callable[[], int] = lambda: 0) -> None:
        super().__init__(clock)
        self.longest_s: Callable[[str], int] = lambda _: LONGEST_S
        """How long a function may run."""
        self._now_ms = now_ms
        self._order = InvocationOrder(InvocationIndex())
        self._looking = False
        self._counted = (0, 0)
        self._cursor: str | None = None
        self._row_of_cursor = 0
        self._last_rank = 0
        self._frame = _Frame()

    def on_mount(self) -> None:
        """What runs has an end, whether anything comes or not."""
        self.set_interval(_OVERDUE_S, self.lines_came)

    # -- what others call

    @property
    def following(self) -> bool:
        """Whether the newest row is kept in view."""
        return self._cursor is None

    @property
    def sort_by(self) -> SortBy:
        """What the rows are sorted by."""
        return self._order.sort_by

    @property
    def counts(self) -> tuple[int, int]:
        """How many show, and of how many. Where all do, the same twice: it is not asked for what nobody filters."""
        shown = len(self._order)
        return shown, shown if self._order.query is None else len(self._order.index)

    @property
    def filtered(self) -> bool:
        """Whether a filter hides some of them, or might."""
        return self._order.query is not None

    def show(self, index: InvocationIndex) -> None:
        """Show the invocations of another log; the filter and the order stay."""
        self._cursor = None
        self._arrange(index, self._order.query, self._order.sort_by)

    def find(self, query: InvocationQuery | None) -> None:
        """Show only those that are meant; None for all."""
        if query != self._order.query:
            self._arrange(self._order.index, query, self._order.sort_by)

    def repaint(self) -> None:
        """Lay out what is visible now, and draw it if it has changed."""
        self.begin_frame()
        if not self.size or not self.display:
            return
        self._order.index.give_up(self._now_ms(), self.longest_s)
        self._look()
        if self._counted != self.counts:
            self._counted = self.counts
            self.post_message(self.Counted())
        frame = self._layout()
        if frame != self._frame:
            self._frame = frame
            self.refresh()

    def go_to(self, request_id: str) -> None:
        """Put the cursor on one invocation, if it is known."""
        rank = self._order.rank(request_id)
        if rank is not None:
            self._put_cursor(rank)

    def next_failure(self, *, forward: bool) -> bool:
        """Put the cursor on the next invocation that failed; False when there is no other."""
        rank = self._rank()
        numbers = range(rank + 1, len(self._order)) if forward else range(rank - 1, -1, -1)
        found = next((number for number in numbers if self._order.row(number).status.failed), None)
        if found is not None:
            self._put_cursor(found)
        return found is not None

    # -- what shows

    def _arrange(self, index: InvocationIndex, query: InvocationQuery | None, sort_by: SortBy) -> None:
        self._order = InvocationOrder(index, query, sort_by, self.writer.cost_usd)
        self.repaint()
        self.refresh_bindings()

    def _look(self) -> None:
        """At the rows that came or changed, for a slice of time; at those that are left when keys had their turn."""
        began = self._clock()
        while left := self._order.step(_ROWS_AT_ONCE):
            if self._clock() - began >= SLICE_S:
                break
        if left and not self._looking:
            self._looking = True
            self.call_later(self._look_on)

    def _look_on(self) -> None:
        self._looking = False
        self._look()
        if self._looking:
            self.lines_came()
        else:
            self.repaint()
            self.post_message(self.Arranged())

    # -- layout

    @property
    def _height(self) -> int:
        return max(self.size.height - 1, 0)  # the heading takes the first row

    def _rank(self) -> int:
        """The number of the row under the cursor; -1 when there is no row."""
        last = len(self._order) - 1
        if self._cursor is None:
            return last
        rank = self._order.rank(self._cursor)
        return min(rank if rank is not None else self._last_rank, last)

    def _layout(self) -> _Frame:
        count, height, cursor = len(self._order), self._height, self._rank()
        by_start = self.sort_by is SortBy.STARTED
        note = self.note if by_start and height > 1 and self._first(cursor, height - 1) == 0 else ""
        height -= 1 if note else 0
        first = self._first(cursor, height)
        if not self.following:
            self._last_rank = cursor
        self._row_of_cursor = max(cursor - first, 0)
        rows = tuple(self._order.row(number) for number in range(first, min(first + height, count)))
        return _Frame(rows, first, count, cursor if self.has_focus or not self.following else -1, note)

    def _first(self, cursor: int, height: int) -> int:
        """The number of the row at the top, where there is room for so many."""
        count = len(self._order)
        if self.following:
            return max(count - height, 0)
        row = min(self._row_of_cursor, max(height - 1, 0))
        return max(min(cursor - row, count - height), 0)

    def _put_cursor(self, rank: int) -> None:
        count = len(self._order)
        if not count:
            return
        if rank >= count:
            self._cursor = None
        else:
            rank = max(rank, 0)
            before = self._rank()
            self._cursor = self._order.row(rank).request_id
            self._row_of_cursor = min(max(self._row_of_cursor + rank - before, 0), max(self._height - 1, 0))
        self.repaint()

    # -- drawing

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"invocation-list--{name}")

    def _cells(self) -> tuple[Cell, ...]:
        longest = 0
        if self.several:
            longest = max((cell_len(row.function_name) for row in self._frame.rows), default=0)
        return columns(max(self.size.width - 2, 1), longest)

    def render_line(self, y: int) -> Strip:
        """The heading, or one invocation."""
        width, text = self.size.width, self._style("text")
        frame = self._frame
        if not frame.rows:
            picture = _NONE_FOUND if len(self._order.index) else _NOTHING
            row = y - max((self.size.height - len(picture)) // 2, 0)
            words, name = picture[row] if 0 <= row < len(picture) else ("", "text")
            return Strip([Segment(words.center(width)[:width], self._style(name))]).adjust_cell_length(width, text)
        if y == 0:
            style = self._style("heading")
            cells = [self._heading(cell, style) for cell in self._cells()]
            return self._row(cells, style).adjust_cell_length(width, text)
        if frame.note and y == 1:
            return Strip([Segment(f" {frame.note}", self._style("muted"))]).adjust_cell_length(width, text)
        y -= 1 if frame.note else 0
        if y > len(frame.rows):
            return Strip.blank(width, text)
        invocation = frame.rows[y - 1]
        strip = self._row([self._cell(invocation, cell) for cell in self._cells()], text)
        strip = strip.adjust_cell_length(width - 1, text)
        if frame.first + y - 1 == frame.cursor:
            strip = self._under_cursor(strip)
        bar = scrollbar_cell(y - 1, frame.first, self._height, frame.count, self._style("scrollbar"))
        return Strip.join([strip, Strip([bar])])

    def _row(self, cells: list[tuple[str, Style]], blank: Style) -> Strip:
        segments = [Segment(" ", blank)]
        for number, (words, style) in enumerate(cells):
            segments += [Segment("  ", blank)] if number else []
            segments.append(Segment(words, style))
        return Strip(segments)

    def _heading(self, cell: Cell, style: Style) -> tuple[str, Style]:
        """The column that is sorted by has an arrow: its figures grow downwards."""
        if cell.field is not _SORTED.get(self.sort_by):
            return _fitted(cell.field.value, cell), style
        return _fitted(f"{cell.field.value} ▼", cell), self._style("sorted")

    def _cell(self, row: Invocation, cell: Cell) -> tuple[str, Style]:
        name = "text"
        if cell.field is Field.STATUS:
            name = _STYLES.get(row.status, "error")
        elif cell.field is Field.INIT:
            name = "cold"
        elif cell.field in (Field.STARTED, Field.REQUEST, Field.BILLED, Field.COST):
            name = "muted"
        return _fitted(self.writer.text(row, cell.field, cell.width), cell), self._style(name)

    def _under_cursor(self, strip: Strip) -> Strip:
        over = self.over_row(self._style("cursor"))
        return Strip([Segment(text, (style or Style()) + over) for text, style, _ in strip], strip.cell_length)

    # -- moving

    def action_move(self, rows: int) -> None:
        """Move the cursor; beyond the newest row the list follows again."""
        self._put_cursor(self._rank() + rows)
        self._tell_top(rows)

    def action_page(self, pages: int) -> None:
        """A screenful up or down."""
        step = pages * max(self._height - 1, 1)
        self._put_cursor(self._rank() + step)
        self._tell_top(step)

    def action_oldest(self) -> None:
        """To the oldest."""
        self._put_cursor(0)
        self._tell_top(-1)

    def _tell_top(self, rows: int) -> None:
        """Only in the order of their starts the first one is the oldest."""
        if rows < 0 and self._rank() <= 0 and self.sort_by is SortBy.STARTED:
            self.post_message(self.TopReached())

    def action_newest(self) -> None:
        """To the newest, and stay there."""
        self._cursor = None
        self.repaint()

    def action_open(self) -> None:
        """Hand out the invocation under the cursor."""
        if len(self._order):
            rank = self._rank()
            self._put_cursor(rank)  # it is this row that one comes back to
            self.post_message(self.Opened(self._order.row(rank)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Esc shows every invocation, then leads back to the lines."""
        return self._order.query is not None if action == "unfilter" else True

    def action_unfilter(self) -> None:
        """Every invocation again."""
        self.post_message(self.Unfiltered())

    def action_sort(self) -> None:
        """By the next figure, and by the start again after the last."""
        orders = list(SortBy)
        following = orders[(orders.index(self.sort_by) + 1) % len(orders)]
        self._arrange(self._order.index, self._order.query, following)
        self.post_message(self.Arranged())

    def action_leave(self) -> None:
        """Back to the lines."""
        self.post_message(self.Left())

    def action_copy(self) -> None:
        """Hand out its request id."""
        if len(self._order):
            self.post_message(self.Copied(self._order.row(self._rank()).request_id))

    # -- the mouse, sizes, settings

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up."""
        event.stop()
        self.action_move(-3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down."""
        event.stop()
        if not self.following:
            self.action_move(3)

    def has_scrollbar(self) -> bool:
        """Whether there are more rows than fit."""
        return self._frame.count > self._height

    def scroll_to_share(self, y: int) -> None:
        """Show what row `y` of the scrollbar stands for; the last one follows."""
        count = len(self._order)
        self._put_cursor(count if y >= self.size.height - 1 else max(y - 1, 0) * count // max(self._height, 1))

    def on_click(self, event: events.Click) -> None:
        """The cursor goes where the click is; the second click opens."""
        frame = self._frame
        y = event.y - (1 if frame.note else 0)
        if 0 < y <= len(frame.rows) and event.x < self.size.width - 1:
            self._put_cursor(frame.first + y - 1)
            if event.chain == 2:
                self.action_open()

    def on_resize(self) -> None:
        """Another size has room for other rows."""
        self.repaint()
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme, or another focus."""
        super().notify_style_update()
        if self.is_mounted:
            self.repaint()
            self.refresh()

    def watch_note(self) -> None:
        """Draw anew."""
        if self.is_mounted:
            self.repaint()

    def watch_writer(self) -> None:
        """Draw anew; what things cost may be another order."""
        if self._order.query is not None or self.sort_by is SortBy.COST:
            self._arrange(self._order.index, self._order.query, self.sort_by)
        self.refresh()


def _fitted(text: str, cell: Cell) -> str:
    """The text in exactly the cells of its column, an ellipsis where it was cut."""
    if cell_len(text) > cell.width:
        text = set_cell_size(text, max(cell.width - 1, 0)) + "…"
    blank = " " * max(cell.width - cell_len(text), 0)
    return blank + text if cell.right else text + blank
