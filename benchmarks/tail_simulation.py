"""How much of a log each tool's way of tailing shows: the cursors of the peers and ours on the same simulated service.

The peers' cursors are written down here from reading their sources (2026-11): they run against a model of CloudWatch,
so the ranking and its cause are what counts; the percentages depend on how late the model's events are.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from random import Random
from typing import Any

from benchmarks.report import percentile, print_goal
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import TailQuery
from tests.backends.aws.following import follow, logs_over
from tests.fixtures.simulated_logs import EPOCH_S, GROUP, SimulatedLogs, Stored
from tests.fixtures.virtual_time import run_virtually

RUN_S = 180
SETTLE_S = 120
_EPOCH_MS = int(EPOCH_S * 1000)
Printed = list[tuple[float, str]]
Follower = Callable[[SimulatedLogs, Printed], Any]


def main() -> None:
    """Lost and repeated, calls a second, and the lag from being visible to being printed."""
    ours_is_whole = True
    for model in (_mild, _harsh):
        for per_second in (2, 100):
            name = model.__name__.removeprefix("_")
            print(f"\n{name}, {per_second} events a second for {RUN_S} s, then {SETTLE_S} s of silence")
            print(f"  {'':<14}{'lost':>9}{'repeated':>10}{'calls/s':>9}{'lag p50':>9}{'p99':>7}")
            for follower in (_aws_cli, _saw, _sam, _cw, _awslogs, _ours):
                service = SimulatedLogs(page_events=1_000, empty_share=0.03, seed=1)
                visible = model(service, per_second)
                printed: Printed = []
                run_virtually(_watch(service, follower, printed))
                lost, repeated = _row(follower.__name__.removeprefix("_"), service, visible, printed)
                ours_is_whole = ours_is_whole and (follower is not _ours or (lost, repeated) == (0, 0))
    print()
    print_goal("lambdatui loses nothing and repeats nothing", reached=ours_is_whole)


def _row(name: str, service: SimulatedLogs, visible: dict[str, int], printed: Printed) -> tuple[int, int]:
    seen: dict[str, float] = {}
    for second, event_id in printed:
        seen.setdefault(event_id, second)
    lost, repeated = len(visible) - len(seen), len(printed) - len(seen)
    lags = [second - (visible[event_id] - _EPOCH_MS) / 1000 for event_id, second in seen.items()] or [0.0]
    calls = len(service.calls_s) / (RUN_S + SETTLE_S)
    print(
        f"  {name:<14}{lost / len(visible):>9.1%}{repeated / len(visible):>10.1%}"
        f"{calls:>9.2f}{percentile(lags, 0.5):>8.1f}s{percentile(lags, 0.99):>6.1f}s"
    )
    return lost, repeated


async def _watch(service: SimulatedLogs, follower: Follower, printed: Printed) -> None:
    service.now_s()
    task = asyncio.ensure_future(follower(service, printed))
    await asyncio.wait([task], timeout=RUN_S + SETTLE_S)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


# -- how late events are


def _mild(service: SimulatedLogs, per_second: int) -> dict[str, int]:
    """Ten streams, each in order and late by an amount of its own."""
    chance = Random(1)  # noqa: S311  # a simulation that can be repeated
    lags = [chance.uniform(0.2, 1.2) for _ in range(10)]
    return _put(service, per_second, chance, lambda stream: lags[stream])


def _harsh(service: SimulatedLogs, per_second: int) -> dict[str, int]:
    """Each event late by itself: most up to 2.5 s, 9 % up to 10 s, 1 % up to a minute."""
    chance = Random(2)  # noqa: S311  # a simulation that can be repeated

    def lag(_stream: int) -> float:
        kind = chance.random()
        return chance.uniform(0.3, 2.5) if kind < 0.9 else chance.uniform(2.5, 10 if kind < 0.99 else 60)

    return _put(service, per_second, chance, lag)


def _put(service: SimulatedLogs, per_second: int, chance: Random, lag: Callable[[int], float]) -> dict[str, int]:
    visible: dict[str, int] = {}
    for number in range(RUN_S * per_second):
        stamp = _EPOCH_MS + int(chance.uniform(0, RUN_S) * 1000)
        stream = chance.randrange(10)
        event_id = f"{number:06}"
        visible[event_id] = stamp + int(lag(stream) * 1000)
        service.put(Stored(stamp, visible[event_id], event_id, GROUP, f"2026/09/01/[$LATEST]{stream}"))
    return visible


# -- the cursors


async def _pages(service: SimulatedLogs, start_ms: int) -> AsyncIterator[list[dict[str, Any]]]:
    request: dict[str, Any] = {"logGroupName": GROUP, "startTime": start_ms}
    while True:
        answer = await service.filter_log_events(request)
        yield list(answer["events"])
        if "nextToken" not in answer:
            return
        request["nextToken"] = answer["nextToken"]


async def _aws_cli(service: SimulatedLogs, printed: Printed, pause_s: float = 5.0) -> None:
    """From the newest time seen on; knows the ids of that millisecond only."""
    newest_ms, known = _EPOCH_MS, set[str]()
    while True:
        async for events in _pages(service, newest_ms):
            for event in events:
                if event["eventId"] in known:
                    continue
                printed.append((service.now_s(), event["eventId"]))
                if event["timestamp"] > newest_ms:
                    newest_ms, known = event["timestamp"], set()
                if event["timestamp"] == newest_ms:
                    known.add(event["eventId"])
        await asyncio.sleep(pause_s)


async def _saw(service: SimulatedLogs, printed: Printed) -> None:
    """The same, every second."""
    await _aws_cli(service, printed, 1.0)


async def _sam(service: SimulatedLogs, printed: Printed) -> None:
    """From a millisecond behind the newest time seen; knows no ids."""
    start_ms = _EPOCH_MS
    while True:
        newest_ms = start_ms - 1
        async for events in _pages(service, start_ms):
            for event in events:
                printed.append((service.now_s(), event["eventId"]))
                newest_ms = max(newest_ms, event["timestamp"])
        start_ms = newest_ms + 1
        await asyncio.sleep(1)


async def _cw(service: SimulatedLogs, printed: Printed) -> None:
    """From the time of the last event printed on, four times a second; forgets ids after a minute."""
    last_ms, known = _EPOCH_MS, dict[str, float]()
    while True:
        async for events in _pages(service, last_ms):
            now_s = service.now_s()
            for event in events:
                if now_s - known.get(event["eventId"], -1e9) < 60:
                    continue
                known[event["eventId"]] = now_s
                printed.append((now_s, event["eventId"]))
                last_ms = event["timestamp"]
        await asyncio.sleep(0.25)


async def _awslogs(service: SimulatedLogs, printed: Printed) -> None:
    """From the beginning on, or from the last token; knows the last ten thousand ids."""
    request: dict[str, Any] = {"logGroupName": GROUP, "startTime": _EPOCH_MS}
    known: deque[str] = deque(maxlen=10_000)
    quick: set[str] = set()
    while True:
        answer = await service.filter_log_events(request)
        for event in answer["events"]:
            if event["eventId"] in quick:
                continue
            if len(known) == known.maxlen:
                quick.discard(known[0])
            known.append(event["eventId"])
            quick.add(event["eventId"])
            printed.append((service.now_s(), event["eventId"]))
        if "nextToken" in answer:
            request["nextToken"] = answer["nextToken"]
        else:
            await asyncio.sleep(1)


async def _ours(service: SimulatedLogs, printed: Printed) -> None:
    """The source that the pane and `lambdatui tail` have."""
    query = TailQuery(("talks",), since_ms=_EPOCH_MS)
    with suppress(WorkbenchError):
        shown = await follow(logs_over(service), service, query, RUN_S + SETTLE_S - 1)
        printed += [(shown.shown_s[event_id], event_id) for event_id in shown.ids]


if __name__ == "__main__":
    main()
