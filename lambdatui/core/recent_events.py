"""Remembers the events that were shown last, so that a tail that begins anew brings none of them twice."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import chain, islice
from operator import attrgetter

from lambdatui.core.live_match import LIVE_ID, Key, key_of
from lambdatui.core.logs import LogEvent

_OVERLAP_MS = 120_000
_REMEMBERED = 10_000
_timestamp_ms, _event_id = attrgetter("timestamp_ms"), attrgetter("event_id")


class RecentEvents:
    """Knows an event by its id; one that came without, by Live Tail, by its stream, time and message."""

    def __init__(self) -> None:
        # Side by side: a tuple for each of a million events takes longer than storing its line.
        self._times: deque[int] = deque(maxlen=_REMEMBERED)
        self._identities: deque[str | Key] = deque(maxlen=_REMEMBERED)
        self._known: Counter[str | Key] = Counter()
        self._forgotten_ms = 0

    def resume_ms(self, newest_ms: int) -> int:
        """From where on a new tail has to look; call `unseen` with what it brings."""
        self._known = Counter(self._identities)
        # Behind what is remembered an event can't be told from a repeated one.
        return max(newest_ms - _OVERLAP_MS, self._forgotten_ms)

    def unseen(self, events: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """Those that no earlier tail brought; they are remembered."""
        if self._known:
            events = [event for event in events if not self._is_known(event)]
        times = list(map(_timestamp_ms, events))
        too_many = len(self._times) + len(times) - _REMEMBERED
        if too_many > 0:
            forgotten = max(islice(chain(self._times, times), too_many))
            self._forgotten_ms = max(self._forgotten_ms, forgotten + 1)
        self._times.extend(times)
        ids = list(map(_event_id, events))
        self._identities.extend(map(_identity, events) if LIVE_ID in "".join(ids) else ids)
        return events

    def _is_known(self, event: LogEvent) -> bool:
        if self._known.get(event.event_id):
            return True
        key = key_of(event)
        if not self._known.get(key):
            return False
        self._known[key] -= 1
        return True


def _identity(event: LogEvent) -> str | Key:
    return key_of(event) if LIVE_ID in event.event_id else event.event_id
