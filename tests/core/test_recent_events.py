"""A tail that begins anew brings nothing twice, whichever way the events came before."""

from __future__ import annotations

from lambdatui.core.logs import LogEvent
from lambdatui.core.recent_events import RecentEvents


def event(event_id: str, at_ms: int, message: str = "line") -> LogEvent:
    return LogEvent(event_id, at_ms, at_ms, "stream", message)


def brought(recent: RecentEvents, events: list[LogEvent]) -> list[LogEvent]:
    """What of a batch is new; it is remembered."""
    new = list(recent.unseen(events))
    recent.remember(new, max(event.timestamp_ms for event in events))
    return new


def test_what_was_shown_is_not_shown_again() -> None:
    """By its id; new events come through."""
    recent = RecentEvents()
    shown = [event(f"{number}", 1_000_000 + number) for number in range(5)]
    assert brought(recent, shown) == shown
    assert recent.resume_ms(1_000_004) == 880_004
    more = [*shown, event("5", 1_000_005)]
    assert brought(recent, more) == more[5:]


def test_what_live_tail_brought_is_known_by_what_it_says() -> None:
    """Its copy with an id is not news; of two equal lines one that was shown is one."""
    recent = RecentEvents()
    brought(recent, [event("live-1", 1_000_000, "same"), event("live-2", 1_000_001)])
    recent.resume_ms(1_000_001)
    stored = [event("a", 1_000_000, "same\n"), event("b", 1_000_000, "same\n"), event("c", 1_000_001)]
    assert [one.event_id for one in brought(recent, stored)] == ["b"]


def test_what_was_forgotten_is_not_asked_for() -> None:
    """Ten thousand events are remembered; a new tail begins behind what is not."""
    recent = RecentEvents()
    brought(recent, [event(f"{number}", 1_000_000 + number) for number in range(25_000)])
    assert recent.resume_ms(1_024_999) == 1_015_000
    by_and_by = RecentEvents()
    for start in range(1_000_000, 1_025_000, 100):
        brought(by_and_by, [event(f"{at_ms}", at_ms) for at_ms in range(start, start + 100)])
    assert by_and_by.resume_ms(1_024_999) == 1_015_000


def test_history_that_was_read_is_not_shown_again() -> None:
    """Read after what a tail brought, it lies before that; a new tail begins behind what finds no room."""
    recent = RecentEvents()
    recent.remember([event("new", 1_000_000)], 1_000_000)
    recent.remember_older([event("a", 990_000), event("b", 991_000)])
    assert recent.resume_ms(1_000_000) == 880_000
    brought = [event("a", 990_000), event("late", 990_500), event("b", 991_000), event("new", 1_000_000)]
    assert [one.event_id for one in recent.unseen(brought)] == ["late"]
    recent.remember_older([event(f"{number}", 900_000 + number) for number in range(10_000)])
    assert recent.resume_ms(1_000_000) == 910_000
