"""The logs pane: follows the log of the selected function."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar, assert_never

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.log_filter import LogFilter
from lambdatui.core.log_lines import Level
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.logs import LogBatch, LogEvent, LogSource, TailState
from lambdatui.ui.logs.filter_bar import FilterBar
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.state import CONNECTING, Broken, LogsState, NoFunction, Tailing, describe
from lambdatui.ui.logs.view import LogView
from lambdatui.ui.pane import Pane

_KEPT_LOGS = 8
_KEPT_LINES = 50_000
_SLICE_S = 0.008
"""So long may a search or a batch hold the event loop before a key is answered."""
_SLICE_EVENTS = 2_000
_WORDS_S = 0.5


class LogsPane(Pane):
    """Owns the followed function, its lines and the tail that brings them; keeps the logs of the last few functions.

    `source` and `function` are given from above. Knows neither where the lines come from nor who invoked.
    """

    DEFAULT_CSS = """
    LogsPane { height: 1fr; }
    """
    SHORTCUT_SCOPE: ClassVar[str] = "Logs"
    BINDINGS = [
        Binding("slash", "filter", "Filter", id="logs.filter", tooltip="Show only the lines with a text or /regex/"),
        Binding("n", "next_error(1)", "Next error", id="logs.next_error", tooltip="Go to the next error below"),
        Binding(
            "N",
            "next_error(-1)",
            "Previous error",
            id="logs.previous_error",
            show=False,
            tooltip="To the error above",
        ),
        Binding("w", "wrap", "Wrap", id="logs.wrap", tooltip="Break long lines, or scroll sideways"),
        Binding("ctrl+l", "clear", "Clear", id="logs.clear", tooltip="Clear the view; the stored log stays"),
        Binding("u", "restore", "Undo clear", id="logs.restore", tooltip="Bring back the lines that were cleared"),
        Binding("r", "retry", "Try again", id="logs.retry", tooltip="Open the log again"),
    ]
    number = "4"

    @dataclass
    class Copied(Message):
        """A line or an event was asked for on the clipboard, as it arrived."""

        text: str

    source: reactive[LogSource | None] = reactive(None)
    function: reactive[FunctionSummary | None] = reactive(None)
    utc: reactive[bool] = reactive(True)
    state: reactive[LogsState] = reactive(NoFunction())

    def __init__(self, max_lines: int = 100_000) -> None:
        super().__init__(id="logs")
        # Held, not looked up: the tail may bring lines while the pane is being taken down.
        self._view = LogView()
        self._bar = FilterBar()
        self._max_lines = max_lines
        self._logs: OrderedDict[str, FollowedLog] = OrderedDict()
        self._log = FollowedLog("", max_lines)
        self._pattern: LinePattern | None = None
        self._found: LogFilter | None = None
        self._hidden = 0
        self._written: tuple[str | Content, str | Content] | None = None
        self._saying: Timer | None = None

    def compose(self) -> ComposeResult:
        """The lines; under them the filter, when there is one."""
        yield self._view.data_bind(LogsPane.utc)
        yield self._bar

    def on_mount(self) -> None:
        """Say what there is."""
        self._open_log()

    def mark(self, request_id: str) -> None:
        """Mark the lines of one invocation; "" for none."""
        self._view.marked = request_id

    # -- the tail

    def watch_source(self) -> None:
        """Another target: nothing of the old one stays."""
        self._logs.clear()
        if self.is_mounted:
            self._open_log()

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: its lines are here at once if they were followed before."""
        if self.is_mounted and (old.name if old else "") != (new.name if new else ""):
            self._open_log()

    def _open_log(self) -> None:
        self._log.buffer.shrink(_KEPT_LINES)
        if self.source is None or self.function is None:
            self.workers.cancel_group(self, "logs-follow")
            self._show(FollowedLog("", self._max_lines))
            self.state = NoFunction()
            self._say()
            return
        name = self.function.name
        log = self._logs.get(name) or FollowedLog(name, self._max_lines)
        self._logs[name] = log
        self._logs.move_to_end(name)
        if len(self._logs) > _KEPT_LOGS:
            self._logs.popitem(last=False)
        self._show(log)
        self.state = CONNECTING
        self._say()
        self._follow(self.source, log)

    def _show(self, log: FollowedLog) -> None:
        self._hidden = 0
        self._found = None
        self._view.show(log)
        self._log = log
        self._search(self._pattern)

    @work(group="logs-follow", exclusive=True)
    async def _follow(self, source: LogSource, log: FollowedLog) -> None:
        try:
            async for update in source.tail(log.query()):
                match update:
                    case LogBatch(events):
                        await self._take(log, events)
                    case TailState():
                        self.state = Tailing(update)
                    case _:
                        assert_never(update)
        except WorkbenchError as error:
            self.state = Broken(error)

    async def _take(self, log: FollowedLog, events: tuple[LogEvent, ...]) -> None:
        """A batch in slices: between two of them keys are answered."""
        for start in range(0, len(events), _SLICE_EVENTS):
            log.extend(events[start : start + _SLICE_EVENTS])
            self._view.lines_came()
            if start + _SLICE_EVENTS < len(events):
                await asyncio.sleep(0)
        compacting = True
        while compacting:
            compacting = log.buffer.compact()
            await asyncio.sleep(0)
        self._say_soon()

    # -- the words

    def watch_state(self) -> None:
        """Say what the tail does now."""
        self._say()
        if self.is_mounted:
            self.refresh_bindings()

    @on(LogView.FollowingChanged)
    def _say(self) -> None:
        if self._saying is not None:
            self._saying.stop()
            self._saying = None
        if not self.is_mounted:
            return
        buffer = self._log.buffer
        filtered = self._found is not None and not len(self._found) and len(buffer) > 0
        words = describe(
            self.state, self._log.function_name, hidden=self._hidden if buffer.cleared else 0, filtered=filtered
        )
        self._view.picture = words.picture
        parts: list[tuple[str, str]] = [("Logs", "")]
        if self._log.function_name:
            parts += [(" ── ", "$text-muted"), (self._log.function_name, "")]
        if words.title:
            reading_back = not self._view.following and words.tone == "success"
            title = "reading back, G follows" if reading_back else words.title
            parts.append((f" · {title}", "$warning" if reading_back else _TONES[words.tone]))
        if len(buffer):
            parts.append((f" · {len(buffer):,} {'line' if len(buffer) == 1 else 'lines'}", "$text-muted"))
        self.set_frame(Content.assemble(*parts), " · ".join(self._notes()))
        self._say_found()

    def set_frame(self, title: str | Content, subtitle: str | Content = "") -> None:
        """Write the frame's texts, and draw the two rows that hold them, if they have changed.

        Setting `border_title` draws the whole pane: at ten batches a second that is 120 kB a second for a number.
        """
        if (title, subtitle) == self._written:
            return
        self._written = (title, subtitle)
        if self._border_title is None:
            super().set_frame(title, subtitle)
            return
        self._border_title = Content.assemble((f"{self.number} ", "$accent bold"), title)
        self._border_subtitle = Content(subtitle) if isinstance(subtitle, str) else subtitle
        width, height = self.outer_size
        self.refresh(Region(-1, -1, width, 1), Region(-1, height - 2, width, 1))

    def _say_soon(self) -> None:
        """Say it with the next of at most four a second: a batch changes little more than a number."""
        if self._saying is None:
            self._saying = self.set_timer(_WORDS_S, self._say)

    def _notes(self) -> list[str]:
        notes = []
        if self._log.buffer.cleared:
            notes.append(f"{self._hidden:,} cleared, u brings them back")
        if isinstance(self.state, Broken):
            notes.append("r tries again")
        if self._view.wrap:
            notes.append("wrapped")
        return notes

    # -- the filter

    @on(FilterBar.Changed)
    def _filter_typed(self, event: FilterBar.Changed) -> None:
        try:
            pattern = parse_pattern(event.text)
        except InvalidInput as error:
            self._bar.say(f"{error.title}: {error.detail}", invalid=True)
            return
        if pattern != self._pattern:
            self._search(pattern)

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._view.focus()

    def _search(self, pattern: LinePattern | None) -> None:
        self._pattern = pattern
        if pattern is None:
            self._found = None
            self.workers.cancel_group(self, "logs-filter")
        else:
            self._found = self._log.buffer.filter(pattern, within=self._found)
            self._advance(self._found)
        self._view.show_only(self._found)
        self._say()

    @work(group="logs-filter", exclusive=True)
    async def _advance(self, found: LogFilter) -> None:
        """Search in slices, newest lines first: the first screenful shows long before the last line is looked at."""
        began = monotonic()
        while found.advance():
            if monotonic() - began >= _SLICE_S:
                self._view.lines_came()
                self._say_found()
                await asyncio.sleep(0)
                began = monotonic()
        self._view.repaint()
        self._say()

    def _say_found(self) -> None:
        if self._found is None:
            text = ""
        elif self._found.complete:
            text = f"{len(self._found):,} of {len(self._log.buffer):,} lines"
        else:
            text = f"{len(self._found):,} lines, searched {self._found.progress:.0%}"
        if not (self._bar.has_class("-invalid") and self._bar.text.strip() and self._pattern_is_stale(self._bar.text)):
            self._bar.say(text)

    def _pattern_is_stale(self, typed: str) -> bool:
        """Whether what is typed is no pattern, so that the one before it still filters."""
        try:
            return parse_pattern(typed) != self._pattern
        except InvalidInput:
            return True

    # -- the keys

    @on(LogView.Copied)
    def _copied(self, event: LogView.Copied) -> None:
        event.stop()
        self.post_message(self.Copied(event.text))

    @on(LogView.Opened)
    def _opened(self, event: LogView.Opened) -> None:
        event.stop()
        self._open_event(event)

    @work(group="dialog", exclusive=True)
    async def _open_event(self, event: LogView.Opened) -> None:
        from lambdatui.ui.logs.detail import EventDetail  # noqa: PLC0415 - not needed for the first paint

        text = await self.app.push_screen_wait(EventDetail(event.lines, utc=self.utc))
        if text is not None:
            self.post_message(self.Copied(text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """`u` and `r` only where they mean something; the rest is dimmed while there is no line."""
        if action == "restore":
            return self._log.buffer.cleared
        if action == "retry":
            return isinstance(self.state, Broken)
        if action in ("next_error", "clear"):
            return True if len(self._log.buffer) else None
        return True

    def action_filter(self) -> None:
        """Type a filter."""
        self._bar.open()

    def action_wrap(self) -> None:
        """Break long lines, or not."""
        self._view.wrap = not self._view.wrap
        self._say()

    def action_next_error(self, direction: int) -> None:
        """Go to the next error, or say that there is none."""
        if not self._view.next_at_level(Level.ERROR, forward=direction > 0):
            self.notify(f"No error {'below' if direction > 0 else 'above'} this line", timeout=2)

    def action_clear(self) -> None:
        """Clear the view; `u` takes it back."""
        before = self._hidden if self._log.buffer.cleared else 0
        self._hidden = before + self._log.buffer.clear()
        self._lines_moved()

    def action_restore(self) -> None:
        """Bring back what was cleared."""
        self._log.buffer.restore()
        if self._found is not None:
            self._advance(self._found)
        self._lines_moved()

    def _lines_moved(self) -> None:
        self._say()
        self._view.action_follow()
        self.refresh_bindings()

    def action_retry(self) -> None:
        """Open the log again."""
        if self.source is not None and self._log.function_name:
            self.state = CONNECTING
            self._follow(self.source, self._log)


_TONES = {"muted": "$text-muted", "success": "$success", "warning": "$warning", "error": "$error"}
