"""Where the reader stands in a log: the rows that fit, the line under the cursor, following or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lambdatui.core.log_buffer import LogLine
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.order import LineOrder


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the screen: row number `part` of a line; `index` counts in the order that shows."""

    index: int
    line: LogLine
    part: int


class Place:
    """Moves a reader through the lines of `order`, `height` rows at a time; its state lives in the `FollowedLog`.

    Every step is relative to a line, never to a count from either end, so lines that come and go move nobody.
    Knows nothing of widgets and draws nothing: `rows_of` says how many rows a line takes.
    """

    def __init__(self, log: FollowedLog, order: LineOrder, rows_of: Callable[[LogLine], int]) -> None:
        self.log = log
        self.order = order
        self.height = 0
        self._rows_of = rows_of
        self._shown: tuple[Row, ...] = ()

    @property
    def following(self) -> bool:
        """Whether the newest line is kept in view."""
        return self.log.top is None

    @property
    def unseen(self) -> int:
        """How many lines came since the reader left the tail; 0 while following."""
        if self.log.seen is None or self.following:
            return 0
        return self.log.marks.lines(self.order, self.log.seen.position)

    @property
    def cursor(self) -> int:
        """The number of the line under the cursor; -1 when there is none."""
        count, cursor = len(self.order), self.log.cursor
        if cursor is None:
            return count - 1
        return min(self.order.rank(cursor.position), count - 1)

    @property
    def selected(self) -> tuple[int, int]:
        """The first and the last of the lines that are selected; (0, -1) when none is."""
        if self.log.anchor is None:
            return 0, -1
        anchor, cursor = self.order.rank(self.log.anchor.position), self.cursor
        return min(anchor, cursor), max(anchor, cursor)

    def line(self, index: int) -> LogLine:
        """Line number `index`."""
        return self.log.buffer.lines(self.order.position(index), 1)[0]

    def rows(self) -> tuple[Row, ...]:
        """What fits on the screen now."""
        count = len(self.order)
        rows = self._rows_to_end(count) if self.following else self._rows_from_top()
        if not self.following and len(rows) < self.height:
            rows = self._rows_to_end(count)
        self._shown = tuple(rows)
        return self._shown

    def _rows_to_end(self, count: int) -> list[Row]:
        rows: list[Row] = []
        index = count - 1
        while index >= 0 and len(rows) < self.height:
            line = self.line(index)
            rows += [Row(index, line, part) for part in reversed(range(self._rows_of(line)))]
            index -= 1
        return rows[: self.height][::-1]

    def _rows_from_top(self) -> list[Row]:
        index, part = self.top
        rows: list[Row] = []
        while index < len(self.order) and len(rows) < self.height:
            line = self.line(index)
            rows += [Row(index, line, number) for number in range(part, self._rows_of(line))]
            index, part = index + 1, 0
        return rows[: self.height]

    @property
    def top(self) -> tuple[int, int]:
        """The line at the top, and which of its rows."""
        top, row = self.log.top, self.held_row
        if top is None:
            return 0, 0
        if row is not None:
            return self._rows_above(self.cursor, row)
        index = min(self.order.rank(top.position), max(len(self.order) - 1, 0))
        part = self.log.top_row
        if part and len(self.order):
            # The line may be gone, or take fewer rows than it did.
            there = self.order.position(index) == top.position
            part = min(part, self._rows_of(self.line(index)) - 1) if there else 0
        return index, part

    @property
    def held_row(self) -> int | None:
        """The row of the screen in which the line under the cursor stays; None when its place follows from the top."""
        held = self.log.held
        return held[1] if held is not None and held[0] is self.log.cursor and len(self.order) else None

    def hold(self) -> None:
        """The line under the cursor, or the nearest that shows, stays in its row whatever else shows, until a move."""
        cursor = self.cursor
        if self.following or self.held_row is not None or self.log.cursor is None:
            return
        for number, row in enumerate(self._shown):
            if row.index == cursor:
                self.log.held = self.log.cursor, number - row.part
                return

    def _rows_above(self, index: int, rows: int) -> tuple[int, int]:
        """The line, and which of its rows, that stands so many rows above line number `index`."""
        part = max(-rows, 0) and min(-rows, self._rows_of(self.line(index)) - 1)
        while rows > 0 and index:
            index -= 1
            part = max(self._rows_of(self.line(index)) - rows, 0)
            rows -= self._rows_of(self.line(index)) - part
        return index, part

    def leave_tail(self) -> None:
        """Stop following: what is on the screen stays there."""
        if self.following:
            first = self._shown[0] if self._shown else None
            buffer = self.log.buffer
            cursor = self.cursor
            self.log.top = buffer.mark(first.line.position if first is not None else buffer.first)
            self.log.top_row = first.part if first is not None else 0
            self.log.seen = buffer.mark(buffer.end)
            if cursor >= 0:
                self.log.cursor = buffer.mark(self.order.position(cursor))

    def join_tail(self) -> None:
        """Follow: the newest line stays in view, and under the cursor."""
        if not self.following:
            self.log.top = self.log.seen = self.log.cursor = self.log.held = None

    def set_top(self, index: int, part: int) -> None:
        """Begin the screen with row `part` of line number `index`."""
        if index < len(self.order):
            self.log.top = self.log.buffer.mark(self.order.position(index))
            self.log.top_row = part
            self.log.held = None

    def scroll(self, rows: int) -> None:
        """Scroll by rows, up when negative. At the end the view follows again."""
        if not len(self.order):
            return
        self.leave_tail()
        index, part = self.top
        while rows < 0 and (index or part):
            step = min(part, -rows)
            part, rows = part - step, rows + step
            if rows < 0 and index:
                index, rows = index - 1, rows + 1
                part = self._rows_of(self.line(index)) - 1
        end = self._rows_to_end(len(self.order))
        last = (end[0].index, end[0].part)
        while rows > 0 and (index, part) < last:
            left = self._rows_of(self.line(index)) - 1 - part
            step = min(left, rows)
            part, rows = part + step, rows - step
            if rows > 0 and (index, part) < last:
                index, part, rows = index + 1, 0, rows - 1
        if rows > 0 or (index, part) > last:
            self.join_tail()
        else:
            self.set_top(index, part)
            self.keep_cursor_in_view()

    def _let_go(self) -> None:
        """The cursor moves, and what is on the screen stays."""
        if self.held_row is not None:
            self.set_top(*self.top)

    def keep_cursor_in_view(self) -> None:
        """Move the cursor to the nearest line that is on the screen."""
        shown = self._rows_from_top()
        if shown:
            cursor = min(max(self.cursor, shown[0].index), shown[-1].index)
            self.log.cursor = self.log.buffer.mark(self.order.position(cursor))

    def put_cursor(self, index: int) -> None:
        """Put the cursor on line number `index`, which is on the screen; what is there stays."""
        self.leave_tail()
        self._let_go()
        self.log.cursor = self.log.buffer.mark(self.order.position(index))

    def move_cursor(self, index: int) -> None:
        """Put the cursor on line number `index`, and bring that into view: from its first row on, if it is tall."""
        self._let_go()
        self.log.cursor = self.log.buffer.mark(self.order.position(index))
        shown = self._rows_from_top()
        if shown and index <= shown[0].index:
            self.set_top(index, 0)
        elif not shown or index >= shown[-1].index:
            rows = self._rows_to_end(index + 1)
            if rows[0].index == index:
                self.set_top(index, 0)
            elif not shown or (rows[0].index, rows[0].part) > (shown[0].index, shown[0].part):
                self.set_top(rows[0].index, rows[0].part)

    def jump(self, index: int) -> None:
        """Put the cursor on line number `index`: what comes from off the screen, a third down, below what led to it.

        Of an event that is too long for that the first line is at the top, if the screen has room for all up to there.
        """
        self.leave_tail()
        shown = [row.index for row in self.rows()]
        if index in shown[:-1] or (shown and index == shown[-1] and self._rows_of(self.line(index)) == 1):
            self.move_cursor(index)
            return
        self.log.cursor = self.log.buffer.mark(self.order.position(index))
        top = self._rows_above(index, self.height // 3)
        begins, rows = index, 0
        while begins and not self.line(begins).first and rows < self.height:
            begins -= 1
            rows += self._rows_of(self.line(begins))
        if rows < self.height:
            top = min(top, (begins, 0))
        self.set_top(*top)

    def step(self, lines: int) -> None:
        """Move the cursor a line up or down; row by row through one that is too tall to be seen whole.

        Beyond the newest line it follows again.
        """
        count, index = len(self.order), self.cursor + lines
        if self._goes_on(lines):
            self.scroll(lines)
        elif index >= count:
            self.join_tail()
        elif count:
            self.leave_tail()
            first, index = self.top[0], max(index, 0)
            rows = self._rows_of(self.line(index))
            if lines > 0 or rows <= self.height:
                self.move_cursor(index)
                return
            self.put_cursor(index)
            if index < first:
                self.set_top(index, rows - 1)

    def _goes_on(self, lines: int) -> bool:
        """Whether the line under the cursor is too tall to be seen whole, and goes on that way beyond the screen."""
        cursor = self.cursor
        if cursor < 0 or (rows := self._rows_of(self.line(cursor))) <= self.height:
            return False
        parts = [row.part for row in self.rows() if row.index == cursor]
        return bool(parts) and (parts[-1] < rows - 1 if lines > 0 else parts[0] > 0)
