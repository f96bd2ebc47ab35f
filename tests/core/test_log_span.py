"""The part of a log that is here, and what comes late from before it."""

from __future__ import annotations

from lambdatui.core.log_span import LoadedSpan
from lambdatui.core.logs import LogEvent


def event(at_ms: int, event_id: str = "") -> LogEvent:
    return LogEvent(event_id or f"{at_ms}", at_ms, at_ms, "stream", f"line {at_ms}\n", "f")


def test_what_came_late_waits_for_its_history() -> None:
    """It is told with the page that reaches so far, once, in its place; the page may have it under another id."""
    span = LoadedSpan()
    span.await_newest(2)
    assert span.within([event(100), event(101)]) == [event(100), event(101)]
    assert span.within([event(10), event(50), event(60, "live-1"), event(100, "again")]) == [event(100, "again")]
    assert list(span.grow([event(40), event(60), event(90)])) == [event(40), event(50), event(60), event(90)]
    assert span.begin_ms == 40
    assert span.within([event(45)]) == [event(45)]
    assert list(span.grow([])) == [event(10)]
    assert span.within([event(1)]) == [event(1)]


def test_a_log_that_is_here_from_its_beginning_shows_every_late_event() -> None:
    """When the newest events are fewer than were asked for there is no history."""
    span = LoadedSpan()
    span.await_newest(3)
    span.within([event(100), event(101)])
    assert span.begin_ms is None
    assert span.within([event(10)]) == [event(10)]
