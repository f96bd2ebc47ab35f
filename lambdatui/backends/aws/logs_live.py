"""Follows logs by Live Tail and by polling at once: the one is quick, the other loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from lambdatui.backends.aws.live_tail import LiveSessions, LiveUpdate
from lambdatui.backends.aws.logs_calls import LogGroup
from lambdatui.core.errors import CredentialsExpired, Denied, InvalidInput, Unsupported, WorkbenchError
from lambdatui.core.live_match import LiveMatch
from lambdatui.core.logs import Following, Live, LogBatch, TailState, TailUpdate

COST = "Live Tail, about $0.01 a minute"
"""After 1,800 free minutes a month (CloudWatch pricing page, 2026-11): an estimate, and shown as one."""
POLLING_S = 10.0
"""The pause between two looks while Live Tail brings the news."""
_ROTATED_S = 10_000.0
"""A session ends after three hours: it is renewed before."""
_AGAIN_S = (2.0, 5.0, 15.0, 60.0)


class Polling(Protocol):
    """The tail that loses nothing, as far as this needs it."""

    begin_ms: int
    """What is older is not part of the tail."""
    until_ms: int | None
    least_pause_s: float

    def updates(self) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`."""
        ...

    async def found_groups(self) -> tuple[LogGroup, ...]:
        """The groups, once they are known."""
        ...

    def look(self) -> None:
        """Look at once."""
        ...


@dataclass(frozen=True, slots=True)
class _Note:
    """What became of Live Tail, and the words for it."""

    live: Live
    text: str = ""


_News: TypeAlias = "TailUpdate | LiveUpdate | _Note | BaseException | None"
"""None: polling has reached the end of the query."""


async def live(polling: Polling, sessions: LiveSessions) -> AsyncGenerator[TailUpdate, None]:
    """See `LogSource.tail`. Each event once, whoever brings it first; without Live Tail it is the polling tail."""
    news: asyncio.Queue[_News] = asyncio.Queue(maxsize=8)
    clock = asyncio.get_running_loop().time
    match = LiveMatch()
    tasks = [asyncio.ensure_future(_poll(polling, news)), asyncio.ensure_future(_listen(polling, sessions, news))]
    state = TailState(Following.CONNECTING)
    note = _Note(Live.OPENING)
    try:
        while (update := await news.get()) is not None:
            match update:
                case LogBatch(events):
                    if fresh := match.polled(events, clock()):
                        yield LogBatch(tuple(fresh))
                case LiveUpdate(events):
                    events = tuple(event for event in events if _wanted(polling, event.timestamp_ms))
                    if fresh := match.live(events, clock()):
                        yield LogBatch(tuple(sorted(fresh, key=lambda event: event.timestamp_ms)))
                case TailState():
                    state = update
                    yield _noted(state, note)
                case _Note():
                    note = update
                    yield _noted(state, note)
                case BaseException():
                    raise update
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _wanted(polling: Polling, timestamp_ms: int) -> bool:
    return timestamp_ms >= polling.begin_ms and (polling.until_ms is None or timestamp_ms <= polling.until_ms)


def _noted(state: TailState, note: _Note) -> TailState:
    state = replace(state, live=note.live)
    if not note.text or state.following is not Following.FOLLOWING:
        return state
    behind_s = 1.0 if note.live is Live.OPEN else state.behind_s
    return replace(state, behind_s=behind_s, detail=" · ".join(part for part in (note.text, state.detail) if part))


async def _poll(polling: Polling, news: asyncio.Queue[_News]) -> None:
    try:
        async with aclosing(polling.updates()) as updates:
            async for update in updates:
                await news.put(update)
        await news.put(None)
    except Exception as error:  # noqa: BLE001  # carried to whoever reads the tail, whatever it is
        await news.put(error)


async def _listen(polling: Polling, sessions: LiveSessions, news: asyncio.Queue[_News]) -> None:
    groups = await polling.found_groups()
    failures = 0
    while True:
        heard = False

        def hear() -> None:
            nonlocal heard
            heard = True

        try:
            await _session(polling, sessions, groups, news, hear)
        except (Denied, Unsupported, InvalidInput) as error:
            await news.put(_Note(Live.REFUSED, f"no Live Tail: {error.title}"))
            return
        except CredentialsExpired:
            pass  # the polling tail says so
        except WorkbenchError as error:
            await news.put(_Note(Live.INTERRUPTED, f"no Live Tail for now: {error.title}"))
        finally:
            polling.least_pause_s = 0.0
            polling.look()  # what the session left out is there
        failures = 0 if heard else failures + 1
        await asyncio.sleep(_AGAIN_S[min(failures, len(_AGAIN_S) - 1)])


async def _session(
    polling: Polling,
    sessions: LiveSessions,
    groups: tuple[LogGroup, ...],
    news: asyncio.Queue[_News],
    hear: Callable[[], None],
) -> None:
    clock = asyncio.get_running_loop().time
    until_s = clock() + _ROTATED_S
    told = ""
    async with aclosing(sessions(groups)) as updates:
        async for update in updates:
            hear()
            polling.least_pause_s = 0.0 if update.sampled else POLLING_S
            if update.sampled:
                polling.look()
            note = f"{COST}, sampled: the rest comes by polling" if update.sampled else COST
            if note != told:
                told = note
                await news.put(_Note(Live.OPEN, note))
            if update.events:
                await news.put(update)
            if clock() > until_s:
                return
