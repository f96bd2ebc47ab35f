"""One tail over two regions, each a simulated service of its own, in virtual time: nothing missing, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.together.logs import TogetherLogs
from lambdatui.backends.together.places import Places
from lambdatui.core import joint_history
from lambdatui.core.errors import Denied
from lambdatui.core.logs import Following, LogBatch, LogEvent, LogSource, TailQuery, TailState
from lambdatui.core.tail_window import Reach
from lambdatui.core.target import Backend, Target, TargetKind
from tests.backends.aws.following import SINCE_MS, at, logs_over
from tests.fixtures.simulated_logs import GROUP, SimulatedLogs
from tests.fixtures.virtual_time import run_virtually

NAMES = ("talks@north", "talks@south")
FROM_START = TailQuery(NAMES, since_ms=SINCE_MS)
NEWEST = TailQuery(NAMES, newest=20)
Parts = dict[str, SimulatedLogs]


def logs_of(parts: Parts) -> TogetherLogs:
    none: object = None
    target = Target(TargetKind.AWS, "together", "two", "/var/task")

    def backend(logs: LogSource) -> Backend:
        return Backend(target, none, none, logs, none, none)  # type: ignore[arg-type]  # nothing else is asked for

    reach = Reach(late_ms=60_000)
    return TogetherLogs(Places({place: backend(logs_over(service, reach)) for place, service in parts.items()}))


class Heard:
    """What a tail brought."""

    def __init__(self) -> None:
        self.batches: list[LogBatch] = []
        self.states: list[tuple[float, TailState]] = []

    @property
    def events(self) -> list[LogEvent]:
        return [event for batch in self.batches for event in batch.events]

    @property
    def ids(self) -> list[str]:
        return sorted(event.event_id for event in self.events)


async def listen(logs: TogetherLogs, parts: Parts, query: TailQuery, end_s: float, heard: Heard) -> None:
    """Until `end_s` of the run, or until it ends."""
    clock = next(iter(parts.values()))

    async def take() -> None:
        async for update in logs.tail(query):
            if isinstance(update, LogBatch):
                heard.batches.append(update)
            else:
                heard.states.append((clock.now_s(), update))

    taking = asyncio.create_task(take())
    done, _ = await asyncio.wait([taking], timeout=end_s - clock.now_s())
    if done:
        taking.result()
    else:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)


def heard_of(parts: Parts, query: TailQuery, begin_s: float, end_s: float) -> Heard:
    """What a tail hears that begins `begin_s` seconds into the run. A place that is 10 events ahead has to wait."""

    async def play() -> Heard:
        heard = Heard()
        for service in parts.values():
            service.now_s()
        await asyncio.sleep(begin_s)
        await listen(logs_of(parts), parts, query, end_s, heard)
        return heard

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint_history, "_HELD_EVENTS", 10)
        return run_virtually(play())


def ids_of(parts: Parts, first_ms: int = 0) -> list[str]:
    return sorted(
        f"{place}/{event.event_id}"
        for place, service in parts.items()
        for event in service.stored.get(GROUP, ())
        if event.timestamp_ms >= first_ms
    )


def both(north: Sequence[float], south: Sequence[float]) -> Parts:
    """Events at these seconds."""
    parts = {"north": SimulatedLogs(page_events=15), "south": SimulatedLogs(page_events=40, latency_s=0.5)}
    for service, moments in zip(parts.values(), (north, south), strict=True):
        for number, second in enumerate(moments):
            service.put(at(second, event_id=f"{number}"))
    return parts


moments = st.lists(st.integers(0, 90), max_size=80)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(moments, moments, st.integers(1, 60), st.booleans())
def test_what_there_is_comes_in_the_order_of_time_whatever_place_it_is_from(
    north: list[int], south: list[int], count: int, newest: bool
) -> None:
    """Without following: all since a moment, or the newest of all together, as many as were asked for."""
    parts = both(north, south)
    query = TailQuery(NAMES, None if newest else SINCE_MS, newest=count, follow=False)
    heard = heard_of(parts, query, 100, 10_000)
    stamps = [event.timestamp_ms for event in heard.events]
    assert stamps == sorted(stamps)
    shown = sorted(north + south)[-count:] if newest else sorted(north + south)
    assert heard.ids == (ids_of(parts, SINCE_MS + shown[0] * 1000) if shown else [])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.tuples(moments, moments),
    st.lists(st.tuples(st.sampled_from(["north", "south"]), st.floats(0, 90), st.floats(1, 60)), max_size=3),
    st.sampled_from(["denied", "cut", "ThrottlingException", "ExpiredTokenException"]),
    st.integers(1, 30),
    st.booleans(),
)
def test_trouble_in_one_place_loses_nothing_and_repeats_nothing(
    seconds: tuple[list[int], list[int]],
    outages: list[tuple[str, float, float]],
    trouble: str,
    count: int,
    newest: bool,
) -> None:
    """From the first event that is shown on, whichever place was not there when the tail began."""
    parts = both(*seconds)
    for place, start_s, length_s in outages:
        if trouble == "denied":
            parts["south"].denied.setdefault(GROUP, []).append((start_s, start_s + length_s))
        else:
            parts[place].outages.append((start_s, start_s + length_s, trouble))
    query = TailQuery(NAMES, None if newest else SINCE_MS, newest=count)
    heard = heard_of(parts, query, 30, 420)
    assert len(heard.ids) == len(set(heard.ids))
    first_ms = heard.events[0].timestamp_ms if heard.events and newest else 0
    assert set(ids_of(parts, first_ms + 1)) <= set(heard.ids)
    assert heard.states[-1][1].refused == ()


def test_a_busy_place_and_a_quiet_one_leave_no_gap_for_who_reads_back() -> None:
    """The newest of all together: what is older is history in both, and paging back reaches all of it."""
    parts = both([number / 10 for number in range(900)], [float(second) for second in range(0, 90, 9)])

    async def play() -> tuple[list[LogEvent], list[LogEvent]]:
        for service in parts.values():
            service.now_s()
        await asyncio.sleep(100)
        logs, heard = logs_of(parts), Heard()
        await listen(logs, parts, NEWEST, 110, heard)
        older: list[LogEvent] = []
        while page := await logs.older(NEWEST, (older or heard.events)[0].timestamp_ms, 50):
            older[:0] = page
        return older, heard.events

    older, events = run_virtually(play())
    assert len(events) == 20
    assert sorted(event.event_id for event in older + events) == ids_of(parts)
    stamps = [event.timestamp_ms for event in older + events]
    assert stamps == sorted(stamps)


def test_a_place_that_may_not_be_read_is_told_and_comes_back_by_itself() -> None:
    """With the function's name as it is here and the permission; the other place is followed all the time."""
    parts = both([float(second) for second in range(300)], [float(second) for second in range(300)])
    parts["south"].denied[GROUP] = [(0, 200)]
    heard = heard_of(parts, FROM_START, 0, 400)
    assert heard.ids == ids_of(parts)
    told = {state.words for second, state in heard.states if 5 < second < 200}
    assert told == {"without talks@south: Not permitted: logs:FilterLogEvents"}
    assert heard.states[-1][1].words == ""


