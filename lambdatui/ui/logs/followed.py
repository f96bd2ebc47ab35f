"""A log of one or several functions as the reader left it: lines, place, and what a new tail must not bring twice."""

from __future__ import annotations

from collections.abc import Sequence

from lambdatui.core.buffer_invocations import BufferInvocations
from lambdatui.core.log_buffer import LogBuffer, Mark
from lambdatui.core.log_marks import LogMarks
from lambdatui.core.log_span import LoadedSpan
from lambdatui.core.log_texts import ColdTexts
from lambdatui.core.logs import LogEvent, TailQuery
from lambdatui.core.recent_events import RecentEvents
from lambdatui.ui.logs.older import Older
from lambdatui.ui.logs.order import EveryLine
from lambdatui.ui.logs.unfolded import UnfoldedLines


class FollowedLog:
    """Owns the buffer of some functions, and the reader's place in it: `top` is None while following the tail.

    `cursor` is the line that the keys act on, None for the newest; `anchor` is the other end of a selection, None
    without one; `seen` stands where the reader left the tail; `held` is the cursor, and the row of the screen in which
    its line stays until that moves; `unfolded` are the lines that show their whole record.
    """

    def __init__(self, function_names: tuple[str, ...], max_lines: int, texts: ColdTexts | None = None) -> None:
        self.function_names = function_names
        self.buffer = LogBuffer(max_lines, texts=texts)
        self.top: Mark | None = None
        self.top_row = 0
        self.cursor: Mark | None = None
        self.seen: Mark | None = None
        self.held: tuple[Mark, int] | None = None
        self.anchor: Mark | None = None
        self.unfolded = UnfoldedLines(self.buffer)
        self.marks = LogMarks(self.buffer)
        self.invocations = BufferInvocations(self.buffer)
        self.older = Older()
        self._recent = RecentEvents()
        self._span = LoadedSpan()

    @property
    def lines(self) -> int:
        """How many lines of the log there are to be read."""
        return self.marks.lines(EveryLine(self.buffer))

    def query(self) -> TailQuery:
        """What to ask of a tail: at first the newest events, later everything since the last time."""
        newest_ms = self.buffer.newest_ms
        if newest_ms is None:
            query = TailQuery(self.function_names)
            self._span.await_newest(query.newest)
            return query
        # What is older than the oldest line is history: a page of that is read when somebody goes there.
        since_ms = max(self._recent.resume_ms(newest_ms), self._span.begin_ms or 0)
        return TailQuery(self.function_names, since_ms=since_ms)

    def extend(self, events: Sequence[LogEvent]) -> None:
        """Take those of `events` that an earlier tail did not bring already."""
        events = self._span.within(self._recent.unseen(events))
        self.buffer.extend(events)
        if self.buffer.newest_ms is not None:
            self._recent.remember(events, self.buffer.newest_ms)

    def prepend(self, events: Sequence[LogEvent]) -> None:
        """Take history from before the oldest line, all that there is from its first event on; () at the beginning."""
        events = self._span.grow(events)
        self._recent.remember_older(events)
        before = self.buffer.first
        self.buffer.prepend(events)
        self.invocations.read_between(self.buffer.first, before)
