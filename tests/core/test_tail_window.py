"""The window of a tail: what it asks for again, and what it forgets."""

from __future__ import annotations

from lambdatui.core.logs import LogEvent
from lambdatui.core.tail_pace import FASTEST_S, SLOWEST_S, backoff_s, interval_s
from lambdatui.core.tail_window import Reach, TailWindow

NOON_MS = 1_790_000_000_000


def event(number: int, stamp_ms: int, late_ms: int = 300) -> LogEvent:
    return LogEvent(f"e{number}", stamp_ms, stamp_ms + late_ms, "stream", f"line {number}")


def settled(reach: Reach | None = None) -> TailWindow:
    window = TailWindow(NOON_MS - 3_600_000, reach)
    window.hear(NOON_MS, 0)
    window.settle(NOON_MS, 0)
    return window


def test_an_event_comes_once_and_in_its_place() -> None:
    """Whatever order pages have them in, and however often."""
    window = settled()
    assert [e.event_id for e in window.fresh([event(2, NOON_MS + 2), event(1, NOON_MS + 1)])] == ["e1", "e2"]
    assert [e.event_id for e in window.fresh([event(2, NOON_MS + 2), event(0, NOON_MS)])] == ["e0"]


def test_a_look_reaches_back_from_what_was_seen_not_from_the_newest_event() -> None:
    """An event from the future does not push the window past those of the present."""
    window = settled()
    window.fresh([event(1, NOON_MS + 7_200_000, late_ms=-7_200_000)])
    (look,) = window.begin(1.5)
    assert look.start_ms <= NOON_MS - 10_000
    assert look.end_ms is None


def test_an_hour_of_silence_does_not_widen_the_window() -> None:
    """The service's clock moves on by itself: what is asked for stays a few minutes."""
    window = settled()
    for tick in range(360):
        (look,) = window.begin(tick * 10.0)
        window.complete(look, tick * 10.0)
    (look,) = window.begin(3_600.0)
    assert NOON_MS + 3_600_000 - look.start_ms < 210_000


def test_after_an_outage_everything_since_is_looked_at() -> None:
    """And the lateness on top: the pause between two looks costs nothing of it."""
    window = settled()
    (look,) = window.begin(1.5)
    window.complete(look, 1.5)
    assert window.begin(901.5)[-1].start_ms <= NOON_MS + 1_500 - window.late_ms


def test_a_busy_log_is_looked_at_in_two_stretches_that_meet() -> None:
    """What is new at once, the past beside it: nothing is read twice, nothing is left between."""
    window = settled()
    window.fresh([event(n, NOON_MS - 120_000 + n * 10) for n in range(12_000)])
    urgent, past = window.begin(30.0)
    assert (urgent.end_ms, past.end_ms) == (None, urgent.start_ms)
    assert (urgent.deep, past.deep) == (False, True)


def test_a_past_that_is_read_before_the_present_settles_nothing_alone() -> None:
    """When the urgent look is given up, the next one covers its time too."""
    window = settled()
    window.fresh([event(n, NOON_MS - 120_000 + n * 10) for n in range(12_000)])
    urgent, past = window.begin(30.0)
    window.complete(past, 31.0)
    window.abandon()
    assert window.begin(32.0)[0].start_ms <= urgent.start_ms + 1000


def test_memory_is_bounded_and_nothing_comes_twice_for_it() -> None:
    """What was forgotten lies below the floor, and is never let through again."""
    window = settled(Reach(most_ids=1_000))
    events = [event(n, NOON_MS + n * 10, late_ms=20) for n in range(20_000)]
    for second in range(200):
        now_s = float(second)
        window.hear(NOON_MS + second * 1000, now_s)
        assert len(window.fresh(events[second * 100 : second * 100 + 100])) == 100
        for look in window.begin(now_s):
            window.complete(look, now_s)
    assert window.ids <= 1_300
    assert window.fresh(events) == []


def test_very_late_events_widen_the_window() -> None:
    """What was seen once may come again: the reach grows with it, up to its bound."""
    window = settled()
    window.fresh([event(1, NOON_MS, late_ms=150_000)])
    assert window.late_ms == 300_000
    window.fresh([event(2, NOON_MS, late_ms=3_600_000)])
    assert window.late_ms == 600_000


def test_the_pace_follows_what_happens() -> None:
    """Often after an event, seldom when quiet, and never longer than the bound after a failure."""
    assert interval_s(0) == FASTEST_S
    assert interval_s(100) == 5
    assert interval_s(86_400) == SLOWEST_S
    assert [backoff_s(n, 0) for n in (1, 2, 3, 4, 5, 50)] == [0.5, 1, 2, 4, 8, 10]
    assert backoff_s(5, 1) == 4


def test_a_clock_that_drifts_is_followed_both_ways() -> None:
    """A tail of days must not believe the service to be later than it is: it would look too late for late events."""
    window = TailWindow()
    for second in range(0, 86_400, 60):
        window.hear(1_000_000 + second * 1000 - second // 10, float(second))  # 0.1 ms a second
    told = window.server_ms(86_400.0)
    assert told is not None
    assert abs(told - (1_000_000 + 86_400_000 - 8_640)) < 250


def test_late_events_of_history_that_was_read_are_let_through() -> None:
    """From there on, as far as late ones are looked for; what was read is no news, and what is older stays away."""
    window = TailWindow(NOON_MS - 5_000)
    window.hear(NOON_MS, 0)
    window.settle(NOON_MS, 0)
    window.reach_back(NOON_MS - 60_000, NOON_MS - 5_000, NOON_MS + 1_000, [event(1, NOON_MS - 60_000)])
    late = [event(2, NOON_MS - 6_000, late_ms=30_000), event(3, NOON_MS - 60_001, late_ms=70_000)]
    assert [e.event_id for e in window.fresh([event(1, NOON_MS - 60_000), *late])] == ["e2"]
    assert window.begin(21.0)[-1].start_ms <= NOON_MS - 60_000
    window.reach_back(0, NOON_MS - 90_000, NOON_MS + 1_000, [event(4, NOON_MS - 95_000)])
    assert not window.fresh([event(5, NOON_MS - 91_000)]), "nobody has read what lies between"


def test_a_look_that_began_before_history_was_read_counts_for_nothing() -> None:
    """What became visible in the meantime is in neither of the two: it is looked for again."""
    window = settled(Reach(late_ms=60_000))
    window.floor_ms = NOON_MS
    (look,) = window.begin(30.0)
    window.reach_back(NOON_MS - 50_000, NOON_MS, NOON_MS + 5_000, ())
    window.complete(look, 31.0)
    assert window.begin(51.0)[-1].start_ms == NOON_MS - 50_000
