"""From when on a log is here, and what comes late from before that."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from lambdatui.core.live_match import LIVE_ID, key_of
from lambdatui.core.logs import LogEvent

_PUT_ASIDE = 10_000
_timestamp_ms = attrgetter("timestamp_ms")


class LoadedSpan:
    """Owns the moment from which on every event of a log is here, and those that came late from before it.

    Such a late one shown alone would hide that what lies around it is missing: it waits for the history that it is
    part of. Of too many the oldest are forgotten; the history has them, too.
    """

    def __init__(self) -> None:
        self.begin_ms: int | None = None
        """What is older is history; None while there is none that is not here."""
        self._awaited = 0
        self._early: list[LogEvent] = []

    def await_newest(self, count: int) -> None:
        """A tail begins with the newest `count` events, or with all when there are fewer."""
        self._awaited = count

    def within(self, events: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """Of the next events of the tail, in time order, those that are not older than what is here."""
        if not events:
            return events
        if self._awaited:
            self.begin_ms = events[0].timestamp_ms if len(events) >= self._awaited else None
            self._awaited = 0
        begin_ms = self.begin_ms
        if begin_ms is None or events[0].timestamp_ms >= begin_ms:
            return events
        self._early += [event for event in events if event.timestamp_ms < begin_ms]
        self._early.sort(key=_timestamp_ms)
        del self._early[:-_PUT_ASIDE]
        return [event for event in events if event.timestamp_ms >= begin_ms]

    def grow(self, history: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """`history`, all that there is from its first event on, () at the beginning: with what came late meanwhile."""
        self.begin_ms = history[0].timestamp_ms if history else None
        begin_ms = self.begin_ms or 0
        came = [event for event in self._early if event.timestamp_ms >= begin_ms]
        if not came:
            return history
        self._early = [event for event in self._early if event.timestamp_ms < begin_ms]
        ids, keys = {event.event_id for event in history}, {key_of(event) for event in history}
        news = [event for event in came if event.event_id not in ids]
        news = [event for event in news if LIVE_ID not in event.event_id or key_of(event) not in keys]
        return sorted((*history, *news), key=_timestamp_ms)
