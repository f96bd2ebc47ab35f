"""Follows the logs of the selected functions, and keeps those that were followed before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from textual import work
from textual.reactive import reactive

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.logs import Following, Live, LogBatch, LogEvent, LogSource, QuickSource, TailState
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.frame import QuietFrame
from lambdatui.ui.logs.state import CONNECTING, LogsState, NoFunction, Tailing, after, lags

_KEPT_LOGS = 8
_KEPT_LINES = 50_000
_SLICE_EVENTS = 2_000


class FollowingPane(QuietFrame):
    """Owns the followed functions, their lines and the tail that brings them; keeps the logs that were seen last.

    A subclass shows them: it is told by `functions_changed`, `log_shown`, `lines_came` and `older_came`.
    """

    source: reactive[LogSource | None] = reactive(None)
    function: reactive[FunctionSummary | None] = reactive(None)
    picked: reactive[tuple[FunctionSummary, ...]] = reactive(())
    state: reactive[LogsState] = reactive(NoFunction())

    def __init__(self, max_lines: int, new_log: Callable[[tuple[str, ...], int], FollowedLog]) -> None:
        super().__init__(id="logs")
        self._max_lines = max_lines
        self._new_log = new_log
        self._live = False
        self._untold_cost = ""
        self._logs: OrderedDict[frozenset[str], FollowedLog] = OrderedDict()
        self._log = new_log((), max_lines)

    # -- for a subclass

    def functions_changed(self) -> None:
        """Other functions are looked at, or the same ones with other settings."""
        raise NotImplementedError

    def log_shown(self) -> None:
        """Another log is the one to show."""
        raise NotImplementedError

    def lines_came(self) -> None:
        """The log has grown at its end."""
        raise NotImplementedError

    def older_came(self) -> None:
        """The log has grown at its beginning, or there is something to say about that."""
        raise NotImplementedError

    # -- the tail

    def watch_source(self) -> None:
        """Another target: nothing of the old one stays."""
        self._live = False
        self._logs.clear()
        if self.is_mounted:
            self._open_log()

    def watch_function(self) -> None:
        """Another function: its lines are here at once if they were followed before."""
        self._functions_changed()

    def watch_picked(self) -> None:
        """Several functions in one tail, or one again."""
        self._functions_changed()

    def _functions_changed(self) -> None:
        if self.is_mounted:
            self.functions_changed()
            if set(self._names()) != set(self._log.function_names):  # a list that is read again may have another order
                self._open_log()

    def _names(self) -> tuple[str, ...]:
        functions = self.picked or ((self.function,) if self.function is not None else ())
        return tuple(function.name for function in functions)

    def _open_log(self) -> None:
        self._shrink(self._log)
        self.workers.cancel_group(self, "logs-older")
        names = self._names()
        if self.source is None or not names:
            self.workers.cancel_group(self, "logs-follow")
            self._log = self._new_log((), self._max_lines)
            self.log_shown()
            self.state = NoFunction()
            self.say()
            return
        key = frozenset(names)
        log = self._logs.get(key) or self._new_log(names, self._max_lines)
        self._logs[key] = log
        self._logs.move_to_end(key)
        if len(self._logs) > _KEPT_LOGS:
            self._logs.popitem(last=False)
        self._log = log
        self.log_shown()
        self.state = CONNECTING
        self.say()
        self._follow(self.source, log)

    @work(group="logs-follow", exclusive=True)
    async def _follow(self, source: LogSource, log: FollowedLog) -> None:
        try:
            async for update in source.tail(replace(log.query(), live=self._live)):
                match update:
                    case LogBatch(events=batch):
                        await self._take(log, batch)
                    case TailState():
                        self._tell_live(update)
                        self.state = Tailing(update, self._clock())
                    case _:
                        assert_never(update)
        except WorkbenchError as error:
            self.state = after(self.state, error, self._clock())

    @work(group="logs-shrink")
    async def _shrink(self, log: FollowedLog) -> None:
        """A log that nobody looks at now keeps its newest lines; between two blocks of the others keys are answered."""
        shrinking = True
        while shrinking:
            await asyncio.sleep(0)
            left = log is not self._log
            shrinking = left and (log.invocations.read_some() or log.buffer.shrink(_KEPT_LINES))

    async def _take(self, log: FollowedLog, batch: tuple[LogEvent, ...]) -> None:
        """A batch in slices: between two of them keys are answered."""
        for start in range(0, len(batch), _SLICE_EVENTS):
            log.extend(batch[start : start + _SLICE_EVENTS])
            self.lines_came()
            if start + _SLICE_EVENTS < len(batch):
                await asyncio.sleep(0)
        compacting = True
        while compacting:
            compacting = log.buffer.compact()
            await asyncio.sleep(0)

    def read_older(self) -> None:
        """The reader wants to go beyond the oldest line."""
        if self.source is not None and self._may_read_older():
            self._read_older(self.source, self._log)

    def _may_read_older(self) -> bool:
        """Whether there may be more before the oldest line, and nobody reads it already."""
        return self._log.older.may_read(self._log) and not self._log.buffer.cleared

    @work(group="logs-older", exclusive=True)
    async def _read_older(self, source: LogSource, log: FollowedLog) -> None:
        """Older lines come in over those that are read; the reader's place stays."""
        async for _ in log.older.read(source, log):
            self.older_came()

    def say_lag(self) -> None:
        """While nothing comes, what is here falls further behind by itself."""
        if lags(self.state):
            self.say()

    def action_retry(self) -> None:
        """Open the log again."""
        if self.source is not None and self._log.function_names:
            self.state = CONNECTING
            self._follow(self.source, self._log)

    def action_live(self) -> None:
        """Follow by Live Tail, or by polling again; the lines stay, and none comes twice."""
        if self.source is None or not self._log.function_names or not isinstance(self.source, QuickSource):
            return
        self._live = not self._live
        self._untold_cost = self.source.live_cost if self._live else ""
        if not self._live:
            self.notify("Polling again: it costs nothing")
        self._follow(self.source, self._log)

    def _tell_live(self, state: TailState) -> None:
        """What became of Live Tail is told, not what was asked for: it costs from when it stands on."""
        if state.live is Live.OPEN and self._untold_cost:
            self.notify(f"{self._untold_cost}. T ends it")
            self._untold_cost = ""
        elif state.live is Live.REFUSED and self._live and state.following is Following.FOLLOWING:
            self._live = False
            self.notify(f"{state.words}. Polling goes on", severity="warning", timeout=8, markup=False)
