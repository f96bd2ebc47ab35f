"""The promise of the tail: what is shown is what became visible, once, in its place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.logs import LogBatch, LogEvent, TailQuery
from lambdatui.core.tail_window import Reach
from tests.backends.aws.following import GROUPS, SINCE_MS, Shown, at, follow, logs_over
from tests.fixtures.simulated_logs import SimulatedLogs
from tests.fixtures.virtual_time import run_virtually

LATE_S = 60
RUN_S = 150
SETTLED_S = 90
"""After the last event and the last outage: several looks into the past."""

seconds = st.floats(0, RUN_S - 30).map(lambda second: round(second, 3))
# A few are ahead of the service's clock: they are shown before their own time.
lateness = st.one_of(st.floats(0.05, 2.5), st.floats(2.5, LATE_S), st.floats(-20, -0.1)).map(
    lambda late: round(late, 3)
)
outages = st.tuples(
    st.floats(5, RUN_S - 30),
    st.floats(0.5, 25),
    st.sampled_from(["ThrottlingException", "ServiceUnavailableException", "cut", "down", "ExpiredTokenException"]),
)


@dataclass(frozen=True)
class Story:
    """What happens to a log group."""

    single: list[tuple[float, float]]
    bursts: list[tuple[float, float, int]]
    outages: list[tuple[float, float, str]]
    missing: list[tuple[float, float]]
    page_events: int
    empty_share: float
    repeat_share: float
    same_token_share: float
    dates: bool
    seed: int


stories = st.builds(
    Story,
    single=st.lists(st.tuples(seconds, lateness), max_size=80),
    bursts=st.lists(st.tuples(seconds, lateness, st.integers(2, 120)), max_size=3),
    outages=st.lists(outages, max_size=3),
    missing=st.lists(st.tuples(st.floats(5, RUN_S - 60), st.floats(1, 20)), max_size=1),
    page_events=st.integers(3, 60),
    empty_share=st.sampled_from([0.0, 0.05, 0.3]),
    repeat_share=st.sampled_from([0.0, 0.5]),
    same_token_share=st.sampled_from([0.0, 0.1]),
    dates=st.booleans(),
    seed=st.integers(0, 1000),
)


def service_of(story: Story) -> SimulatedLogs:
    service = SimulatedLogs(
        page_events=story.page_events,
        empty_share=story.empty_share,
        repeat_share=story.repeat_share,
        same_token_share=story.same_token_share,
        dates=story.dates,
        seed=story.seed,
        outages=[(start, start + length, code) for start, length, code in story.outages],
        missing=[(start, start + length) for start, length in story.missing],
    )
    events = [at(second, late_s=late, event_id=f"s{n}") for n, (second, late) in enumerate(story.single)]
    for number, (second, late, count) in enumerate(story.bursts):
        events += [at(second, late_s=late, event_id=f"b{number}-{one}") for one in range(count)]
    for event in events:
        gone_ms = next(
            (SINCE_MS + int(end * 1000) for start, end in service.missing if event.visible_ms < SINCE_MS + end * 1000),
            None,
        )
        service.put(event if gone_ms is None else replace(event, gone_ms=gone_ms))
    return service


def spread(service: SimulatedLogs, seed: int) -> None:
    """The events fall to four functions, two of which share a group."""
    chance = Random(seed)  # noqa: S311  # a story that can be told again
    stored = [event for events in service.stored.values() for event in events]
    service.stored.clear()
    for event in stored:
        name = chance.choice(sorted(GROUPS))
        service.put(replace(event, group=GROUPS[name], stream=f"2026/09/01/{name}[$LATEST]0123"))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(stories)
def test_what_is_shown_is_what_became_visible_once_and_in_order(story: Story) -> None:
    """Late, in bursts of one millisecond, over pages that are empty or repeat, through outages and a new group."""
    service = service_of(story)

    async def run() -> Shown:
        service.now_s()
        logs = logs_over(service, Reach(late_ms=LATE_S * 1000))
        return await follow(logs, service, TailQuery(("talks",), since_ms=SINCE_MS), RUN_S + LATE_S + SETTLED_S)

    shown = run_virtually(run())
    stored = [event for events in service.stored.values() for event in events]
    assert len(shown.ids) == len(set(shown.ids))
    assert {event.event_id for event in stored if event.gone_ms is None} <= set(shown.ids)
    assert set(shown.ids) <= {event.event_id for event in stored}
    for batch in shown.batches:
        stamps = [event.timestamp_ms for event in batch.events]
        assert stamps == sorted(stamps)
    buffer = LogBuffer()
    for batch in shown.batches:
        buffer.extend(batch.events)
    times = [line.timestamp_ms for line in buffer.lines(0, len(buffer))]
    assert times == sorted(event.timestamp_ms for event in shown.events)
    for earlier, later in zip(service.calls_s, service.calls_s[3:], strict=False):
        assert later - earlier >= 1 - 1e-6


@settings(max_examples=60, deadline=None, derandomize=True)
@given(stories)
def test_several_functions_in_one_tail_lose_nothing_either(story: Story) -> None:
    """Of their own groups and of one that they share: each event once, under the name of its function."""
    service = service_of(story)
    spread(service, story.seed)

    async def run() -> Shown:
        service.now_s()
        logs = logs_over(service, Reach(late_ms=LATE_S * 1000))
        query = TailQuery(("talks", "other", "a", "b"), since_ms=SINCE_MS)
        return await follow(logs, service, query, RUN_S + LATE_S + SETTLED_S)

    shown = run_virtually(run())
    stored = {event.event_id: event for events in service.stored.values() for event in events}
    assert len(shown.ids) == len(set(shown.ids))
    assert {event.event_id for event in stored.values() if event.gone_ms is None} <= set(shown.ids)
    for event in shown.events:
        assert stored[event.event_id].stream == f"2026/09/01/{event.function_name}[$LATEST]0123"
    for earlier, later in zip(service.calls_s, service.calls_s[3:], strict=False):
        assert later - earlier >= 1 - 1e-6


denials = st.lists(
    st.tuples(st.sampled_from(sorted(set(GROUPS.values()))), st.floats(0, RUN_S - 30), st.floats(1, 120)), max_size=3
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(stories, denials, st.booleans())
def test_what_may_not_be_read_for_a_while_is_lost_no_more_than_the_rest(
    story: Story, denials: list[tuple[str, float, float]], from_start: bool
) -> None:
    """While one function of several may not be read: once it may be, all of it is shown, once, and the others are."""
    service = service_of(replace(story, outages=story.outages[:1]))
    spread(service, story.seed)
    service.denied = {group: [(start, start + length)] for group, start, length in denials[:2]}
    end_s = RUN_S + 120 + LATE_S + SETTLED_S

    async def run() -> Shown:
        service.now_s()
        logs = logs_over(service, Reach(late_ms=LATE_S * 1000))
        since_ms = SINCE_MS - 60_000 if from_start else None  # some are of before the run
        return await follow(logs, service, TailQuery(("talks", "other", "a", "b"), since_ms=since_ms), end_s)

    shown = run_virtually(run())
    stored = {event.event_id: event for events in service.stored.values() for event in events}
    assert len(shown.ids) == len(set(shown.ids))
    # Some are ahead of the service's clock: what is older than the first of the newest is history.
    first_ms = 0 if from_start or not shown.events else shown.events[0].timestamp_ms
    there = {event.event_id for event in stored.values() if event.gone_ms is None and event.timestamp_ms >= first_ms}
    assert there <= set(shown.ids)
    assert shown.states[-1][1].refused == ()


@settings(max_examples=80, deadline=None, derandomize=True)
@given(stories, st.integers(1, 200), st.integers(1, 60), st.booleans(), st.booleans())
def test_paging_backwards_leaves_no_gap_and_repeats_nothing(
    story: Story, newest: int, older: int, knows_order: bool, several: bool
) -> None:
    """From the first line of the first page to the beginning of the log, whatever shares a millisecond."""
    service = service_of(replace(story, outages=[], missing=[]))
    service.knows_order = knows_order
    if several:
        spread(service, story.seed)
    names = ("talks", "other", "a", "b") if several else ("talks",)

    async def run() -> tuple[list[str], list[str]]:
        service.now_s()
        await asyncio.sleep(RUN_S + LATE_S + SETTLED_S)
        logs = logs_over(service)
        query = TailQuery(names, newest=newest, follow=False)
        first = (await follow(logs, service, query, 100_000)).events
        before: list[str] = []
        before_ms = first[0].timestamp_ms if first else service.wall_ms()
        while page := await logs.older(query, before_ms, older):
            before[:0] = [event.event_id for event in page]
            before_ms = page[0].timestamp_ms
        return [event.event_id for event in first], before

    first, before = run_virtually(run())
    stored = sorted(event for events in service.stored.values() for event in events)
    assert len(first) >= (min(newest, len(stored)) if story.empty_share < 0.3 else 0)
    assert sorted(before + first) == sorted(event.event_id for event in stored)
    stamps = {event.event_id: event.timestamp_ms for event in stored}
    order = [stamps[event_id] for event_id in before + first]
    assert order == sorted(order)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(stories, st.integers(1, 200), st.booleans())
def test_a_tail_that_begins_with_the_newest_shows_all_that_comes_after(
    story: Story, newest: int, knows_order: bool
) -> None:
    """On CloudWatch, which serves the newest first when asked to, and on servers that ignore that."""
    service = service_of(replace(story, outages=[], missing=[], empty_share=min(story.empty_share, 0.05)))
    service.knows_order = knows_order
    begin_s = 60.0

    async def run() -> Shown:
        service.now_s()
        await asyncio.sleep(begin_s)
        logs = logs_over(service, Reach(late_ms=LATE_S * 1000))
        return await follow(logs, service, TailQuery(("talks",), newest=newest), RUN_S + LATE_S + SETTLED_S)

    shown = run_virtually(run())
    stored = [event for events in service.stored.values() for event in events]
    assert len(shown.ids) == len(set(shown.ids))
    first_ms = shown.events[0].timestamp_ms if shown.events else 0
    assert {event.event_id for event in stored if event.timestamp_ms > first_ms} <= set(shown.ids)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    stories,
    st.lists(st.tuples(seconds, lateness), min_size=40, max_size=80),
    st.integers(1, 12),
    st.lists(st.floats(0, 15), min_size=1, max_size=5),
    st.tuples(st.booleans(), st.booleans()),
)
def test_what_comes_late_into_history_that_was_read_is_shown_once(
    story: Story, single: list[tuple[float, float]], few: int, pauses: list[float], how: tuple[bool, bool]
) -> None:
    """Pages are read while the tail goes on: between the first of them and now nothing is missing, nothing is twice."""
    knows_order, several = how
    story = replace(story, single=single, outages=[], missing=[], dates=True, empty_share=min(story.empty_share, 0.05))
    service = service_of(story)
    service.knows_order = knows_order
    if several:
        spread(service, story.seed)
    names = ("talks", "other", "a", "b") if several else ("talks",)
    begin_s = 60.0

    async def run() -> tuple[list[LogEvent], list[LogEvent]]:
        service.now_s()
        await asyncio.sleep(begin_s)
        logs = logs_over(service, Reach(late_ms=LATE_S * 1000))
        shown = Shown()
        query = TailQuery(names, newest=few)
        tail = asyncio.create_task(follow(logs, service, query, RUN_S + LATE_S + 2 * SETTLED_S, shown))
        await asyncio.sleep(10)
        history: list[LogEvent] = []
        for pause_s in pauses if shown.events else ():
            await asyncio.sleep(pause_s)
            before_ms = (history or shown.batches[0].events)[0].timestamp_ms
            history[:0] = await logs.older(replace(query, newest=1), before_ms, few)
        await tail
        return history, shown.events

    history, events = run_virtually(run())
    ids = [event.event_id for event in (*history, *events)]
    assert len(ids) == len(set(ids))
    stored = [event for of_group in service.stored.values() for event in of_group]
    first_ms = min((event.timestamp_ms for event in (*history, *events)), default=0)
    assert {event.event_id for event in stored if event.timestamp_ms >= first_ms} <= set(ids)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(stories, st.booleans(), st.integers(20, RUN_S - 30))
def test_a_tail_with_an_end_shows_all_up_to_it_and_ends(story: Story, from_start: bool, end_s: int) -> None:
    """Through outages, bursts and what comes as late as it looks back: nothing beyond the end, nothing twice."""
    until_ms = SINCE_MS + end_s * 1000
    over_s = end_s + LATE_S
    outages = [(start, min(length, over_s - start - 1), code) for start, length, code in story.outages]
    service = service_of(replace(story, missing=[], outages=[outage for outage in outages if outage[1] > 0]))
    spread(service, story.seed)
    names = ("talks", "other", "a", "b")
    query = TailQuery(names, SINCE_MS if from_start else None, until_ms, newest=100_000)
    reach = Reach(late_ms=LATE_S * 1000, overlap_ms=LATE_S * 1000)

    async def run() -> list[str]:
        service.now_s()
        updates = [update async for update in logs_over(service, reach).tail(query)]
        return [event.event_id for update in updates if isinstance(update, LogBatch) for event in update.events]

    ids = run_virtually(run())
    stored = [event for events in service.stored.values() for event in events]
    assert sorted(ids) == sorted(event.event_id for event in stored if event.timestamp_ms <= until_ms)
    assert over_s <= service.calls_s[-1] < over_s + 60
