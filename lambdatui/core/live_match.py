"""Brings two accounts of one log together: one that is quick but names no events, and one that is complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from lambdatui.core.logs import LogEvent

_KEPT_S = 900.0
"""Longer than either of the two is behind the other."""

Key: TypeAlias = tuple[str, str, int, str]
LIVE_ID = "live-"
"""In the ids that we give to events which come without one."""


def key_of(event: LogEvent) -> Key:
    """What an event without an id is known by: its function, stream, time and message."""
    return event.function_name, event.stream, event.timestamp_ms, event.message.rstrip("\n")


class LiveMatch:
    """Lets each event through once, whichever of the two tells it first.

    An event is known by its function, stream, time and message, and counted: the same line twice in a millisecond is
    two. The clock is any that only moves forward.
    """

    def __init__(self) -> None:
        self._ahead: dict[Key, tuple[int, float]] = {}  # told by the quick one only, so far
        self._behind: dict[Key, tuple[int, float]] = {}  # told by the complete one only

    def live(self, events: Iterable[LogEvent], now_s: float) -> list[LogEvent]:
        """Of what the quick one tells, the news."""
        return self._news(events, self._behind, self._ahead, now_s)

    def polled(self, events: Iterable[LogEvent], now_s: float) -> list[LogEvent]:
        """Of what the complete one tells, the news."""
        return self._news(events, self._ahead, self._behind, now_s)

    @staticmethod
    def _news(
        events: Iterable[LogEvent],
        told: dict[Key, tuple[int, float]],
        waits: dict[Key, tuple[int, float]],
        now_s: float,
    ) -> list[LogEvent]:
        news: list[LogEvent] = []
        for event in events:
            key = key_of(event)
            count, since_s = told.pop(key, (0, now_s))
            if count:
                if count > 1:
                    told[key] = (count - 1, since_s)
                continue
            waiting, _ = waits.pop(key, (0, now_s))
            waits[key] = (waiting + 1, now_s)  # at the end: the front is the oldest
            news.append(event)
        for kept in (told, waits):
            while kept and now_s - next(iter(kept.values()))[1] > _KEPT_S:
                del kept[next(iter(kept))]
        return news
