"""What the tail of CloudWatch Logs promises, on a simulated service in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest

from lambdatui.backends.aws.logs_calls import LogGroup
from lambdatui.backends.aws.logs_rate import CallRate, shared_rate
from lambdatui.core.errors import Denied, NotFound, Unreachable
from lambdatui.core.logs import Following, TailQuery, TailState
from tests.backends.aws.following import SINCE_MS, Shown, at, follow, logs_over
from tests.fixtures.simulated_logs import SimulatedLogs
from tests.fixtures.virtual_time import run_virtually

T = TypeVar("T")

FROM_START = TailQuery(("talks",), since_ms=SINCE_MS)


def played(service: SimulatedLogs, query: TailQuery = FROM_START, end_s: float = 60) -> Shown:
    """What a tail from the start of the run shows."""

    async def play() -> Shown:
        service.now_s()
        return await follow(logs_over(service), service, query, end_s)

    return run_virtually(play())


def later(service: SimulatedLogs, begin_s: float, act: Callable[[], Awaitable[T]]) -> T:
    """What `act` gives `begin_s` seconds into the run."""

    async def play() -> T:
        service.now_s()
        await asyncio.sleep(begin_s)
        return await act()

    return run_virtually(play())


def filled(service: SimulatedLogs, count: int, *, per_second: float = 10, burst: int = 1) -> SimulatedLogs:
    for number in range(count):
        service.put(at(number // burst * burst / per_second, event_id=f"{number:06}"))
    return service


def test_a_late_event_is_shown_once_within_its_minutes() -> None:
    """Behind newer ones that were shown already: where cursors of other tools have passed."""
    service = filled(SimulatedLogs(), 1_500)
    service.put(at(20, late_s=100, event_id="late"))
    assert played(service, end_s=160).ids.count("late") == 1


def test_many_events_of_one_millisecond_span_pages() -> None:
    """None is lost at the border, none comes twice."""
    service = filled(SimulatedLogs(page_events=10), 95, burst=95)
    assert sorted(played(service).ids) == [f"{number:06}" for number in range(95)]


def test_an_idle_hour_costs_little_and_the_first_event_after_it_is_shown() -> None:
    """Fewer than 450 calls; what comes then is shown within one pause."""
    service = SimulatedLogs()
    service.put(at(3_500, event_id="first"))
    shown = played(service, end_s=3_600)
    assert shown.ids == ["first"]
    assert len(service.calls_s) < 450
    assert shown.shown_s["first"] - 3_500 < 11


def test_a_day_idle_is_still_followed() -> None:
    """Nothing ends by itself."""
    service = SimulatedLogs()
    service.put(at(86_350, event_id="next day"))
    shown = played(service, end_s=86_400)
    assert shown.ids == ["next day"]
    assert len(service.calls_s) < 24 * 400


def test_a_poke_looks_at_once() -> None:
    """After an invocation an idle tail is as fast as a busy one."""
    service = SimulatedLogs()
    service.put(at(1_001, late_s=0.5, event_id="invoked"))

    async def play() -> Shown:
        service.now_s()
        logs = logs_over(service)
        asyncio.get_running_loop().call_later(1_001, logs.poke, "talks")
        return await follow(logs, service, FROM_START, 1_060)

    shown = run_virtually(play())
    assert shown.shown_s["invoked"] - 1_001 < 3


@pytest.mark.parametrize(
    ("code", "following"),
    [
        ("ThrottlingException", Following.THROTTLED),
        ("ServiceUnavailableException", Following.RECONNECTING),
        ("InternalFailure", Following.RECONNECTING),
        ("cut", Following.RECONNECTING),
        ("down", Following.RECONNECTING),
        ("ExpiredTokenException", Following.CREDENTIALS_EXPIRED),
        ("UnrecognizedClientException", Following.CREDENTIALS_EXPIRED),
        ("RequestTimeTooSkewed", Following.CLOCK_OFF),
    ],
)
def test_an_outage_is_a_state_and_loses_nothing(code: str, following: Following) -> None:
    """Five minutes of it: the pane says what and how far behind, then everything is there."""
    service = filled(SimulatedLogs(outages=[(10, 310, code)]), 3_200)
    shown = played(service, end_s=400)
    assert sorted(shown.ids) == [f"{number:06}" for number in range(3_200)]
    during = [state for second, state in shown.states if 20 < second < 310]
    assert {state.following for state in during} == {following}
    behind = [state.behind_s for state in during if state.behind_s is not None]
    assert behind == sorted(behind)
    assert behind[-1] > 250
    assert shown.states[-1][1].following is Following.FOLLOWING
    assert sum(10 <= second < 310 for second in service.calls_s) < 100


def test_a_call_that_takes_minutes_moves_no_clock() -> None:
    """What comes after it is shown as soon as ever, and what comes late is, too."""
    service = filled(SimulatedLogs(stalls=[(20, 200)]), 300, per_second=1)
    service.put(at(210, late_s=45, event_id="late"))
    shown = played(service, end_s=330)
    assert len(shown.ids) == 301
    assert shown.shown_s["000220"] < 225
    assert shown.shown_s["late"] < 290


def test_credentials_that_expired_name_the_command() -> None:
    """In the pane, while it waits for the login."""
    shown = played(SimulatedLogs(outages=[(5, 50, "ExpiredTokenException")]))
    assert any("aws sts get-caller-identity" in state.detail for _, state in shown.states)


def test_a_group_that_comes_later_is_waited_for() -> None:
    """No error: the group appears with the first invocation."""
    service = SimulatedLogs(missing=[(0, 30)])
    service.put(at(31, event_id="first"))
    shown = played(service)
    assert Following.WAITING_FOR_GROUP in {state.following for _, state in shown.states}
    assert shown.ids == ["first"]


def test_a_group_that_is_made_anew_is_followed() -> None:
    """Its old tokens are worth nothing; the new events are shown once."""
    service = filled(SimulatedLogs(page_events=7, missing=[(20, 25)]), 300)
    shown = played(service)
    assert sorted(shown.ids)[-50:] == [f"{number:06}" for number in range(250, 300)]
    assert len(set(shown.ids)) == len(shown.ids)


def test_a_permission_that_is_missing_is_named() -> None:
    """Waiting would not bring it."""
    with pytest.raises(Denied) as caught:
        played(SimulatedLogs(outages=[(0, 9, "AccessDeniedException")]))
    assert caught.value.permission == "logs:FilterLogEvents"


@pytest.mark.parametrize("since_ms", [SINCE_MS, None])
def test_a_group_that_may_not_be_read_ends_no_other_and_comes_back_by_itself(since_ms: int | None) -> None:
    """It is named with its function and the permission as long as it is so; then all that it has is shown, once."""
    service = filled(SimulatedLogs(denied={"/aws/lambda/other": [(0, 200)]}), 300, per_second=1)
    for number in range(300):
        service.put(at(number, event_id=f"o{number}", group="/aws/lambda/other"))
    shown = played(service, TailQuery(("talks", "other"), since_ms=since_ms), end_s=400)
    assert sorted(shown.ids) == sorted([*(f"{number:06}" for number in range(300)), *(f"o{n}" for n in range(300))])
    assert all(shown.shown_s[f"{number:06}"] - number < 12 for number in range(300))
    told = {state.words for second, state in shown.states if 5 < second < 200}
    assert told == {"without other: Not permitted: logs:FilterLogEvents"}
    assert shown.states[-1][1].words == ""
    assert len(service.calls_s) < 400


def test_a_permission_that_is_taken_and_given_again_loses_nothing() -> None:
    """What was written meanwhile is there afterwards; the other went on."""
    service = SimulatedLogs(denied={"/aws/lambda/other": [(60, 200)]})
    for number in range(300):
        service.put(at(number, event_id=f"{number}"))
        service.put(at(number, late_s=(number % 7) * 9, event_id=f"o{number}", group="/aws/lambda/other"))
    shown = played(service, TailQuery(("talks", "other"), since_ms=SINCE_MS), end_s=480)
    assert sorted(shown.ids) == sorted([*(str(number) for number in range(300)), *(f"o{n}" for n in range(300))])
    assert {state.words for second, state in shown.states if 75 < second < 200} == {
        "without other: Not permitted: logs:FilterLogEvents"
    }


def test_without_follow_the_rest_is_shown_and_what_is_missing_is_told() -> None:
    """A group that may not be read, a function that is gone and a group that is not there yet are three things."""
    service = filled(SimulatedLogs(denied={"/shared": [(0, 900)]}), 50)
    query = TailQuery(("talks", "a", "nope", "b"), follow=False)
    for asked in (query, replace(query, since_ms=SINCE_MS)):
        shown = later(service, 60, partial(follow, logs_over(service), service, asked, 900))
        assert len(shown.ids) == 50
        assert shown.states[-1][1].words == (
            "without a, b: Not permitted: logs:FilterLogEvents · without nope: Function not found: nope"
        )
        service.began_s = None
    service = filled(SimulatedLogs(missing=[(0, 900)]), 50)
    shown = later(service, 60, lambda: follow(logs_over(service), service, replace(query, since_ms=SINCE_MS), 900))
    assert shown.states[-1][1].missing == ("/aws/lambda/talks", "/shared")


def test_where_nothing_may_be_read_the_tail_ends_and_names_the_functions() -> None:
    """At once, and when the last permission is taken away."""
    for begin_s in (0, 60):
        denied: dict[str, list[tuple[float, float]]] = {}
        denied["/aws/lambda/other"], denied["/aws/lambda/talks"] = [(0, 900)], [(begin_s, 900)]
        with pytest.raises(Denied) as caught:
            played(SimulatedLogs(denied=denied), TailQuery(("talks", "other"), since_ms=SINCE_MS), end_s=900)
        assert "talks" in caught.value.title
        assert "other" in caught.value.title
        assert caught.value.permission == "logs:FilterLogEvents"
        assert "logs:FilterLogEvents" in caught.value.hint


def test_history_is_read_without_what_may_not_be_read() -> None:
    """Those that may be are; when one may be again, it is there from where the history was read to."""
    service = SimulatedLogs(denied={"/aws/lambda/other": [(0, 400)]})
    for number in range(300):
        service.put(at(number, event_id=f"{number}"))
        service.put(at(number, event_id=f"o{number}", group="/aws/lambda/other"))
    query = TailQuery(("talks", "other"), newest=50)

    async def act() -> tuple[list[str], list[str]]:
        logs = logs_over(service)
        shown = Shown()
        tail = asyncio.create_task(follow(logs, service, query, 600, shown))
        await asyncio.sleep(10)
        page = await logs.older(query, shown.events[0].timestamp_ms, 100)
        await tail
        with pytest.raises(Denied):
            service.denied["/aws/lambda/other"].append((500, 900))
            await logs.older(replace(query, function_names=("other",)), SINCE_MS, 100)
        return [event.event_id for event in page], shown.ids

    older, shown = later(service, 310, act)
    assert older == [f"{number}" for number in range(150, 250)]
    assert sorted(shown) == sorted([*(f"{number}" for number in range(250, 300)), *(f"o{n}" for n in range(150, 300))])


def test_no_function_of_that_name_is_not_found() -> None:
    """Never an endless wait for a typing mistake."""
    with pytest.raises(NotFound):
        played(SimulatedLogs(), TailQuery(("nope",)))


def test_a_flood_is_behind_and_skips_nothing() -> None:
    """More than the calls can carry for a while: the pane says how far, and all of it comes."""
    service = SimulatedLogs(page_events=100)
    filled(service, 6_000, per_second=400)
    shown = played(service, end_s=120)
    assert sorted(shown.ids) == [f"{number:06}" for number in range(6_000)]
    late = [state for _, state in shown.states if state.following is Following.CATCHING_UP]
    assert max(state.behind_s or 0 for state in late) > 3
    assert shown.states[-1][1].following is Following.FOLLOWING


@pytest.mark.parametrize("knows_order", [True, False])
def test_the_first_paint_shows_the_newest_and_older_ones_are_reached(knows_order: bool) -> None:
    """As many as asked for, then further back page by page, each event once, up to the beginning."""
    service = filled(SimulatedLogs(knows_order=knows_order), 2_500, burst=3)

    async def act() -> tuple[list[str], list[str]]:
        logs = logs_over(service)
        query = TailQuery(("talks",), newest=50, follow=False)
        first = (await follow(logs, service, query, 10_000)).events
        older: list[str] = []
        before_ms = first[0].timestamp_ms
        while page := await logs.older(query, before_ms, 400):
            assert 400 <= len(page) <= 402 or page[0].event_id == "000000"
            older = [event.event_id for event in page] + older
            before_ms = page[0].timestamp_ms
        return [event.event_id for event in first], older

    first, older = later(service, 300, act)
    assert first == [f"{number:06}" for number in range(2_448, 2_500)]
    assert older == [f"{number:06}" for number in range(2_448)]


def test_the_first_paint_takes_one_call_where_the_service_knows_the_order() -> None:
    """However long the log is."""
    service = filled(SimulatedLogs(page_events=10_000), 30_000)
    query = TailQuery(("talks",), newest=1_000, follow=False)
    shown = later(service, 4_000, lambda: follow(logs_over(service), service, query, 10_000))
    assert shown.ids == [f"{number:06}" for number in range(29_000, 30_000)]
    assert len(service.calls_s) == 1


def test_an_event_before_2024_is_reached() -> None:
    """Newest first is served for later times only."""
    service = filled(SimulatedLogs(), 5)
    service.put(at(-100_000_000, event_id="ancient"))

    async def act() -> list[str]:
        page = await logs_over(service).older(TailQuery(("talks",)), SINCE_MS + 10**9, 100)
        return [event.event_id for event in page]

    assert later(service, 60, act) == ["ancient", *(f"{number:06}" for number in range(5))]


def test_without_follow_the_tail_ends_after_the_last_event() -> None:
    """With several groups merged in the order of time."""
    service = filled(SimulatedLogs(page_events=50), 400)
    for number in range(300):
        service.put(at(number / 7, event_id=f"o{number}", group="/aws/lambda/other"))
    query = TailQuery(("talks", "other"), since_ms=SINCE_MS, until_ms=SINCE_MS + 39_900, follow=False)
    shown = later(service, 100, lambda: follow(logs_over(service), service, query, 10_000))
    stamps = [event.timestamp_ms for event in shown.events]
    assert stamps == sorted(stamps)
    assert len(stamps) == 400 + 280
    assert {event.function_name for event in shown.events} == {"talks", "other"}


def test_without_follow_an_outage_that_lasts_is_an_error() -> None:
    """Who waits for an end gets one; a short outage is waited out."""
    service = filled(SimulatedLogs(outages=[(100, 103, "cut")]), 10)
    query = TailQuery(("talks",), follow=False)
    assert len(later(service, 100, lambda: follow(logs_over(service), service, query, 10_000)).ids) == 10
    service = SimulatedLogs(outages=[(0, 9_000, "down")])
    with pytest.raises(Unreachable):
        played(service, query, end_s=9_000)


@pytest.mark.parametrize("since_ms", [SINCE_MS, None])
@pytest.mark.parametrize("dates", [True, False])
@pytest.mark.parametrize("quiet_s", [0, 400])
def test_a_tail_with_an_end_shows_what_comes_late_before_it_ends(
    since_ms: int | None, *, dates: bool, quiet_s: int
) -> None:
    """Up to the end, nothing beyond; it ends by itself within seconds, however seldom it looked before."""
    end_s = quiet_s + 20
    service = SimulatedLogs(dates=dates)
    expected = [f"{number}" for number in range(40)]
    for number in range(40, 200):
        service.put(at(quiet_s + number / 2, late_s=1.5, event_id=f"beyond-{number}"))
    for number in range(40):
        service.put(at(quiet_s + number / 2, late_s=1.5, event_id=f"{number}"))
    service.put(at(end_s - 0.1, late_s=8, event_id="late"))
    query = TailQuery(("talks", "other"), since_ms=since_ms, until_ms=SINCE_MS + end_s * 1000 - 1)

    async def act() -> tuple[Shown, float]:
        return await follow(logs_over(service), service, query, 10_000), service.now_s()

    shown, ended_s = later(service, 0, act)
    assert sorted(shown.ids) == sorted([*expected, "late"])
    assert end_s < ended_s < end_s + 20


def test_an_outage_that_outlasts_the_end_is_an_error() -> None:
    """It is waited out until then, and never forever; what could not be read is not passed over in silence."""
    service = SimulatedLogs(outages=[(5, 9_000, "down")])
    with pytest.raises(Unreachable):
        played(service, replace(FROM_START, until_ms=SINCE_MS + 60_000), end_s=9_000)
    assert 60 < max(service.calls_s) < 120


def test_functions_that_share_a_group_are_told_apart() -> None:
    """By the name in their streams; those of others are left out."""
    service = SimulatedLogs()
    for number, name in enumerate(("a", "b", "c")):
        stream = f"2026/09/01/{name}[$LATEST]0123"
        service.put(at(number + 1, event_id=name, group="/shared", stream=stream))
    shown = played(service, TailQuery(("a", "b"), since_ms=SINCE_MS), end_s=20)
    assert [(event.event_id, event.function_name) for event in shown.events] == [("a", "a"), ("b", "b")]
    assert played(service, TailQuery(("b",), since_ms=SINCE_MS), end_s=20).ids == ["b"]


@pytest.mark.parametrize(
    ("group", "functions", "stream", "owner"),
    [
        ("/aws/lambda/a", ("a",), "2026/09/01/[$LATEST]0123", "a"),
        ("/aws/lambda/a", ("b", "a"), "2026/09/01/[$LATEST]0123", "a"),
        ("/aws/lambda/a", ("a", "b"), "2026/09/01/b[7]0123", "b"),
        ("/aws/lambda/a", ("a",), "2026/09/01/b[7]0123", None),
        ("/shared", ("a",), "written-by-hand", "a"),
        ("/shared", ("a", "b"), "written-by-hand", ""),
        ("/shared", ("n" * 64,), f"2026/09/01/{'n' * 60}[$LATEST]0", "n" * 64),
    ],
)
def test_a_stream_tells_whose_it_is(group: str, functions: tuple[str, ...], stream: str, owner: str | None) -> None:
    """In the usual group of a function, in that of another, and in one that is shared."""
    assert LogGroup(group, functions).owner(stream) == owner


def test_a_flood_of_one_function_does_not_starve_another() -> None:
    """In one tail both get their turns of the calls."""
    service = SimulatedLogs(page_events=100)
    filled(service, 6_000, per_second=400)
    for number in range(20):
        service.put(at(number * 2, event_id=f"o{number}", group="/aws/lambda/other"))
    shown = played(service, TailQuery(("talks", "other"), since_ms=SINCE_MS), end_s=120)
    assert len(shown.ids) == 6_020
    lags = [shown.shown_s[f"o{number}"] - number * 2 for number in range(20)]
    assert max(lags) < 6


def test_all_tails_of_an_account_share_one_rate() -> None:
    """Twenty panes make three calls a second together, and each gets its turn."""
    service = SimulatedLogs()
    for number in range(200):
        service.put(at(number / 2, event_id=f"{number}"))

    async def play() -> list[Shown]:
        service.now_s()
        logs = logs_over(service)
        return list(await asyncio.gather(*(follow(logs, service, FROM_START, 130) for _ in range(20))))

    shown = run_virtually(play())
    assert all(len(one.ids) == len(set(one.ids)) == 200 for one in shown)
    spans = [later - earlier for earlier, later in zip(service.calls_s, service.calls_s[3:], strict=False)]
    assert min(spans) >= 1 - 1e-6
    assert shared_rate("123456789012", "eu-west-1") is shared_rate("123456789012", "eu-west-1")
    assert shared_rate("123456789012", "eu-west-1") is not shared_rate("123456789012", "us-east-1")


def test_a_rate_lets_three_through_and_then_one_by_one() -> None:
    """Never more than three in any second, in the order of asking."""
    rate = CallRate()
    assert [rate.reserve(10.0) for _ in range(7)] == [0, 0, 0, 1, 1, 1, 2]
    assert rate.reserve(11.5) == 0.5


def test_the_state_tells_how_old_what_is_shown_may_be() -> None:
    """The pause between two looks: short after activity, longer when it is quiet."""
    service = filled(SimulatedLogs(), 100)
    states = [state for _, state in played(service, end_s=600).states if state.following is Following.FOLLOWING]
    assert states[0] == TailState(Following.FOLLOWING, 1.5)
    assert [state.behind_s for state in states] == [1.5, 3.0, 5.0, 10.0]
