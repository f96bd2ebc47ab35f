"""Reading in a log: the keys and the mouse move a place in it, and the lines stay while others come and go."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.message import Message

from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_lines import Level
from lambdatui.core.log_unfolding import unfolded
from lambdatui.ui.logs.canvas import LogCanvas
from lambdatui.ui.logs.order import Between, LineOrder

_SHIFT_CELLS = 16
_WHEEL_ROWS = 3
_COPIED_LINES = 10_000
"""More than any terminal's clipboard takes; what is larger is saved."""


class LogView(LogCanvas):
    """Owns the place in one `FollowedLog`: scrolling, following, cursor, selection. Fetches and finds nothing."""

    BINDINGS = [
        Binding("enter", "unfold", "Open", id="logs.unfold", tooltip="Unfold a JSON line, or fold it; open any other"),
        Binding(
            "o",
            "open",
            "Open whole",
            id="logs.open",
            show=False,
            tooltip="The event by itself: copy, edit it",
        ),
        Binding("y", "copy", "Copy", id="logs.copy", tooltip="Copy the line at the cursor, or those selected"),
        Binding("G,end", "follow", "Follow", id="logs.follow", tooltip="Go to the newest line and follow"),
        Binding("g,home", "first", "Oldest", id="logs.first", show=False, tooltip="Go to the oldest line"),
        Binding("k,up", "cursor(-1)", "Line up", id="logs.up", show=False),
        Binding("j,down", "cursor(1)", "Line down", id="logs.down", show=False),
        Binding("shift+up,K", "select(-1)", "Select up", id="logs.select_up", show=False, tooltip="Select lines, up"),
        Binding("shift+down,J", "select(1)", "Select down", id="logs.select_down", show=False, tooltip="Select lines"),
        Binding("escape", "unselect", "Unselect", id="logs.unselect", tooltip="Select no lines"),
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
    class TopReached(Message):
        """The reader wants to go beyond the oldest line."""

    # -- what others call

    def jump(self, position: int) -> None:
        """Put the cursor on the line at `position` and bring it into view, with what led to it."""
        index = self._place.order.rank(position)
        if index < len(self._place.order) and self._place.order.position(index) == position:
            self._place.jump(index)
            self.repaint()

    def stay(self) -> None:
        """Stay at the line under the cursor, whatever comes or shows next."""
        index, cursor = self._place.cursor, self._place.log.cursor
        if index >= 0 and (cursor is None or cursor.position != self._place.order.position(index)):
            self._place.put_cursor(index)

    @property
    def place(self) -> tuple[object, object]:
        """Where the reader is: another value as soon as they move, whatever lines come and go."""
        return self._place.log.top, self._place.log.cursor

    @property
    def cursor_position(self) -> int | None:
        """The position of the line under the cursor; None when there is no line."""
        index = self._place.cursor
        return self._place.order.position(index) if index >= 0 else None

    @property
    def cursor_line(self) -> LogLine | None:
        """The line under the cursor; None when there is none."""
        index = self._place.cursor
        return self._place.line(index) if index >= 0 else None

    @property
    def selection(self) -> Between | None:
        """The lines that are selected, whatever comes and goes around them; None when none is."""
        first, last = self._place.selected
        if last < first:
            return None
        order, mark = self._place.order, self._place.log.buffer.mark
        return Between(order, mark(order.position(first)), mark(order.position(last)))

    def jump_near(self, position: int) -> None:
        """Put the cursor on the line at `position`, or on the next one that shows."""
        count = len(self._place.order)
        if count:
            self.jump(self._place.order.position(min(self._place.order.rank(position), count - 1)))

    def is_shown(self, position: int) -> bool:
        """Whether the line at `position` is among those that show."""
        index = self._place.order.rank(position)
        return index < len(self._place.order) and self._place.order.position(index) == position

    # -- moving

    def action_cursor(self, lines: int) -> None:
        """Move the cursor; beyond the newest line the view follows again."""
        self._place.step(lines)
        self.repaint()
        if lines < 0:
            self._tell_top()

    def action_page(self, pages: int) -> None:
        """A screenful up or down, with one row of overlap."""
        before = self._place.top if not self.following else None
        self._place.scroll(pages * max(self.size.height - 1, 1))
        if pages < 0 and before == self._place.top and len(self._place.order):
            self._place.move_cursor(0)
        self.repaint()
        self._tell_top()

    def _tell_top(self) -> None:
        if not self.following and self._place.top == (0, 0):
            self.post_message(self.TopReached())

    def action_first(self) -> None:
        """To the oldest line."""
        if len(self._place.order):
            self._place.leave_tail()
            self._place.set_top(0, 0)
            self._place.move_cursor(0)
        self.repaint()
        self._tell_top()

    def action_follow(self) -> None:
        """To the newest line, and stay there."""
        self._place.join_tail()
        self.repaint()

    def action_shift(self, steps: int) -> None:
        """Scroll sideways; not while lines are wrapped."""
        self._shift = max(self._shift + steps * _SHIFT_CELLS, 0)
        self.repaint()

    def action_copy(self) -> None:
        """Hand out the line under the cursor, or those that are selected, as they arrived."""
        first, last = self._place.selected
        if last < first:
            first = last = self._place.cursor
        if first >= 0:
            lines = [self._place.line(index).text for index in range(first, min(last + 1, first + _COPIED_LINES))]
            self.post_message(self.Copied("\n".join(lines)))
            self.action_unselect()

    def action_select(self, lines: int) -> None:
        """Begin or extend a selection."""
        count, log = len(self._place.order), self._place.log
        if not count:
            return
        self._place.leave_tail()
        cursor = self._place.cursor
        if log.anchor is None:
            log.anchor = log.buffer.mark(self._place.order.position(cursor))
            self.refresh_bindings()
        self._place.move_cursor(min(max(cursor + lines, 0), count - 1))
        self.repaint()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """With nothing selected Esc is of use to whoever shows the lines."""
        return self._place.log.anchor is not None if action == "unselect" else True

    def action_unselect(self) -> None:
        """Select nothing."""
        if self._place.log.anchor is not None:
            self._place.log.anchor = None
            self.repaint()
            self.refresh_bindings()

    def action_unfold(self) -> None:
        """Unfold the record in the line under the cursor, or fold it again; open what holds none, or a huge one."""
        line, folds = self.cursor_line, self._place.log.unfolded
        if line is None:
            return
        if line.position in folds.positions:
            folds.fold(line.position)
        elif line.first and unfolded(line.text):
            folds.unfold(line.position)
        else:
            self.action_open()
            return
        self._place.leave_tail()
        self.use_look()
        self._place.move_cursor(self._place.order.rank(line.position))
        self.repaint()

    def action_open(self) -> None:
        """Hand out the event under the cursor."""
        position = self.cursor_position
        if position is not None:
            self.post_message(self.Opened(self._place.log.buffer.event(position)))

    def next_match(self, found: LineOrder, *, forward: bool) -> bool:
        """Put the cursor on the next line that `found` knows; False when there is no other."""
        position = self.cursor_position
        if position is None:
            return False
        rank = found.rank(position + 1) if forward else found.rank(position) - 1
        if not 0 <= rank < len(found):
            return False
        self.jump(found.position(rank))
        return True

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
        self._tell_top()

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
        """The cursor goes where the click is; the second click unfolds or opens it, one on the badge follows."""
        frame = self._frame
        if event.x >= self.size.width - 1:
            return
        badge = len(f" ↓ {frame.unseen:,} new ")
        y = event.y - (1 if frame.note else 0)
        if frame.unseen and event.y == self.size.height - 1 and event.x >= self.size.width - 1 - badge:
            self.action_follow()
            return
        if 0 <= y < len(frame.rows):
            position = frame.rows[y].line.position
            if self.is_shown(position):
                self._place.put_cursor(self._place.order.rank(position))
                self.repaint()
            if event.chain == 2:
                self.action_unfold()
