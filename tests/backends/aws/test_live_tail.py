"""Live Tail makes a tail quicker, and never loses or repeats what polling would have shown once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.aws.live_tail import LiveUpdate
from lambdatui.backends.aws.logs_calls import LogGroup
from lambdatui.backends.aws.logs_live import COST
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Denied, Throttled, Unreachable, WorkbenchError
from lambdatui.core.live_match import LiveMatch
from lambdatui.core.logs import LogBatch, LogEvent, TailQuery, TailState
from lambdatui.core.tail_window import Reach
from tests.backends.aws.following import SINCE_MS, Shown, at, follow, logs_over
from tests.backends.aws.test_logs_property import LATE_S, RUN_S, SETTLED_S, Story, service_of, stories
from tests.fixtures.aws_account import Account
from tests.fixtures.simulated_logs import SimulatedLogs
from tests.fixtures.virtual_time import run_virtually

QUERY = TailQuery(("talks",), since_ms=SINCE_MS, live=True)


@dataclass
class SimulatedSessions:
    """Live Tail over a simulated service: each second what became visible in it, cut and sampled as one says."""

    service: SimulatedLogs
    cut_share: float = 0.0
    sampled_share: float = 0.0
    refusals: list[WorkbenchError] = field(default_factory=list)
    opened_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = Random(self.service.seed)  # noqa: S311  # a story that can be told again

    async def open(self, groups: Sequence[LogGroup]) -> AsyncGenerator[LiveUpdate, None]:
        self.opened_s.append(self.service.now_s())
        if self.refusals:
            raise self.refusals.pop(0)
        since_ms = self.service.wall_ms()
        while True:
            await asyncio.sleep(1)
            now_ms = self.service.wall_ms()
            fresh = [
                LogEvent(
                    f"live-{event.event_id}", event.timestamp_ms, event.visible_ms, event.stream, event.message, "talks"
                )
                for group in groups
                for event in self.service.stored.get(group.name, [])
                if since_ms < event.visible_ms <= now_ms and (event.gone_ms is None or event.gone_ms > now_ms)
            ]
            since_ms = now_ms
            if self._chance.random() < self.cut_share:
                raise Unreachable("The stream was cut")
            sampled = bool(fresh) and self._chance.random() < self.sampled_share
            yield LiveUpdate(tuple(fresh[::2] if sampled else fresh), sampled)


def played(service: SimulatedLogs, sessions: SimulatedSessions, end_s: float, query: TailQuery = QUERY) -> Shown:
    async def play() -> Shown:
        service.now_s()
        return await follow(logs_over(service, Reach(late_ms=LATE_S * 1000), sessions.open), service, query, end_s)

    return run_virtually(play())


def messages(shown: Shown) -> list[str]:
    return [event.message.rstrip("\n") for event in shown.events]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(stories, st.sampled_from([0.0, 0.02, 0.3]), st.sampled_from([0.0, 0.3]))
def test_each_event_is_shown_once_whichever_way_it_comes_first(
    story: Story, cut_share: float, sampled_share: float
) -> None:
    """Sessions that are cut, samples, outages of the other way, late events and bursts."""
    service = service_of(replace(story, missing=[]))
    sessions = SimulatedSessions(service, cut_share, sampled_share)
    shown = played(service, sessions, RUN_S + LATE_S + SETTLED_S)
    stored = [event.message for events in service.stored.values() for event in events]
    assert sorted(messages(shown)) == sorted(stored)


def test_what_happens_is_shown_within_a_second_or_so_and_polling_is_seldom() -> None:
    """A tenth of the calls; the title says what it costs."""
    service = SimulatedLogs()
    for number in range(600):
        service.put(at(number / 2, event_id=f"{number}"))
    shown = played(service, SimulatedSessions(service), 300)
    lags = [shown.shown_s[event.event_id] - (event.ingestion_ms - SINCE_MS) / 1000 for event in shown.events]
    assert sorted(lags)[len(lags) * 95 // 100] <= 1.1
    assert len(service.calls_s) < 60
    assert any(COST in state.detail for _, state in shown.states)


def test_a_live_tail_with_an_end_ends_by_itself() -> None:
    """With what came late, and nothing from beyond the end."""
    service = SimulatedLogs()
    for second in range(60):
        service.put(at(second, late_s=5, event_id=f"{second}"))
    shown = played(service, SimulatedSessions(service), 9_000, replace(QUERY, until_ms=SINCE_MS + 30_000))
    assert sorted(messages(shown)) == sorted(f"line {second}" for second in range(31))
    assert max(service.calls_s) < 60


def test_denied_it_falls_back_to_polling_and_says_so() -> None:
    """Once: it does not ask again."""
    service = SimulatedLogs()
    service.put(at(20, event_id="shown"))
    sessions = SimulatedSessions(service, refusals=[Denied("logs:StartLiveTail is not allowed")])
    shown = played(service, sessions, 60)
    assert shown.ids == ["shown"]
    assert len(sessions.opened_s) == 1
    assert any("logs:StartLiveTail is not allowed" in state.detail for _, state in shown.states)


def test_a_session_that_can_not_be_had_now_is_asked_for_again() -> None:
    """Too many sessions at a time, say: polling goes on meanwhile."""
    service = SimulatedLogs()
    for second in (5, 100):
        service.put(at(second, event_id=f"{second}"))
    sessions = SimulatedSessions(service, refusals=[Throttled("Too many sessions")] * 3)
    shown = played(service, sessions, 150)
    assert messages(shown) == ["line 5", "line 100"]
    assert len(sessions.opened_s) == 4


def test_a_session_is_renewed_before_it_ends() -> None:
    """AWS ends it after three hours."""
    service = SimulatedLogs()
    sessions = SimulatedSessions(service)
    played(service, sessions, 12_000)
    assert len(sessions.opened_s) == 2
    assert sessions.opened_s[1] < 10_800


def test_the_same_line_twice_in_a_millisecond_is_two() -> None:
    """Identical lines are counted, not taken for one; those that both ways tell are one."""
    line = LogEvent("live-1", 5, 6, "stream", "same")
    stored = [line._replace(event_id=f"{number}", message="same\n") for number in range(3)]
    tell: list[Callable[[LiveMatch], list[LogEvent]]] = [
        lambda match: match.live([line, line], 0.0),
        lambda match: match.polled(stored, 1.0),
        lambda match: match.live([line], 2.0),
    ]
    match = LiveMatch()
    assert [len(step(match)) for step in tell] == [2, 1, 0]


async def test_a_real_event_stream_is_read(ministack: Account, tmp_path: Path) -> None:
    """From the first update on, each line once, those that were polled before too."""
    group = "/aws/lambda/talks"
    ministack.deploy("talks")
    ministack.write_log(group, ["before"])
    backend = ministack.open(tmp_path)
    shown: list[LogEvent] = []
    written = False
    try:
        async with asyncio.timeout(30):
            async for update in backend.logs.tail(TailQuery(("talks",), live=True)):
                match update:
                    case TailState(detail=detail) if COST in detail and not written:
                        written = True
                        await call_blocking(ministack.write_log, group, ["same", "same", "after"])
                    case LogBatch(events):
                        shown += events
                if len(shown) >= 4 and any(event.event_id.startswith("live-") for event in shown):
                    break
    finally:
        await backend.close()
    assert sorted(event.message.rstrip("\n") for event in shown) == ["after", "before", "same", "same"]
