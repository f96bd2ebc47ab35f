"""One function's log as the reader left it: lines, place, and what a new tail must not bring twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from lambdatui.core.log_buffer import LogBuffer, Mark
from lambdatui.core.logs import LogEvent, TailQuery

_OVERLAP_MS = 120_000
_REMEMBERED_EVENTS = 10_000


class FollowedLog:
    """Owns the buffer of one function, and the reader's place in it: `top` is None while following the tail.

    `cursor` is the line that the keys act on, None for the newest; `seen` stands where the reader left the tail.
    """

    def __init__(self, function_name: str, max_lines: int) -> None:
        self.function_name = function_name
        self.buffer = LogBuffer(max_lines)
        self.top: Mark | None = None
        self.top_row = 0
        self.cursor: Mark | None = None
        self.seen: Mark | None = None
        self._recent: deque[tuple[int, str]] = deque()
        self._known: set[str] = set()
        self._forgotten_ms = 0

    def query(self) -> TailQuery:
        """What to ask of a tail: at first the newest events, later everything since the last time."""
        newest_ms = self.buffer.newest_ms
        if newest_ms is None:
            return TailQuery((self.function_name,))
        # Behind what is remembered an event can't be told from a repeated one.
        since_ms = max(newest_ms - _OVERLAP_MS, self._forgotten_ms)
        self._known = {event_id for _, event_id in self._recent}
        return TailQuery((self.function_name,), since_ms=since_ms)

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
