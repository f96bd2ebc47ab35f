"""Prints the log lines of one invocation on stderr while it runs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from lambdatui.cli.invocation_log import InvocationLog
from lambdatui.cli.output import Output
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.invocation_log import is_whole
from lambdatui.core.log_masks import Cover, mask
from lambdatui.core.logs import LogBatch, LogEvent, LogSource, TailQuery
from lambdatui.core.text import clean

_GRACE_S = 2.0
"""How long the REPORT of an answered invocation may take where it is written at once."""
LATE_S = 45.0
"""The same where a service stores it: mostly a few seconds, now and then a minute."""


@dataclass(slots=True)
class LiveLog:
    """Follows the function's log in a task of its own, and writes what `cover` leaves of one invocation's lines."""

    write: Callable[[str], None]
    cover: Cover = str
    log: InvocationLog = field(default_factory=InvocationLog)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    late_s: float | None = None
    over: bool = False
    """Nothing more comes: the log can't be read."""
    _written: Counter[str] = field(default_factory=Counter)

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

    @property
    def is_late(self) -> bool:
        """Whether the end of the log comes so late that nobody should wait for it with the answer."""
        return self.late_s is not None

    async def finish(self, request_id: str, log_tail: str = "", attempts: int = 1, most_s: float | None = None) -> bool:
        """The invocation has ended: wait for its last lines, `most_s` at most; show what `log_tail` has beside them.

        Returns whether all of the log was shown, as far as can be told.
        """
        self.know(request_id)
        whole = attempts == 1 and is_whole(log_tail, request_id)
        # Where a service stores the log, an answer that brings all of it need not wait for that.
        if whole and self.is_late:
            self._show_rest(log_tail)
            return True
        try:
            grace_s = _GRACE_S if self.late_s is None else self.late_s
            async with asyncio.timeout(grace_s if most_s is None else min(grace_s, most_s)):
                while self.log.reports < attempts and not self.over:
                    self.moved.clear()
                    await self.moved.wait()
        except TimeoutError:
            self.over = True
        # A clock that is ahead of the service's misses the START, and every line before the REPORT with it.
        if self.log.reports >= attempts and self.log.shown:
            return True
        self._show_rest(log_tail)
        return whole

    def _show(self, events: list[LogEvent]) -> None:
        if events and not self.over:
            self.write("\n".join(self.cover(event.message.rstrip("\r\n")) for event in events))
            self._written.update(line for event in events for line in _lines(event.message))

    def _show_rest(self, log_tail: str) -> None:
        """Those lines of the end of the log that were not shown as they came."""
        self.over = True
        written = self._written.copy()
        rest = []
        for line in _lines(log_tail):
            if written[line] > 0:
                written[line] -= 1
            else:
                rest.append(self.cover(line))
        if rest:
            self.write("\n".join(rest))


@asynccontextmanager
async def live_log(
    source: LogSource,
    function: str,
    since_ms: int,
    output: Output,
    late_s: float | None = None,
    *,
    masked: bool = False,
) -> AsyncIterator[LiveLog]:
    """A `LiveLog` that follows while the body runs. `late_s` is how long its end may take where a service stores it.
    With `masked` what looks secret is covered.

    A log that can't be read is a warning: the invocation goes on.
    """
    live = LiveLog(lambda text: output.say(text, "dim"), mask if masked else str, late_s=late_s)

    async def follow() -> None:
        try:
            await live.follow(source, TailQuery((function,), since_ms=since_ms))
        except WorkbenchError as error:
            output.complain(error, "warning")
            live.over = True
            live.moved.set()

    task = asyncio.create_task(follow())
    try:
        yield live
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()


def _lines(text: str) -> list[str]:
    return [line for line in clean(text).splitlines() if line]
