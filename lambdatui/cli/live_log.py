"""Prints the log lines of one invocation on stderr while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from lambdatui.cli.invocation_log import InvocationLog
from lambdatui.cli.output import Output
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogBatch, LogEvent, LogSource, TailQuery

_GRACE_S = 2.0
"""How long the REPORT of an answered invocation may take: locally it is there at once, a service needs a moment."""


@dataclass(slots=True)
class LiveLog:
    """Follows the function's log in a task of its own, and writes the lines of one invocation."""

    write: Callable[[str], None]
    log: InvocationLog = field(default_factory=InvocationLog)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, source: LogSource, query: TailQuery) -> None:
        """Take what the source brings, until cancelled."""
        async with aclosing(source.tail(query)) as updates:  # type: ignore[type-var]  # every tail is a generator
            async for update in updates:
                if isinstance(update, LogBatch):
                    self._show(self.log.extend(update.events))
                    self.moved.set()

    def know(self, request_id: str) -> None:
        """From now on it is known which invocation is meant."""
        self._show(self.log.know(request_id))

    async def finish(self, request_id: str, log_tail: str = "", attempts: int = 1) -> None:
        """The invocation has ended: wait a moment for its last lines; if none came at all, show `log_tail`."""
        self.know(request_id)
        try:
            async with asyncio.timeout(_GRACE_S):
                while self.log.reports < attempts:
                    self.moved.clear()
                    await self.moved.wait()
        except TimeoutError:
            if not self.log.shown and log_tail:
                self.write(log_tail.rstrip("\n"))

    def _show(self, events: list[LogEvent]) -> None:
        if events:
            self.write("\n".join(event.message.rstrip("\r\n") for event in events))


@asynccontextmanager
async def live_log(source: LogSource, function: str, since_ms: int, output: Output) -> AsyncIterator[LiveLog]:
    """A `LiveLog` that follows while the body runs. A log that can't be read is a warning: the invocation goes on."""
    live = LiveLog(lambda text: output.say(text, "dim"))

    async def follow() -> None:
        try:
            await live.follow(source, TailQuery((function,), since_ms=since_ms))
        except WorkbenchError as error:
            output.complain(error, "warning")

    task = asyncio.create_task(follow())
    try:
        yield live
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()
