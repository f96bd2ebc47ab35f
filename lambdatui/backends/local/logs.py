"""Tails the log files of local functions, written by this process or by others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from threading import Lock

from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.log_files import LogFiles
from lambdatui.backends.local.log_reader import GroupReader
from lambdatui.blocking import call_blocking
from lambdatui.core.filter_pattern import matcher_of
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState, TailUpdate
from lambdatui.core.tail_window import newest

_SHORTEST_POLL_S = 0.03
_LONGEST_POLL_S = 0.25
_LATE_MS = 1_000
"""What is written is in its file within this time."""


class LocalLogs:
    """Implements `LogSource` over the files of `LogFiles`. Owns nothing but the places of its readers."""

    def __init__(self, functions: ProjectFunctions, files: LogFiles, wall_ms: Callable[[], int]) -> None:
        self._functions = functions
        self._files = files
        self._wall_ms = wall_ms

    async def tail(self, query: TailQuery) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`. What this process writes is read at once, what others write within 250 ms."""
        for name in query.function_names:
            await self._functions.spec(name)
        tail = _Tail(self._readers(query), query)
        wake = _Wake(self._files)
        try:
            yield TailState(Following.CATCHING_UP)
            first = await call_blocking(tail.begin)
            if first:
                yield LogBatch(tuple(first))
            state: TailState | None = None
            while True:
                left_s = self._left_s(query)
                caught_up = False
                while not caught_up:
                    events, caught_up = await call_blocking(tail.step)
                    if events:
                        yield LogBatch(tuple(events))
                if left_s <= 0:
                    return
                if (new_state := self._state(tail)) != state:
                    state = new_state
                    yield new_state
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(None if query.until_ms is None else left_s):
                        await wake.wait_for_news(tail)
        finally:
            wake.close()
            tail.close()

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See `LogSource.older`."""

        def read() -> list[LogEvent]:
            found: list[LogEvent] = []
            for reader in self._readers(query):
                found += reader.before(before_ms, limit)
            return list(newest(sorted(found, key=_time), limit))

        return tuple(await call_blocking(read))

    def _readers(self, query: TailQuery) -> list[GroupReader]:
        matches = matcher_of(query.filter_pattern) if query.filter_pattern else None
        return [GroupReader(self._files.root, name, matches) for name in query.function_names]

    def _left_s(self, query: TailQuery) -> float:
        """How long it is until the last look."""
        if not query.follow:
            return 0
        return float("inf") if query.until_ms is None else (query.until_ms + _LATE_MS - self._wall_ms()) / 1000

    def _state(self, tail: _Tail) -> TailState:
        problem = self._files.problem
        following = Following.FOLLOWING if tail.has_log else Following.WAITING_FOR_GROUP
        return TailState(following, 0.0 if tail.has_log else None, problem.title if problem else "")


class _Tail:
    """Merges the readers of several functions in the order of time. Blocks, except for `has_news`."""

    def __init__(self, readers: Sequence[GroupReader], query: TailQuery) -> None:
        self._readers = tuple(readers)
        self._query = query
        self._ahead: dict[GroupReader, list[LogEvent]] = {reader: [] for reader in readers}
        self._reading = Lock()
        self._closed = False

    @property
    def has_log(self) -> bool:
        return any(reader.exists for reader in self._readers)

    def begin(self) -> list[LogEvent]:
        """Go to where the query begins; the newest events, where it asks for those."""
        with self._reading:
            events = self._begin()
            if self._closed:
                self._close_readers()
            return events

    def _begin(self) -> list[LogEvent]:
        if self._query.since_ms is not None:
            for reader in self._readers:
                reader.seek(self._query.since_ms)
            return []
        found = [event for reader in self._readers for event in reader.newest(self._query.newest)]
        found.sort(key=_time)
        return [event for event in newest(found, self._query.newest) if self._wanted(event)]

    def step(self) -> tuple[list[LogEvent], bool]:
        """The next events of all functions, and whether these were the last for now.

        A function that has more to come holds back what others have from a later time.
        """
        with self._reading:
            answer = self._step()
            if self._closed:
                self._close_readers()
            return answer

    def _step(self) -> tuple[list[LogEvent], bool]:
        horizon: float = float("inf")
        caught_up = True
        for reader, ahead in self._ahead.items():
            at_end = False
            if not ahead or len(self._ahead) == 1:
                events, at_end = reader.read()
                ahead.extend(events)
            if not at_end:
                caught_up = False
                horizon = min(horizon, ahead[-1].timestamp_ms if ahead else -1)
        ready: list[LogEvent] = []
        for ahead in self._ahead.values():
            ready += [event for event in ahead if event.timestamp_ms <= horizon]
            ahead[:] = [event for event in ahead if event.timestamp_ms > horizon]
        ready.sort(key=_time)
        return [event for event in ready if self._wanted(event)], caught_up

    def has_news(self) -> bool:
        return any(reader.has_news() for reader in self._readers)

    def close(self) -> None:
        """Close the files now, or when the reading that goes on in a thread has ended."""
        self._closed = True
        if self._reading.acquire(blocking=False):
            try:
                self._close_readers()
            finally:
                self._reading.release()

    def _close_readers(self) -> None:
        for reader in self._readers:
            reader.close()

    def _wanted(self, event: LogEvent) -> bool:
        since, until = self._query.since_ms, self._query.until_ms
        return (since is None or event.timestamp_ms >= since) and (until is None or event.timestamp_ms <= until)


class _Wake:
    """Waits for news in the files: told by this process's writer, else by looking, the less often the quieter it is."""

    def __init__(self, files: LogFiles) -> None:
        self._loop = asyncio.get_running_loop()
        self._written = asyncio.Event()
        self._asleep = False
        self._unsubscribe = files.subscribe(self._tell)

    async def wait_for_news(self, tail: _Tail) -> None:
        pause_s = _SHORTEST_POLL_S
        await asyncio.sleep(pause_s)  # what is printed meanwhile comes in one batch
        while True:
            self._written.clear()
            self._asleep = True  # before looking: what is written after the look wakes us
            if tail.has_news():
                self._asleep = False
                return
            with contextlib.suppress(TimeoutError):
                # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
                async with asyncio.timeout(pause_s):
                    await self._written.wait()
            pause_s = min(pause_s * 1.5, _LONGEST_POLL_S)

    def close(self) -> None:
        self._unsubscribe()

    def _tell(self) -> None:
        if self._asleep:
            self._asleep = False  # one call across the threads a sleep, however many lines are written
            with contextlib.suppress(RuntimeError):  # the loop ended between the two lines
                self._loop.call_soon_threadsafe(self._written.set)


def _time(event: LogEvent) -> int:
    return event.timestamp_ms
