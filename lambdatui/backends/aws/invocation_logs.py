"""Reads the lines of single invocations out of CloudWatch Logs, by request id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdatui.backends.aws.logs_calls import REPEATS, FilterLogEvents, LogGroup, page_of
from lambdatui.backends.aws.logs_rate import Rate
from lambdatui.core.attempts import Attempt, attempts_of, lines_of, text_of
from lambdatui.core.errors import MayHaveRun, NotFound, Throttled, Unreachable
from lambdatui.core.invocation_log import InvocationLog
from lambdatui.core.logs import LogEvent

_SKEW_MS = 300_000
"""Requests are signed: a clock that is further off than this can't invoke anything."""
_INIT_MS = 15_000
"""What stands before START: an INIT takes ten seconds at most, or it is not part of this invocation."""
_LATE_MS = 180_000
"""How late a line may come and still be found; of what is older, a search is not repeated."""
_MOST_PAGES = 40


@dataclass(frozen=True, slots=True)
class Watching:
    """How patiently an invocation's log is waited for. The last of the pauses `looks_s` is kept from there on.

    `retries_s` are Lambda's own pauses before the second and the third attempt (Lambda developer guide, "How Lambda
    handles errors and retries with asynchronous invocation"), `slack_s` what they may take longer.
    """

    looks_s: tuple[float, ...] = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
    log_wait_s: float = 45.0
    retries_s: tuple[float, float] = (60.0, 120.0)
    slack_s: float = 45.0


WATCHING = Watching()


class AwsInvocationLogs:
    """Implements `InvocationLogs`. Shares the account's `rate` with the tails; throttles are waited out."""

    def __init__(
        self,
        filter_log_events: FilterLogEvents,
        log_group_of: Callable[[str], Awaitable[str]],
        rate: Rate,
        wall_ms: Callable[[], int],
        watching: Watching,
    ) -> None:
        self.watching = watching
        self._filter_log_events = filter_log_events
        self._log_group_of = log_group_of
        self._rate = rate
        self.wall_ms = wall_ms

    async def find(self, function_name: str, request_id: str, started_at: datetime) -> InvocationLog:
        """See `InvocationLogs.find`."""
        search = Search(self, function_name, request_id, int(started_at.timestamp() * 1000))
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self.watching.log_wait_s
        for pause_s in _pauses(self.watching.looks_s):
            attempts = await search.look()
            ended = next((attempt for attempt in attempts if attempt.report is not None), None)
            if ended is not None:
                return await self.log_of(function_name, request_id, ended)
            if loop.time() + pause_s > until_s:
                break
            await asyncio.sleep(pause_s)
        missing = "the rest of the log has not arrived yet"
        if not attempts:
            return InvocationLog("", whole=False, missing="the log has not arrived yet")
        begun = await self.log_of(function_name, request_id, attempts[0])
        return InvocationLog(begun.text, whole=False, missing=missing)

    async def log_of(self, function_name: str, request_id: str, attempt: Attempt) -> InvocationLog:
        """The lines of one attempt, as far as they are stored."""
        events, whole = await self._window(function_name, attempt)
        lines = lines_of(events, request_id)
        whole = whole and attempt.report is not None
        return InvocationLog(
            text_of(lines),
            whole,
            attempt.report,
            "" if whole else "the rest of the log has not arrived yet or is very long",
        )

    async def lines_of(self, function_name: str, request_id: str, attempt: Attempt) -> tuple[LogEvent, ...]:
        """The events of one attempt."""
        return lines_of((await self._window(function_name, attempt))[0], request_id)

    async def _window(self, function_name: str, attempt: Attempt) -> tuple[tuple[LogEvent, ...], bool]:
        end_ms = attempt.ended_ms if attempt.ended_ms is not None else self.wall_ms() + _SKEW_MS
        request = {
            "logStreamNames": [attempt.stream],
            "startTime": max(attempt.started_ms - _INIT_MS, 0),
            "endTime": end_ms,
        }
        return await self.read(function_name, request)

    async def read(self, function_name: str, request: Mapping[str, Any]) -> tuple[tuple[LogEvent, ...], bool]:
        """The events of a request's pages, and whether these are all. A group that is not there yet is empty.

        Raises:
            WorkbenchError: what waiting does not mend.
        """
        name = await self._log_group_of(function_name)
        group = LogGroup(name, (function_name,))
        events: dict[str, LogEvent] = {}
        token: str | None = None
        repeats = 0
        for _ in range(_MOST_PAGES):
            answer = await self._page({"logGroupName": name, **request, **({"nextToken": token} if token else {})})
            page = page_of(answer, group, self.wall_ms())
            events.update((event.event_id, event) for event in page.events)
            repeats = repeats + 1 if page.token == token else 0
            token = page.token
            if token is None or repeats >= REPEATS:
                return tuple(events.values()), True
        return tuple(events.values()), False

    async def _page(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        for pause_s in self.watching.looks_s:
            await self._rate.turn()
            try:
                return await self._filter_log_events(request)
            except NotFound:
                return {"events": []}
            except (Throttled, Unreachable, MayHaveRun):
                await asyncio.sleep(pause_s)
        await self._rate.turn()
        return await self._filter_log_events(request)


class Search:
    """Looks again and again for the lines that name one request; owns what was found so far."""

    def __init__(self, logs: AwsInvocationLogs, function_name: str, request_id: str, since_ms: int) -> None:
        self._logs = logs
        self._function_name = function_name
        self._request_id = request_id
        self._from_ms = self._since_ms = since_ms - _SKEW_MS
        self._found: dict[str, LogEvent] = {}

    async def look(self) -> tuple[Attempt, ...]:
        """The attempts that are in the log by now.

        Raises:
            WorkbenchError: see `AwsInvocationLogs.read`.
        """
        began_ms = self._logs.wall_ms()
        request = {"filterPattern": f'"{self._request_id}"', "startTime": max(self._from_ms, 0)}
        events, complete = await self._logs.read(self._function_name, request)
        # Not every server knows filter patterns.
        self._found.update((event.event_id, event) for event in events if self._request_id in event.message)
        if complete:
            self._from_ms = max(self._since_ms, began_ms - _SKEW_MS - _LATE_MS)
        return attempts_of(self._found.values(), self._request_id)


def _pauses(looks_s: tuple[float, ...]) -> Iterator[float]:
    yield from looks_s
    while True:
        yield looks_s[-1]
