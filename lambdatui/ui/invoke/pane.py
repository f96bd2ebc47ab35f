"""The Result pane: what became of the selected function's last invocation."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from lambdatui.blocking import call_blocking
from lambdatui.core.aws_command import MOST_INLINE_BYTES, invoke_command
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import (
    Answer,
    Delivered,
    Discarded,
    InvocationRequest,
    OutOfSight,
)
from lambdatui.core.limits import Prices
from lambdatui.core.target import Backend, Target, TargetKind
from lambdatui.ui.field import Field
from lambdatui.ui.invoke.describe import describe_body, headline, subtitle
from lambdatui.ui.invoke.state import Finished, Idle, InvocationState, Running
from lambdatui.ui.invoke.view import BodyView
from lambdatui.ui.invoke.waiting import Invocations
from lambdatui.ui.pane import Pane

_LARGE_BYTES = 64 * 1024


class ResultPane(Pane):
    """Shows the selected function's last invocation, to be searched, copied and saved. Waits for none itself."""

    SHORTCUT_SCOPE = "Result"
    DEFAULT_CSS = """
    ResultPane > Input, ResultPane > Input:focus {
        dock: bottom; border: none; height: 1; padding: 0 1;
        background: $boost; background-tint: transparent; display: none;
    }
    ResultPane.-searching > Input { display: block; }
    """
    BINDINGS = [
        Binding("slash", "search", "Search", id="result.search", tooltip="Search in the answer"),
        Binding("y", "copy", "Copy", id="result.copy", tooltip="Copy the answer to the terminal's clipboard"),
        Binding(
            "Y",
            "copy_command",
            "Copy as aws command",
            id="result.copy_command",
            show=False,
            tooltip="Copy the invocation as an aws lambda invoke command",
        ),
        Binding("s", "save", "Save to file", id="result.save", tooltip="Write the answer to a file"),
        Binding("escape", "close_search", "Close search", id="result.close_search", show=False),
    ]
    number = "3"

    @dataclass
    class Changed(Message):
        """An invocation went on; `state` is what the function's invocation is now."""

        function_name: str
        state: InvocationState

        @property
        def running(self) -> bool:
            """Whether an answer is awaited."""
            return isinstance(self.state, Running)

    @dataclass
    class Answered(Message):
        """One request got its answer, or an error."""

        request: InvocationRequest
        answer: Answer | WorkbenchError
        started_at: datetime
        elapsed_ms: float

    @dataclass
    class Ended(Message):
        """An async event came to its end, or out of sight."""

        function_name: str
        step: Delivered | Discarded | OutOfSight

    @dataclass
    class Copied(Message):
        """The answer is to go to the clipboard."""

        text: str

    @dataclass
    class SaveRequested(Message):
        """The answer is to be written to a file."""

        text: str
        suggested_name: str

    function: reactive[FunctionSummary | None] = reactive(None)

    def __init__(
        self,
        backend: Callable[[], Awaitable[Backend]],
        now: Callable[[], datetime],
        target: Target,
        prices: Prices,
    ) -> None:
        super().__init__(id="result")
        self._prices = prices
        # Held, not looked up: an answer may come while the pane is being taken down.
        self._view = BodyView()
        self._target = target
        self._root = target.path
        self._bodies = 0
        self._invocations = Invocations(self, self, backend, now, ends=target.kind is not TargetKind.AWS)

    def compose(self) -> ComposeResult:
        """The body; the search line comes when it is asked for."""
        yield self._view

    def on_mount(self) -> None:
        """Count a running invocation's seconds."""
        self._ticker = self.set_interval(0.1, self._tick, pause=True)
        self._show()

    @property
    def state(self) -> InvocationState:
        """The selected function's invocation."""
        return self._invocations.state_of(self.function.name) if self.function else Idle()

    @property
    def running(self) -> frozenset[str]:
        """The functions whose answer is awaited."""
        return self._invocations.running

    @property
    def waiting(self) -> bool:
        """Whether the selected function's answer is awaited."""
        return isinstance(self.state, Running)

    def invoke(self, request: InvocationRequest, architecture: str) -> None:
        """Send `request`, see `Invocations.invoke`."""
        self._invocations.invoke(request, architecture)

    def try_again(self) -> None:
        """Follow what went out of sight, such as when the credentials expired."""
        self._invocations.try_again()

    def stop_waiting(self) -> None:
        """Abandon the selected function's wait, if there is one."""
        if self.function:
            self._invocations.stop_waiting(self.function.name)

    def invocation_changed(self, function_name: str, state: InvocationState) -> None:
        """See `Listener`."""
        self.post_message(self.Changed(function_name, state))
        if self.function and self.function.name == function_name:
            self._show()

    def invocation_answered(
        self, request: InvocationRequest, answer: Answer | WorkbenchError, started_at: datetime, elapsed_ms: float
    ) -> None:
        """See `Listener`."""
        self.post_message(self.Answered(request, answer, started_at, elapsed_ms))

    def event_ended(self, function_name: str, step: Delivered | Discarded | OutOfSight) -> None:
        """See `Listener`."""
        self.post_message(self.Ended(function_name, step))

    def watch_function(self) -> None:
        """Another function: its last invocation."""
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        state = self.state
        self._title()
        if isinstance(state, Running):
            self._ticker.resume()
        else:
            self._ticker.pause()
        self._bodies += 1
        if _size_of(state) > _LARGE_BYTES:
            self._lay_out(state, self._bodies)
        else:
            self._view.body = describe_body(state, self._root)
        self.refresh_bindings()

    @work(group="result-body", exclusive=True)
    async def _lay_out(self, state: InvocationState, turn: int) -> None:
        # Pretty-printing 6 MB takes long: not on the event loop.
        body = await call_blocking(describe_body, state, self._root)
        if turn == self._bodies:
            self._view.body = body

    def _title(self, found: str = "") -> None:
        # The frame's corners and the pane's number take eight cells of the edge.
        text = headline(self.state, time.monotonic(), max(self.size.width - 8, 0) or 200)
        self.set_frame(text, Content(found or subtitle(self.state, self._prices)))

    def on_resize(self) -> None:
        """The headline drops what does not fit."""
        self._title()

    def _tick(self) -> None:
        self._title()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Copy and save need something to copy and save."""
        if action in ("copy", "save", "search") and isinstance(self.state, Idle | Running):
            return None
        if action == "copy_command":
            return True if _request_of(self.state) is not None else None
        if action == "close_search":
            return self.has_class("-searching")
        return super().check_action(action, parameters)

    async def action_search(self) -> None:
        """Open the search line."""
        if not self.query(Input):
            await self.mount(Field(placeholder="search in the answer", id="result-search"))
        self.add_class("-searching")
        self.query_one(Input).focus()

    def action_close_search(self) -> None:
        """Close the search line and forget the needle."""
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self._view.focus()
        self._tick()

    @on(Input.Changed)
    def _searching(self, event: Input.Changed) -> None:
        event.stop()
        self._view.needle = event.value

    @on(Input.Submitted)
    def _searched(self, event: Input.Submitted) -> None:
        event.stop()
        self._view.focus()

    @on(BodyView.Searched)
    def _count(self, event: BodyView.Searched) -> None:
        event.stop()
        if self._view.needle:
            found = f"match {event.position} of {event.total} · n N" if event.total else "no match"
            self._title(found)

    def action_copy(self) -> None:
        """Copy the answer."""
        self.post_message(self.Copied(self._view.body.raw))

    def action_copy_command(self) -> None:
        """Copy the command line that does the same."""
        request = _request_of(self.state)
        if request is not None:
            name, place = self._target.place_of(request.function_name)
            self.post_message(self.Copied(invoke_command(replace(request, function_name=name), place)))
            if request.streamed:
                self.notify("The aws command can't stream: its answer comes whole.", markup=False)
            if len(request.payload) > MOST_INLINE_BYTES:
                self.notify("The event is too large for a command line: put it into event.json.", markup=False)

    def action_save(self) -> None:
        """Write the answer to a file."""
        state = self.state
        request_id = state.completed.request_id if isinstance(state, Finished) else "answer"
        name = self.function.name if self.function else "answer"
        self.post_message(self.SaveRequested(self._view.body.raw, f"{name}-{request_id[:8]}.json"))


def _request_of(state: InvocationState) -> InvocationRequest | None:
    return None if isinstance(state, Idle) else state.request


def _size_of(state: InvocationState) -> int:
    """How much there is to lay out."""
    if not isinstance(state, Finished):
        return 0
    return len(state.completed.payload) + (len(state.log.text) if state.log else 0)
