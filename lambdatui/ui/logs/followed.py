"""A log of one or several functions as the reader left it: lines, place, and what a new tail must not bring twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from lambdatui.core.log_buffer import LogBuffer, Mark
from lambdatui.core.log_invocations import InvocationIndex
from lambdatui.core.logs import LogEvent, TailQuery
from lambdatui.ui.logs.older import Older

_OVERLAP_MS = 120_000
_REMEMBERED_EVENTS = 10_000


class FollowedLog:
    """Owns the buffer of some functions, and the reader's place in it: `top` is None while following the tail.

    `cursor` is the line that the keys act on, None for the newest; `anchor` is the other end of a selection, None
    without one; `seen` stands where the reader left the tail.
    """

    def __init__(self, function_names: tuple[str, ...], max_lines: int) -> None:
        self.function_names = function_names
        self.buffer = LogBuffer(max_lines)
        self.top: Mark | None = None
        self.top_row = 0
        self.cursor: Mark | None = None
        self.seen: Mark | None = None
        self.anchor: Mark | None = None
        self.invocations = InvocationIndex()
        self.older = Older()
        self._recent: deque[tuple[int, str]] = deque()
        self._known: set[str] = set()
        self._forgotten_ms = 0

    def query(self) -> TailQuery:
        """What to ask of a tail: at first the newest events, later everything since the last time."""
        newest_ms = self.buffer.newest_ms
        if newest_ms is None:
            return TailQuery(self.function_names)
        # Behind what is remembered an event can't be told from a repeated one.
        since_ms = max(newest_ms - _OVERLAP_MS, self._forgotten_ms)
        self._known = {event_id for _, event_id in self._recent}
        return TailQuery(self.function_names, since_ms=since_ms)

    def extend(self, events: Sequence[LogEvent]) -> None:
        """Take those of `events` that an earlier tail did not bring already."""
        if self._known:
            events = [event for event in events if event.event_id not in self._known]
        self._recent.extend((event.timestamp_ms, event.event_id) for event in events[-_REMEMBERED_EVENTS:])
        if len(events) > _REMEMBERED_EVENTS:
            self._forgotten_ms = max(self._forgotten_ms, events[-_REMEMBERED_EVENTS - 1].timestamp_ms + 1)
        while len(self._recent) > _REMEMBERED_EVENTS:
            self._forgotten_ms = max(self._forgotten_ms, self._recent.popleft()[0] + 1)
        self.buffer.extend(events)
        self.invocations.extend(events)

    def prepend(self, events: Sequence[LogEvent]) -> None:
        """Take history from before the oldest line."""
        self.buffer.prepend(events)
        self.invocations.extend(events)
