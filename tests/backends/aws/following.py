"""Follows a simulated log with the real tail, in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from lambdatui.backends.aws.live_tail import LiveSessions
from lambdatui.backends.aws.logs import AwsLogs
from lambdatui.backends.aws.logs_rate import CallRate
from lambdatui.core.errors import NotFound
from lambdatui.core.logs import LogBatch, LogEvent, TailQuery, TailState
from lambdatui.core.tail_window import Reach
from tests.fixtures.simulated_logs import EPOCH_S, GROUP, SimulatedLogs, Stored

GROUPS = {"talks": GROUP, "other": "/aws/lambda/other", "a": "/shared", "b": "/shared"}
SINCE_MS = int(EPOCH_S * 1000)


@dataclass
class Shown:
    """What a tail yielded, and when, in seconds of the run."""

    batches: list[LogBatch] = field(default_factory=list)
    states: list[tuple[float, TailState]] = field(default_factory=list)
    shown_s: dict[str, float] = field(default_factory=dict)

    @property
    def events(self) -> list[LogEvent]:
        return [event for batch in self.batches for event in batch.events]

    @property
    def ids(self) -> list[str]:
        return [event.event_id for event in self.events]


async def log_group_of(name: str) -> str:
    if name not in GROUPS:
        raise NotFound(f"Function not found: {name}")
    return GROUPS[name]


def logs_over(service: SimulatedLogs, reach: Reach | None = None, live: LiveSessions | None = None) -> AwsLogs:
    """The real source over a simulated service."""
    return AwsLogs(service.filter_log_events, log_group_of, CallRate(), service.wall_ms, reach, live_sessions=live)


async def follow(
    logs: AwsLogs, service: SimulatedLogs, query: TailQuery, end_s: float, shown: Shown | None = None
) -> Shown:
    """What the tail shows until `end_s` of the run, or until it ends; in `shown`, where one wants to look meanwhile."""
    shown = shown or Shown()

    async def listen() -> None:
        async for update in logs.tail(query):
            if isinstance(update, LogBatch):
                shown.batches.append(update)
                shown.shown_s.update((event.event_id, service.now_s()) for event in update.events)
            else:
                shown.states.append((service.now_s(), update))

    listening = asyncio.create_task(listen())
    done, _ = await asyncio.wait([listening], timeout=end_s - service.now_s())
    if done:
        listening.result()
    else:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return shown


def at(second: float, *, late_s: float = 0.3, event_id: str = "", group: str = GROUP, stream: str = "") -> Stored:
    """An event that happens `second` seconds into the run and is shown `late_s` later."""
    stamp = SINCE_MS + int(second * 1000)
    name = event_id or f"{second}+{late_s}"
    return Stored(stamp, stamp + int(late_s * 1000), name, group, stream or "2026/09/01/[$LATEST]0123", f"line {name}")
