"""Decides what a tail reads next, and which of the events that it read are news.

A log service shows events late and out of order, so that "from the newest one on" loses some. A tail therefore looks
at an overlap of the past again and again, and drops what it has shown by its id. Looks reach back from what the
service had surely shown at the look before: an event that becomes visible `late_ms` after its own time is found,
however long the pauses between looks were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from lambdatui.core.logs import LogEvent

_CHEAP_EVENTS = 200
"""So many events may be read again for nothing: it costs less than another call."""
_DEAR_EVENTS = 5_000
_LEAST_OVERLAP_MS = 3_000
_CLOCK_S = 600.0
"""Two clocks drift apart by seconds a day: what was heard of the other one is good for so long, and as long again."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back looks go.

    Every look goes `overlap_ms` back, and every `late_every_s` seconds one goes `late_ms` back: the most that an
    event may be late and still be shown. When events are seen to come later than half of it, it grows, up to
    `most_late_ms`. `most_ids` bounds the memory: a log of so many events within `late_ms` reaches less far back.
    """

    overlap_ms: int = 10_000
    late_ms: int = 180_000
    late_every_s: float = 20.0
    most_late_ms: int = 600_000
    most_ids: int = 200_000


@dataclass(frozen=True, slots=True)
class Look:
    """A stretch of time to read, both ends inclusive, page by page; `end_ms` None: with all that is newer.

    `server_ms` is a moment that the service had surely passed when the look began, None when not known.
    """

    start_ms: int
    end_ms: int | None
    server_ms: int | None
    deep: bool


class TailWindow:
    """Owns the ids that a tail of one group has shown, and the moments up to which it has seen everything.

    Reads no clock: `now_s` is any clock that only moves forward. Nothing before `floor_ms` is ever asked for or let
    through: ids are forgotten below it only, so that no event comes twice.
    """

    def __init__(self, floor_ms: int = 0, reach: Reach | None = None) -> None:
        self.floor_ms = floor_ms
        self.reach = reach or Reach()
        self.late_ms = self.reach.late_ms
        self.ids = 0
        self._seen: dict[int, set[str]] = {}  # by the second of the event's time: forgetting costs nothing
        # The service's clock is at least this much ahead of `now_s`, as heard of late, and in the time before that.
        self._ahead_ms: float | None = None
        self._ahead_before_ms: float | None = None
        self._ahead_since_s = float("-inf")
        self._looked_ms: int | None = None
        self._settled_ms: int | None = None
        self._deep_due_s = float("-inf")
        self._open: list[Look] = []
        self._waits_ms: int | None = None  # a deep look that is through, while the urgent one of its time is not

    def hear(self, server_ms: int | None, now_s: float) -> None:
        """Take note of a moment that the service had passed at `now_s`: its own clock, or a time of ingestion."""
        if server_ms is None:
            return
        ahead_ms = server_ms - now_s * 1000
        if now_s - self._ahead_since_s > _CLOCK_S:
            self._ahead_before_ms, self._ahead_ms = self._ahead_ms, None
            self._ahead_since_s = now_s
        self._ahead_ms = ahead_ms if self._ahead_ms is None else max(self._ahead_ms, ahead_ms)

    def server_ms(self, now_s: float) -> int | None:
        """A moment that the service has surely passed at `now_s`; None when it was never heard of."""
        heard = [ahead_ms for ahead_ms in (self._ahead_ms, self._ahead_before_ms) if ahead_ms is not None]
        return int(now_s * 1000 + max(heard)) if heard else None

    def settle(self, server_ms: int | None, now_s: float) -> None:
        """Everything from `floor_ms` on that was visible at `server_ms` was read by other means."""
        self._looked_ms = self._settled_ms = server_ms
        self._deep_due_s = now_s + self.reach.late_every_s

    def begin(self, now_s: float) -> tuple[Look, ...]:
        """What to read now; the first of them is urgent, a second one fills the pauses.

        `complete` or `abandon` each of them.
        """
        looks = self._looks(now_s)
        self._open += looks
        return looks

    def complete(self, look: Look, now_s: float) -> None:
        """The look was read to its last page."""
        if look not in self._open:
            return
        self._open.remove(look)
        if look.server_ms is None:
            return
        if look.deep:
            self._deep_due_s = now_s + self.reach.late_every_s
        if look.end_ms is None:
            self._looked_ms = max(look.server_ms, self._looked_ms or 0)
            if look.deep or self._waits_ms == look.server_ms:
                self._settled_ms = max(look.server_ms, self._settled_ms or 0)
            self._waits_ms = None
        elif any(other.end_ms is None and other.server_ms == look.server_ms for other in self._open):
            self._waits_ms = look.server_ms  # the two of them cover that time only together
        else:
            self._settled_ms = max(look.server_ms, self._settled_ms or 0)
        self._forget()

    def abandon(self) -> None:
        """No look can be read to its end; later ones cover their time."""
        self._open.clear()
        self._waits_ms = None

    def reach_back(self, from_ms: int, before_ms: int, server_ms: int | None, events: Iterable[LogEvent]) -> None:
        """From now on let through what comes late from `from_ms` on, too, as far as late events are looked for.

        `events` are all from there up to `before_ms` that were visible at `server_ms`: they were read by other means.
        """
        if self._settled_ms is not None and server_ms is not None and before_ms >= self.floor_ms:
            # What became visible since then counts as late: no look that began later has covered that time.
            self._settled_ms = min(self._settled_ms, server_ms)
            if any(look.server_ms is None or look.server_ms > server_ms for look in self._open):
                self.abandon()
            self.floor_ms = min(self.floor_ms, max(from_ms, self._settled_ms - self.late_ms))
        self.fresh(events, following=False)

    def fresh(self, events: Iterable[LogEvent], *, following: bool = True) -> list[LogEvent]:
        """Those events that were never let through before, in time order.

        `following` says that they came as news: how late those are is how far back it pays to look.
        """
        fresh: list[LogEvent] = []
        floor_ms, seen = self.floor_ms, self._seen
        second, ids = -1, set[str]()
        for event in events:
            event_id, stamp = event.event_id, event.timestamp_ms
            if stamp < floor_ms:
                continue
            if stamp // 1000 != second:
                second = stamp // 1000
                ids = seen.setdefault(second, set())
            if event_id in ids:
                continue
            ids.add(event_id)
            fresh.append(event)
        if following and fresh:
            latest_ms = max(event.ingestion_ms - event.timestamp_ms for event in fresh)
            if latest_ms > self.late_ms // 2:
                self.late_ms = min(2 * latest_ms, max(self.reach.most_late_ms, self.reach.late_ms))
        self.ids += len(fresh)
        if self.ids > self.reach.most_ids:
            self._forget_oldest()
        fresh.sort(key=_time)
        return fresh

    def _looks(self, now_s: float) -> tuple[Look, ...]:
        server_ms = self.server_ms(now_s)
        if self._looked_ms is None or self._settled_ms is None:
            return (Look(self.floor_ms, None, server_ms, deep=True),)
        start_ms = max(self.floor_ms, self._looked_ms - self._overlap_ms(self._looked_ms))
        if now_s < self._deep_due_s or any(look.deep for look in self._open):
            return (Look(start_ms, None, server_ms, deep=False),)
        deep_ms = max(self.floor_ms, self._settled_ms - self.late_ms)
        if deep_ms >= start_ms or self._count(deep_ms, start_ms) <= _CHEAP_EVENTS:
            return (Look(min(deep_ms, start_ms), None, server_ms, deep=True),)
        return Look(start_ms, None, server_ms, deep=False), Look(deep_ms, start_ms, server_ms, deep=True)

    def _overlap_ms(self, from_ms: int) -> int:
        """Longer than `overlap_ms` while few events are read again for it, shorter when they are very many."""
        read = 0
        for second in range(self.late_ms // 1000):
            overlap_ms = second * 1000
            read += len(self._seen.get(from_ms // 1000 - second, ()))
            if (read > _CHEAP_EVENTS and overlap_ms >= self.reach.overlap_ms) or (
                read > _DEAR_EVENTS and overlap_ms >= _LEAST_OVERLAP_MS
            ):
                return overlap_ms
        return self.late_ms

    def _count(self, start_ms: int, end_ms: int) -> int:
        return sum(len(self._seen.get(second, ())) for second in range(start_ms // 1000, end_ms // 1000 + 1))

    def _forget(self) -> None:
        if self._settled_ms is None:
            return
        needed_ms = min([self._settled_ms - self.late_ms, *(look.start_ms for look in self._open)])
        if needed_ms <= self.floor_ms:
            return
        self.floor_ms = needed_ms
        self._drop([second for second in self._seen if second < needed_ms // 1000])

    def _forget_oldest(self) -> None:
        """Give up the oldest seconds, but none that the next look asks for again."""
        kept_ms = self._looked_ms - _LEAST_OVERLAP_MS if self._looked_ms is not None else None
        oldest: list[int] = []
        left = self.ids
        for second in sorted(self._seen)[:-1]:
            if left <= self.reach.most_ids * 3 // 4 or (kept_ms is not None and second * 1000 >= kept_ms - 1000):
                break
            left -= len(self._seen[second])
            oldest.append(second)
        if oldest:
            self.floor_ms = max(self.floor_ms, (oldest[-1] + 1) * 1000)
            self._drop(oldest)

    def _drop(self, seconds: list[int]) -> None:
        for second in seconds:
            self.ids -= len(self._seen.pop(second))


def newest(events: Sequence[LogEvent], count: int) -> Sequence[LogEvent]:
    """The newest `count` of `events`, which are in time order, and those of the same millisecond as the first of them.

    What is older can then be asked for by its time: nothing lies in between, and nothing comes twice.
    """
    if count <= 0:
        return ()
    if len(events) <= count:
        return events
    return [event for event in events if event.timestamp_ms >= events[-count].timestamp_ms]


_time: Callable[[LogEvent], int] = attrgetter("timestamp_ms")


def in_order(event: LogEvent) -> tuple[int, int, int, str]:
    """The place of an event among others: its time, then its ingestion, then its id.

    AWS's ids are numbers of one length; those of servers that count from 1 are not, and 9 comes before 10.
    """
    return event.timestamp_ms, event.ingestion_ms, len(event.event_id), event.event_id
