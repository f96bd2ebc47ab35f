"""Shows the lines of a log, the visible rows only, and keeps the reader's place while lines come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_filter import LogFilter
from lambdatui.core.log_lines import Level
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.order import EveryLine
from lambdatui.ui.logs.painter import LinePainter, Look
from lambdatui.ui.logs.place import Place, Row
from lambdatui.ui.output.hooks import LightOutput
from lambdatui.ui.scrollbar import WithScrollbar, thumb_rows

FRAME_S = 0.2
"""Log traffic repaints five times a second at most, the first line at once: a slow line must stay free for the answers
to keys. Half of the bytes and of the CPU of ten times, and nobody reads faster."""
_SHIFT_CELLS = 16
_WHEEL_ROWS = 3


Picture: TypeAlias = tuple[tuple[str, str], ...]
"""What stands in the middle of a view without lines: each row's text and the name of its style."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is on the screen now. Drawing reads nothing else, so a half-updated picture can't happen."""

    rows: tuple[Row, ...] = ()
    count: int = 0
    cursor: int = -1
    unseen: int = 0
    look: Look = field(default_factory=Look)
    picture: Picture = ()


class LogView(WithScrollbar, can_focus=True):
    """Owns the place in one `FollowedLog`: scrolling, following, cursor. Fetches nothing, changes no line.

    It neither has a virtual size nor animates: a batch of lines costs no layout, and a page one repaint.
    """

    DEFAULT_CSS = """
    LogView {
        height: 1fr; width: 1fr;
        & > .log-view--text { color: $foreground; }
        & > .log-view--time { color: $text-muted; }
        & > .log-view--muted { color: $text-muted; }
        & > .log-view--platform { color: $text-muted; }
        & > .log-view--platform-tag { color: $text-primary; }
        & > .log-view--info { color: $text-success; }
        & > .log-view--warning { color: $text-warning; text-style: bold; }
        & > .log-view--error { color: $text-error; text-style: bold; }
        & > .log-view--error-text { color: $text-error; }
        & > .log-view--match { color: $background; background: $warning; }
        & > .log-view--marked { background: $accent 9%; }
        & > .log-view--cursor { background: $primary 10%; }
        & > .log-view--badge { color: $background; background: $accent; text-style: bold; }
        & > .log-view--scrollbar { color: $scrollbar; }
        & > .log-view--gutter-none { color: $scrollbar; }
        & > .log-view--gutter-1 { color: $primary; }
        & > .log-view--gutter-2 { color: $success; }
        & > .log-view--gutter-3 { color: $accent; }
        & > .log-view--gutter-4 { color: $secondary; }
        &:focus > .log-view--cursor { background: $primary 26%; }
        &:ansi {
            & > .log-view--match { color: ansi_black; background: ansi_yellow; }
            & > .log-view--badge { color: ansi_black; background: ansi_yellow; }
            & > .log-view--marked { background: ansi_default; }
            & > .log-view--cursor { text-style: bold; background: ansi_default; }
        }
        &:ansi:focus > .log-view--cursor { text-style: reverse; background: ansi_default; }
    }
    """
    COMPONENT_CLASSES = {
        "log-view--text",
        "log-view--time",
        "log-view--muted",
        "log-view--platform",
        "log-view--platform-tag",
        "log-view--info",
        "log-view--warning",
        "log-view--error",
        "log-view--error-text",
        "log-view--match",
        "log-view--marked",
        "log-view--cursor",
        "log-view--badge",
        "log-view--scrollbar",
        "log-view--gutter-none",
        "log-view--gutter-1",
        "log-view--gutter-2",
        "log-view--gutter-3",
        "log-view--gutter-4",
    }
    BINDINGS = [
        Binding("enter", "open", "Open", id="logs.open", tooltip="Show the whole event at the cursor"),
        Binding("y", "copy", "Copy", id="logs.copy", tooltip="Copy the line at the cursor"),
        Binding("G,end", "follow", "Follow", id="logs.follow", tooltip="Go to the newest line and follow"),
        Binding("g,home", "first", "Oldest", id="logs.first", show=False, tooltip="Go to the oldest line"),
        Binding("k,up", "cursor(-1)", "Line up", id="logs.up", show=False),
        Binding("j,down", "cursor(1)", "Line down", id="logs.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="logs.page_up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", id="logs.page_down", show=False),
        Binding("left", "shift(-1)", "Left", id="logs.left", show=False, tooltip="Scroll to the left"),
        Binding("right", "shift(1)", "Right", id="logs.right", show=False, tooltip="Scroll to the right"),
    ]

    @dataclass
    class Copied(Message):
        """A line was asked for on the clipboard, as it arrived."""

        text: str

    @dataclass
    class Opened(Message):
        """The reader wants to see a whole event: its lines, the one under the cursor included."""

        lines: list[LogLine]

    @dataclass
    class FollowingChanged(Message):
        """The reader left the tail, or came back to it."""

        following: bool

    wrap: reactive[bool] = reactive(False)
    utc: reactive[bool] = reactive(True)
    marked: reactive[str] = reactive("")
    picture: reactive[Picture] = reactive(())

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._filter: LogFilter | None = None
        nothing = FollowedLog("", 1)
        self._place = Place(nothing, EveryLine(nothing.buffer), self._rows_of)
        self._was_following = True
        self._painter = LinePainter(self._component)
        self._frame = _Frame()
        self._timer: Timer | None = None
        self._painted_at = -FRAME_S
        self._shift = 0
        self._theme = 0

    # -- what others call

    @property
    def following(self) -> bool:
        """Whether the newest line is kept in view."""
        return self._place.following

    def show(self, log: FollowedLog) -> None:
        """Show another log, at the place where its reader left it."""
        self._place = Place(log, EveryLine(log.buffer), self._rows_of)
        self._filter = None
        self._painter.look_with(order=-1)  # the same positions, other lines
        self._shift = 0
        self.repaint()

    def show_only(self, found: LogFilter | None) -> None:
        """Show only the lines that `found` knows; None: every line. The reader's place stays as near as it can."""
        self._filter = found
        self._place.order = found if found is not None else EveryLine(self._place.log.buffer)
        self.repaint()

    def lines_came(self) -> None:
        """The log has changed: draw it, now or with the next frame, once the terminal shows the last one."""
        wait = self._painted_at + FRAME_S - self._clock()
        if wait <= 0:
            self._repaint_when_free()
        elif self._timer is None:
            self._timer = self.set_timer(wait, self._repaint_when_free)

    def _repaint_when_free(self) -> None:
        if isinstance(self.app, LightOutput):
            self.app.paint_traffic(self.repaint)
        else:
            self.repaint()

    def repaint(self) -> None:
        """Lay out what is visible now, and draw what of it has changed."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._painted_at = self._clock()
        if not self.size:
            return
        if self.following != self._was_following:
            self._was_following = self.following
            self.post_message(self.FollowingChanged(self.following))
        old, old_thumb, new = self._frame, self._thumb(), self._layout()
        self._frame = new
        if new == old:
            return
        if (new.rows, new.cursor, new.look, new.picture) != (old.rows, old.cursor, old.look, old.picture):
            self.refresh()
            return
        # Only the badge and the scrollbar have changed. Textual writes each row that a region touches whole, so name
        # as few rows as possible: on a slow line a frame of lines that are there already would be a waste.
        width, height = self.size
        changed = {height - 1} if new.unseen != old.unseen else set()
        changed |= set(range(*old_thumb)) ^ set(range(*self._thumb()))
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def jump(self, position: int) -> None:
        """Put the cursor on the line at `position` and bring it into view."""
        index = self._place.order.rank(position)
        if index < len(self._place.order) and self._place.order.position(index) == position:
            self._place.leave_tail()
            self._place.move_cursor(index)
            self.repaint()

    @property
    def cursor_position(self) -> int | None:
        """The position of the line under the cursor; None when there is no line."""
        index = self._place.cursor
        return self._place.order.position(index) if index >= 0 else None

    def is_shown(self, position: int) -> bool:
        """Whether the line at `position` is among those that show."""
        index = self._place.order.rank(position)
        return index < len(self._place.order) and self._place.order.position(index) == position

    # -- drawing

    def _component(self, name: str) -> Style:
        return self.get_component_rich_style(f"log-view--{name}")

    def notify_style_update(self) -> None:
        """Another theme, or another focus: nothing drawn before is valid."""
        super().notify_style_update()
        self._theme += 1
        if self.is_mounted:
            self.repaint()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Row `y` of the frame."""
        width = self.size.width
        text = self._component("text")
        frame = self._frame
        if not frame.rows:
            return self._picture_row(y).adjust_cell_length(width, text)
        if y >= len(frame.rows) or self._painter.look.width != width - 1:
            return Strip.blank(width, text)
        row = frame.rows[y]
        parts = self._painter.rows(row.line)
        strip = parts[min(row.part, len(parts) - 1)]
        if row.index == frame.cursor:
            strip = self._under_cursor(strip)
        if frame.unseen and y == self.size.height - 1:
            badge = f" ↓ {frame.unseen:,} new "
            room = max(width - 1 - len(badge), 0)
            strip = Strip.join([strip.crop(0, room), Strip([Segment(badge, self._component("badge"))])])
            strip = strip.crop(0, width - 1)
        return Strip.join([strip, self._scrollbar_cell(y)])

    def _picture_row(self, y: int) -> Strip:
        width, height = self.size
        row = y - max((height - len(self._frame.picture)) // 2, 0)
        if not 0 <= row < len(self._frame.picture):
            return Strip([])
        text, style = self._frame.picture[row]
        text = set_cell_size(text, min(cell_len(text), width))
        blank = " " * ((width - cell_len(text)) // 2)
        return Strip([Segment(blank, self._component("text")), Segment(text, self._component(style))])

    def _under_cursor(self, strip: Strip) -> Strip:
        """The row in the cursor's background; what matches the filter keeps its own, or it could not be read."""
        cursor, match = self._component("cursor"), self._component("match")
        if not self.app.native_ansi_color:
            over = Style(bgcolor=cursor.bgcolor)
        elif cursor.reverse:
            over = Style(color="default", bgcolor="default", reverse=True)
        else:
            over = Style(bold=cursor.bold)
        segments = [
            Segment(text, style + over if style is not None and style.bgcolor != match.bgcolor else style)
            for text, style, _ in strip
        ]
        return Strip(segments, strip.cell_length)

    def _thumb(self) -> tuple[int, int]:
        """The first row of the scrollbar's thumb and the row after its last; (0, 0) when all lines show."""
        frame, height = self._frame, self.size.height
        if not frame.rows:
            return 0, 0
        first, last = frame.rows[0].index, frame.rows[-1].index
        return thumb_rows(height, frame.count, last - first + 1, first)

    def _scrollbar_cell(self, y: int) -> Strip:
        start, stop = self._thumb()
        return Strip([Segment("▐" if start <= y < stop else " ", self._component("scrollbar"))], 1)

    # -- layout

    def _look(self) -> Look:
        return replace(
            self._painter.look,
            width=max(self.size.width - 1, 1),
            wrap=self.wrap,
            shift=0 if self.wrap else self._shift,
            utc=self.utc,
            pattern=self._filter.pattern if self._filter is not None else None,
            marked=self.marked,
            order=self._place.log.buffer.disordered,
            theme=self._theme,
        )

    def _rows_of(self, line: LogLine) -> int:
        return len(self._painter.rows(line)) if self.wrap else 1

    def _layout(self) -> _Frame:
        self._painter.look = look = self._look()
        place = self._place
        place.height = self.size.height
        rows = place.rows()
        # Who follows without the focus watches: a bar under the newest line would only flicker.
        cursor = place.cursor if self.has_focus or not place.following else -1
        return _Frame(rows, len(place.order), cursor, place.unseen, look, self.picture)

    # -- moving

    def action_cursor(self, lines: int) -> None:
        """Move the cursor; beyond the newest line the view follows again."""
        count = len(self._place.order)
        index = self._place.cursor + lines
        if index >= count:
            self._place.join_tail()
        elif count:
            self._place.leave_tail()
            self._place.move_cursor(max(index, 0))
        self.repaint()

    def action_page(self, pages: int) -> None:
        """A screenful up or down, with one row of overlap."""
        before = self._place.top if not self.following else None
        self._place.scroll(pages * max(self.size.height - 1, 1))
        if pages < 0 and before == self._place.top and len(self._place.order):
            self._place.move_cursor(0)
        self.repaint()

    def action_first(self) -> None:
        """To the oldest line."""
        if len(self._place.order):
            self._place.leave_tail()
            self._place.set_top(0, 0)
            self._place.move_cursor(0)
        self.repaint()

    def action_follow(self) -> None:
        """To the newest line, and stay there."""
        self._place.join_tail()
        self.repaint()

    def action_shift(self, steps: int) -> None:
        """Scroll sideways; not while lines are wrapped."""
        self._shift = max(self._shift + steps * _SHIFT_CELLS, 0)
        self.repaint()

    def action_copy(self) -> None:
        """Hand out the line under the cursor, as it arrived."""
        index = self._place.cursor
        if index >= 0:
            self.post_message(self.Copied(self._place.line(index).text))

    def action_open(self) -> None:
        """Hand out the event under the cursor."""
        position = self.cursor_position
        if position is not None:
            self.post_message(self.Opened(self._place.log.buffer.event(position)))

    def next_at_level(self, level: Level, *, forward: bool) -> bool:
        """Put the cursor on the next event of `level` or above that shows; False when there is no other."""
        position = self.cursor_position
        while position is not None:
            position = self._place.log.buffer.next_at_level(level, position, forward=forward)
            if position is not None and self.is_shown(position):
                self.jump(position)
                return True
        return False

    # -- the mouse, sizes, settings

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up."""
        event.stop()
        self._place.scroll(-_WHEEL_ROWS)
        self.repaint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down."""
        event.stop()
        if not self.following:
            self._place.scroll(_WHEEL_ROWS)
            self.repaint()

    def has_scrollbar(self) -> bool:
        """Whether there are more lines than fit."""
        return self._thumb() != (0, 0)

    def scroll_to_share(self, y: int) -> None:
        """Show the lines that row `y` of the scrollbar stands for; the last row follows."""
        height = self.size.height
        count = len(self._place.order)
        if y >= height - 1:
            self._place.join_tail()
        elif count:
            self._place.leave_tail()
            self._place.set_top(min(int(max(y, 0) / max(height - 1, 1) * count), count - 1), 0)
            self._place.keep_cursor_in_view()
        self.repaint()

    def on_click(self, event: events.Click) -> None:
        """The cursor goes where the click is; the second click opens the event, one on the badge follows."""
        frame = self._frame
        if event.x >= self.size.width - 1 or event.y >= len(frame.rows):
            return
        badge = len(f" ↓ {frame.unseen:,} new ")
        if frame.unseen and event.y == self.size.height - 1 and event.x >= self.size.width - 1 - badge:
            self.action_follow()
            return
        self.jump(frame.rows[event.y].line.position)
        if event.chain == 2:
            self.action_open()

    def on_resize(self) -> None:
        """Another size has room for other lines."""
        self.repaint()
        self.refresh()

    def watch_wrap(self) -> None:
        """Draw anew."""
        self._place.log.top_row = 0
        self.repaint()

    def watch_utc(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_picture(self) -> None:
        """Draw anew."""
        self.repaint()

    def watch_marked(self) -> None:
        """Draw anew."""
        self.repaint()
