"""A log source that says what a test scripts, and an app with nothing but the pane."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState, TailUpdate
from lambdatui.core.new_file import NewFile
from lambdatui.core.tail_window import newest
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.view import LogView

START_MS = 1_795_442_400_000  # 2026-11-23 14:00:00 UTC
ID = "8f5a1c22-91d3-4f1c-8a2b-00000000000{}"


def event(at_ms: int, message: str, function_name: str = "resize-image") -> LogEvent:
    """An event `at_ms` after two in the afternoon."""
    return LogEvent(f"{function_name}-{at_ms}-{message}", START_MS + at_ms, START_MS + at_ms, "s", message)


class ScriptedLogs:
    """A `LogSource` that keeps what it is given and tells each tail: all of it once, then what comes."""

    def __init__(self) -> None:
        self.queries: list[TailQuery] = []
        self._stored: dict[str, list[LogEvent]] = {}
        self._tails: list[tuple[TailQuery, asyncio.Queue[TailUpdate | WorkbenchError]]] = []

    async def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """See the port: every event once, in batches."""
        self.queries.append(query)
        queue: asyncio.Queue[TailUpdate | WorkbenchError] = asyncio.Queue()
        stored = self._of(query)
        if query.since_ms is not None:
            stored = [one for one in stored if one.timestamp_ms >= query.since_ms]
        else:
            stored = list(newest(stored, query.newest))
        self._tails.append((query, queue))
        try:
            if stored:
                yield LogBatch(tuple(stored))
            while True:
                update = await queue.get()
                if isinstance(update, WorkbenchError):
                    raise update
                yield update
        finally:
            self._tails = [one for one in self._tails if one[1] is not queue]

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See the port."""
        older = [one for one in self._of(query) if one.timestamp_ms < before_ms]
        return tuple(newest(older, limit))

    def _of(self, query: TailQuery) -> list[LogEvent]:
        stored = [one for name in query.function_names for one in self._stored.get(name, ())]
        return sorted(stored, key=lambda one: one.timestamp_ms)

    def write(self, *events: LogEvent, function_name: str = "resize-image") -> None:
        """The function logs these, in one batch."""
        self.say(LogBatch(self.store(*events, function_name=function_name)), function_name)

    def store(self, *events: LogEvent, function_name: str = "resize-image") -> tuple[LogEvent, ...]:
        """The function has logged these."""
        events = tuple(
            LogEvent(one.event_id, one.timestamp_ms, one.ingestion_ms, one.stream, one.message, function_name)
            for one in events
        )
        self._stored.setdefault(function_name, []).extend(events)
        return events

    def say(self, update: TailUpdate | WorkbenchError, function_name: str = "resize-image") -> None:
        """Whoever tails the function hears this."""
        for query, queue in self._tails:
            if function_name in query.function_names:
                queue.put_nowait(update)


class LogsApp(App[None]):
    """The pane, alone on a screen."""

    def __init__(
        self,
        source: ScriptedLogs | None,
        function_name: str = "resize-image",
        max_lines: int = 1000,
        new_file: Callable[[str], NewFile] | None = None,
    ) -> None:
        super().__init__()
        self.new_file = new_file
        self.found: list[str] = []
        self.source = source
        self.function_name = function_name
        self.max_lines = max_lines
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        """Nothing but the pane."""
        yield LogsPane(self.max_lines, new_file=self.new_file)

    def on_mount(self) -> None:
        """Give the pane what the workbench would give it."""
        pane = self.query_one(LogsPane)
        pane.source = self.source
        if self.function_name:
            pane.function = FunctionSummary(self.function_name)
        pane.focus_pane()

    def on_logs_pane_event_found(self, message: LogsPane.EventFound) -> None:
        """The workbench owns the event."""
        self.found.append(message.text)

    def on_logs_pane_copied(self, message: LogsPane.Copied) -> None:
        """The app owns the clipboard."""
        self.copied.append(message.text)


def rows(widget: Widget) -> list[str]:
    """What the widget shows, row by row."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def lines_shown(app: App[None]) -> list[str]:
    """The rows of the view that hold a line, without time and gutter."""
    view = app.query_one(LogView)
    found = []
    for row in rows(view):
        text = row.removesuffix("▐").rstrip()
        if text and not text.startswith(" ── "):
            found.append(text[14:] if text[13:14] in ("▎", "▌") else text)
    return found


def frame_of(app: App[None]) -> str:
    """The texts in the frame of the pane."""
    pane = app.query_one(LogsPane)
    title, subtitle = (Content.from_markup(str(text or "")).plain for text in (pane.border_title, pane.border_subtitle))
    return f"{title} {subtitle}"


async def shown_in(pilot: Pilot[None], kind: type[Widget], *wanted: str) -> None:
    """Wait until a widget of that kind shows each of `wanted`."""
    deadline = asyncio.get_running_loop().time() + 10
    while True:
        await pilot.pause()
        text = "\n".join(rows(pilot.app.query_one(kind)))
        if all(one in text for one in wanted):
            return
        assert asyncio.get_running_loop().time() < deadline, f"{wanted} is not on:\n{text}"
        await asyncio.sleep(0.01)


async def until(pilot: Pilot[None], wanted: Iterable[str] | str) -> None:
    """Wait until each of `wanted` is on the pane, or fail with what is there."""
    wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    deadline = asyncio.get_running_loop().time() + 10
    while True:
        await pilot.pause()
        text = "\n".join([frame_of(pilot.app), *rows(pilot.app.query_one(LogView))])
        if all(one in text for one in wanted):
            return
        assert asyncio.get_running_loop().time() < deadline, f"{wanted} is not on:\n{text}"
        await asyncio.sleep(0.01)


FOLLOWING = TailState(Following.FOLLOWING, 0.2)
