"""Follows the logs of one place among several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeAlias

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogBatch, LogSource, TailQuery, TailUpdate
from lambdatui.core.recent_events import RecentEvents

_MENDED_S = 90.0
"""A place that can't be tailed is tried again after this time."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The place can't be tailed for now."""

    error: WorkbenchError


PlaceUpdate: TypeAlias = "tuple[int, TailUpdate | Failed]"
"""What came, and which beginning of the tail it belongs to."""


class PlaceTail:
    """Owns how far one place was read. Where somebody follows it outlives its own failures, and brings no event twice.

    After each batch and state it waits for `go_on`. What is of another `beginning` than the present one is to be passed
    over.
    """

    def __init__(self, source: LogSource, query: TailQuery) -> None:
        self.query = query
        self.beginning = 0
        self._source = source
        self._recent = RecentEvents()
        self._newest_ms: int | None = None
        self._wanted = asyncio.Event()

    def begin_at(self, since_ms: int) -> None:
        """Forget what was brought, and bring everything from a moment on."""
        self.query = replace(self.query, since_ms=since_ms)
        self.beginning += 1
        self._recent = RecentEvents()
        self._newest_ms = None

    def go_on(self) -> None:
        """What it gave was taken, and there is room for more."""
        self._wanted.set()

    async def updates(self) -> AsyncGenerator[PlaceUpdate, None]:
        """See `LogSource.tail`; where somebody follows, an error of it is told, and waited out."""
        while True:
            beginning = self.beginning
            try:
                async with aclosing(self._source.tail(self._resumed())) as updates:  # type: ignore[type-var]  # a generator
                    async for update in updates:
                        self._wanted.clear()
                        yield beginning, self._remembered(update)
                        await self._wanted.wait()
                        if beginning != self.beginning:
                            break
                    else:
                        return
            except WorkbenchError as error:
                if not self.query.follow:
                    raise
                yield beginning, Failed(error)
                await asyncio.sleep(_MENDED_S)

    def _resumed(self) -> TailQuery:
        if self._newest_ms is None:
            return self.query
        since_ms = max(self._recent.resume_ms(self._newest_ms), self.query.since_ms or 0)
        return replace(self.query, since_ms=since_ms)

    def _remembered(self, update: TailUpdate) -> TailUpdate:
        if not isinstance(update, LogBatch) or not update.events:
            return update
        events = tuple(self._recent.unseen(update.events))
        if events:
            self._newest_ms = max(self._newest_ms or 0, *(event.timestamp_ms for event in events))
            self._recent.remember(events, self._newest_ms)
        return LogBatch(events)
