"""Reads the history before the oldest line of a log, a page at a time, and says how that goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogSource, TailQuery

if TYPE_CHECKING:
    from lambdatui.ui.logs.followed import FollowedLog

PAGE_EVENTS = 2_000
BEGINNING = "── the log begins here ──"
FULL = "── older lines are not kept: log_buffer_lines is reached ──"
READING = "loading older lines …"


class Older:
    """Owns what is known of the time before the first line of one log: whether there is more, and what is said."""

    def __init__(self) -> None:
        self._said = ""
        self._said_at_ms: int | None = None

    def note(self, log: FollowedLog) -> str:
        """What stands over the first line of `log`; "" as soon as another line is the first."""
        return self._said if self._said_at_ms == log.buffer.oldest_ms else ""

    def may_read(self, log: FollowedLog) -> bool:
        """Whether asking for more makes sense now."""
        return log.buffer.oldest_ms is not None and self.note(log) not in (BEGINNING, READING)

    async def read(self, source: LogSource, log: FollowedLog) -> AsyncIterator[None]:
        """One page, into `log`; a pause in which to show the note, before and after it."""
        oldest_ms = log.buffer.oldest_ms
        if oldest_ms is None:
            return
        if log.buffer.full:
            self._say(FULL, log)
            yield
            return
        self._say(READING, log)
        yield
        try:
            found = await source.older(TailQuery(log.function_names), oldest_ms, PAGE_EVENTS)
        except WorkbenchError as error:
            self._say(f"── older lines can't be read: {error.title} ──", log)
            yield
            return
        except BaseException:
            self._say("", log)  # the reader went to another log: to be asked for again
            raise
        log.prepend(found)
        self._say("" if found else BEGINNING, log)
        yield

    async def read_back_to(self, source: LogSource, log: FollowedLog, moment_ms: int) -> AsyncIterator[None]:
        """Page by page, until `moment_ms` is in `log` or no more can be had; then the note says why."""
        before_ms = log.buffer.oldest_ms
        while before_ms is not None and moment_ms < before_ms and self.note(log) != BEGINNING:
            async for _ in self.read(source, log):
                yield
            oldest_ms = log.buffer.oldest_ms
            if oldest_ms == before_ms:
                return
            before_ms = oldest_ms

    def _say(self, words: str, log: FollowedLog) -> None:
        self._said, self._said_at_ms = words, log.buffer.oldest_ms
