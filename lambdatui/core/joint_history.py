"""Several logs that are read at once, put into one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from lambdatui.core.logs import LogEvent
from lambdatui.core.tail_window import newest

_HELD_EVENTS = 20_000
_time = attrgetter("timestamp_ms")


class JointHistory:
    """Owns what logs brought while others may still bring what happened before it. Drops nothing but what is older
    than the first that is shown.

    With `count` so many newest of all together are the first; None: each tells everything from some moment on, in the
    order of time. A log is waited for until it has told its history, or is given up.
    """

    def __init__(self, names: Iterable[str], count: int | None) -> None:
        self._count = count
        self._shown = count is None
        self.first_ms: int | None = None
        """The time of the first event that was shown; None while there is none."""
        self._held: dict[str, list[LogEvent]] = {name: [] for name in names}
        self._awaited = set(self._held)
        self._told: set[str] = set()
        self._reached_ms: dict[str, int] = {}

    def is_late(self, name: str) -> bool:
        """Whether the others began without this log: its newest events are not all from where theirs begin."""
        return self._count is not None and self.first_ms is not None and name not in self._told

    def has_room(self, name: str) -> bool:
        """Whether more may come of this log: so much ahead of the others it may wait for them."""
        return not self._shown or len(self._held[name]) < _HELD_EVENTS

    def extend(self, name: str, events: Sequence[LogEvent]) -> None:
        """Events of one log; history comes in the order of time."""
        self._held[name] += events
        if events:
            self._reached_ms[name] = max(self._reached_ms.get(name, 0), events[-1].timestamp_ms)
            if self._shown:
                self._told.add(name)

    def told(self, name: str) -> None:
        """This log has no more history: what comes now is new."""
        self._awaited.discard(name)
        self._told.add(name)

    def give_up(self, name: str) -> None:
        """This log is not waited for any longer."""
        self._awaited.discard(name)

    def ready(self) -> tuple[LogEvent, ...]:
        """What may be shown now, in the order of time."""
        if not self._shown:
            if self._awaited or not self._told:
                return ()
            self._shown = True
            events = newest(self._taken(None), self._count or 0)
        elif not self._awaited:
            events = self._taken(None)
        elif self._awaited <= self._reached_ms.keys():
            events = self._taken(min(self._reached_ms[name] for name in self._awaited))
        else:
            return ()
        if events and self.first_ms is None:
            self.first_ms = events[0].timestamp_ms
        return tuple(events)

    def _taken(self, until_ms: int | None) -> list[LogEvent]:
        taken: list[LogEvent] = []
        for name, held in self._held.items():
            if not held:
                continue
            if until_ms is None:
                taken += held
                self._held[name] = []
            else:
                taken += [event for event in held if event.timestamp_ms <= until_ms]
                self._held[name] = [event for event in held if event.timestamp_ms > until_ms]
        taken.sort(key=_time)
        return taken
