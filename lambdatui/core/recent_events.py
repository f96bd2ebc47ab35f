"""Remembers the events that were shown last, so that a tail that begins anew brings none of them twice."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from operator import attrgetter
from typing import TypeAlias

from lambdatui.core.live_match import LIVE_ID, Key, key_of
from lambdatui.core.logs import LogEvent

_OVERLAP_MS = 120_000
_REMEMBERED = 10_000
_timestamp_ms, _event_id = attrgetter("timestamp_ms"), attrgetter("event_id")
_Identity: TypeAlias = "str | Key"


class RecentEvents:
    """Knows an event by its id; those of a batch that came without, by Live Tail, by stream, time and message."""

    def __init__(self) -> None:
        # A batch at a time, each with the time of the newest event by then: a flood is forgotten as fast as it came.
        self._batches: deque[tuple[int, list[_Identity]]] = deque()
        self._count = 0
        self._known: Counter[_Identity] = Counter()
        self._forgotten_ms = 0

    def resume_ms(self, newest_ms: int) -> int:
        """From where on a new tail has to look; ask `unseen` about what it brings."""
        self._known = Counter(identity for _, identities in self._batches for identity in identities)
        # Behind what is remembered an event can't be told from a repeated one.
        return max(newest_ms - _OVERLAP_MS, self._forgotten_ms)

    def unseen(self, events: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """Those that no earlier tail brought."""
        return [event for event in events if not self._is_known(event)] if self._known else events

    def remember(self, events: Sequence[LogEvent], newest_ms: int) -> None:
        """Remember a batch; `newest_ms` is the time of the newest event so far."""
        if len(events) > _REMEMBERED:
            self._forgotten_ms = max(self._forgotten_ms, 1 + max(map(_timestamp_ms, events[:-_REMEMBERED])))
            events = events[-_REMEMBERED:]
        live = len(events) > 0 and LIVE_ID in events[0].event_id
        self._batches.append((newest_ms, list(map(key_of, events) if live else map(_event_id, events))))
        self._count += len(events)
        while self._count - len(self._batches[0][1]) >= _REMEMBERED:
            forgotten_ms, identities = self._batches.popleft()
            self._count -= len(identities)
            self._forgotten_ms = max(self._forgotten_ms, forgotten_ms + 1)

    def remember_older(self, events: Sequence[LogEvent]) -> None:
        """Remember history, in time order, from before all others; a new tail begins behind what finds no room."""
        if not events:
            return
        if self._count + len(events) > _REMEMBERED:
            self._forgotten_ms = max(self._forgotten_ms, events[-1].timestamp_ms + 1)
        else:
            identities = [key_of(event) if LIVE_ID in event.event_id else event.event_id for event in events]
            self._batches.appendleft((events[-1].timestamp_ms, identities))
            self._count += len(events)

    def _is_known(self, event: LogEvent) -> bool:
        if self._known.get(event.event_id):
            return True
        key = key_of(event)
        if not self._known.get(key):
            return False
        self._known[key] -= 1
        return True