def test_a_place_without_a_connection_holds_nothing_up() -> None:
    """Who follows sees the others at once; what the place has is there when it can be reached."""
    parts = both([float(second) for second in range(60)], [float(second) for second in range(60)])
    parts["south"].outages = [(0, 120, "down")]
    early = heard_of(parts, NEWEST, 70, 80)
    assert {event.function_name for event in early.events} == {"talks@north"}
    late = heard_of(both_again(parts), NEWEST, 70, 180)
    assert len(late.ids) == 40
    assert {state.following for second, state in late.states if 75 < second < 120} == {Following.RECONNECTING}


def both_again(parts: Parts) -> Parts:
    """The same services, for a run of their own."""
    for service in parts.values():
        service.began_s = None
    return parts


def test_where_all_is_refused_each_function_is_named_once() -> None:
    """By the name that it has here, whether its place has one function or several."""
    parts = both([1.0], [1.0])
    parts["south"].denied = {GROUP: [(0, 9_000)], "/aws/lambda/other": [(0, 9_000)]}
    parts["north"].denied = parts["south"].denied
    names = ("talks@north", "talks@south", "other@south")
    with pytest.raises(Denied) as caught:
        heard_of(parts, TailQuery(names, SINCE_MS, follow=False), 0, 60)
    named, _, why = caught.value.title.partition(": ")
    assert sorted(named.split(", ")) == sorted(names)
    assert why == "Not permitted: logs:FilterLogEvents"


def test_an_end_is_not_waited_for_in_a_place_that_may_not_be_read() -> None:
    """The others reach it; what was refused is told, and where all is refused the tail fails."""
    parts = both([1.0, 2.0], [1.0, 2.0])
    parts["south"].denied[GROUP] = [(0, 9_000)]
    query = TailQuery(NAMES, SINCE_MS, SINCE_MS + 30_000)
    heard = heard_of(parts, query, 0, 60)
    assert heard.ids == ["north/0", "north/1"]
    assert heard.states[-1][1].words == "without talks@south: Not permitted: logs:FilterLogEvents"
    parts["north"].denied[GROUP] = [(0, 9_000)]
    with pytest.raises(Denied, match="talks@north, talks@south: Not permitted"):
        heard_of(both_again(parts), query, 0, 60)
