"""The Result pane: owns every function's invocation, and waits for its answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
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
from lambdatui.core.errors import MayHaveRun, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import (
    Accepted,
    Answer,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    Invoker,
    OutOfSight,
    Queued,
)
from lambdatui.core.invocation_log import InvocationLog, InvocationLogs, is_whole
from lambdatui.core.limits import Prices
from lambdatui.core.target import Backend, Target, TargetKind
from lambdatui.ui.field import Field
from lambdatui.ui.invoke.describe import describe_body, headline, subtitle
from lambdatui.ui.invoke.state import (
    Abandoned,
    Allowed,
    Failed,
    Finished,
    Following,
    Idle,
    InvocationState,
    Running,
)
from lambdatui.ui.invoke.view import BodyView
from lambdatui.ui.invoke.whole_log import log_at_once, log_in_the_end
from lambdatui.ui.pane import Pane

_LARGE_BYTES = 64 * 1024
_SHOW_EVERY_S = 0.1
_HELD_S = 0.7
"""A key that is held comes again after 0.25 to 0.66 s, and then 30 times a second."""


class ResultPane(Pane):
    """Shows the selected function's last invocation. Its workers alone write the states.

    Invoking a function again abandons the first wait; functions don't disturb each other.
    """

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
        self._backend = backend
        self._now = now
        self._target = target
        self._root = target.path
        self._states: dict[str, InvocationState] = {}
        self._seconds = self._bodies = 0
        self._last_asked: tuple[InvocationRequest | None, float] = (None, float("-inf"))
        self._told_held = False
        self._ends = target.kind is not TargetKind.AWS

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
        return self._states.get(self.function.name, Idle()) if self.function else Idle()

    @property
    def running(self) -> frozenset[str]:
        """The functions whose answer is awaited."""
        return frozenset(name for name, state in self._states.items() if isinstance(state, Running))

    def invoke(self, request: InvocationRequest, architecture: str) -> None:
        """Send `request`; a wait of the same function is abandoned first. A key that is held on AWS sends it once."""
        name = request.function_name
        if self._is_repetition(request):
            return
        self.workers.cancel_group(self, f"log-{name}")
        self._set(name, Running(request, time.monotonic(), self._ends))
        self._wait(request, architecture)

    def _is_repetition(self, request: InvocationRequest) -> bool:
        """Whether this is what was sent a moment ago and has no answer yet: a key that bounces, or is held."""
        last, last_s = self._last_asked
        now_s = time.monotonic()
        self._last_asked = request, now_s
        state = self._states.get(request.function_name)
        repeated = not self._ends and last == request and now_s - last_s < _HELD_S and isinstance(state, Running)
        if repeated and not self._told_held:
            self.notify("It is on its way, and was sent once.", title=request.function_name, markup=False)
        self._told_held = repeated
        return repeated

    def follow(self, request: InvocationRequest, request_id: str, architecture: str) -> None:
        """Show what becomes of an accepted async event."""
        # Accepted is queued: the queue tells of it only while the event waits there.
        queued = ((self._now(), Queued(request_id)),)
        state = Following(request_id, queued, ended=False, architecture=architecture, request=request)
        name = request.function_name
        self._set(name, state)
        group = f"follow-{name}"
        self.run_worker(self._steps(name, state), group=group, exclusive=True, name=group)

    def try_again(self) -> None:
        """Follow what went out of sight, such as when the credentials expired."""
        for state in self._states.values():
            if isinstance(state, Following) and state.request and isinstance(state.steps[-1][1], OutOfSight):
                self.follow(state.request, state.request_id, state.architecture)

    @property
    def waiting(self) -> bool:
        """Whether the selected function's answer is awaited."""
        return isinstance(self.state, Running)

    def stop_waiting(self) -> None:
        """Abandon the selected function's wait, if there is one."""
        if self.function and isinstance(state := self.state, Running):
            self.workers.cancel_group(self, f"invoke-{self.function.name}")
            waited_s = time.monotonic() - state.since_s
            self._set(self.function.name, Abandoned(state.request, waited_s, self._ends))

    def _wait(self, request: InvocationRequest, architecture: str) -> None:
        group = f"invoke-{request.function_name}"
        self.run_worker(self._answer(request, architecture), group=group, exclusive=True, name=group)

    async def _answer(self, request: InvocationRequest, architecture: str) -> None:
        name = request.function_name
        started_at, since_s = self._now(), time.monotonic()
        outcome: Answer | WorkbenchError
        received = bytearray()
        try:
            invoker = (await self._backend()).invoker
            if request.streamed:
                outcome = await self._received(invoker, request, received)
            else:
                outcome = await invoker.invoke(request)
        except WorkbenchError as error:
            outcome = error
        elapsed_ms = (time.monotonic() - since_s) * 1000
        self.post_message(self.Answered(request, outcome, started_at, elapsed_ms))
        match outcome:
            case WorkbenchError():
                self._set(name, Failed(request, outcome, bytes(received)))
            case Completed():
                await self._finish(Finished(request, outcome, architecture))
            case Accepted(request_id):
                self.follow(request, request_id, architecture)
            case permitted:
                self._set(name, Allowed(request, permitted))

    async def _received(self, invoker: Invoker, request: InvocationRequest, received: bytearray) -> Completed:
        """Show a streamed answer as it comes, at most ten times a second; what it came to in the end."""
        shown_s = float("-inf")
        name = request.function_name
        async with aclosing(invoker.stream(request)) as parts:  # type: ignore[type-var]  # every stream is a generator
            async for part in parts:
                if isinstance(part, Completed):
                    return part
                received += part.payload
                state = self._states.get(name)
                if (
                    isinstance(state, Running)
                    and state.request is request
                    and time.monotonic() - shown_s > _SHOW_EVERY_S
                ):
                    shown_s = time.monotonic()
                    self._set(name, replace(state, received=bytes(received)))
        raise MayHaveRun("The stream ended without an end", hint="Look at the logs first.")

    async def _finish(self, state: Finished) -> None:
        """Show the answer; where the log is elsewhere, its end at once, and all of it when it has arrived."""
        name, completed = state.request.function_name, state.completed
        logs = (await self._backend()).invocation_logs
        if logs is None:
            self._set(name, state)
            return
        complete = is_whole(completed.log_tail, completed.request_id)
        self._set(name, replace(state, log=log_at_once(completed, complete=complete)))
        if not complete:
            group = f"log-{name}"
            self.run_worker(self._complete_log(state, logs), group=group, exclusive=True, name=group)

    async def _complete_log(self, state: Finished, logs: InvocationLogs) -> None:
        name, completed = state.request.function_name, state.completed
        found: InvocationLog | WorkbenchError
        try:
            found = await logs.find(name, completed.request_id, completed.started_at)
        except WorkbenchError as error:
            found = error
        completed, log = log_in_the_end(completed, found)
        current = self._states.get(name)
        if isinstance(current, Finished) and current.completed.request_id == completed.request_id:
            self._set(name, replace(current, completed=completed, log=log))

    async def _steps(self, name: str, state: Following) -> None:
        request_id = state.request_id
        try:
            invoker = (await self._backend()).invoker
            async for step in invoker.follow(request_id):
                if isinstance(step, Queued):
                    continue
                ended = isinstance(step, Delivered | Discarded | OutOfSight)
                state = replace(state, steps=(*state.steps, (self._now(), step)), ended=ended)
                current = self._states.get(name)
                # A newer invocation of the function has the pane by now: its event still runs to its end.
                if isinstance(current, Following) and current.request_id == request_id:
                    self._set(name, state)
                if isinstance(step, Delivered | Discarded | OutOfSight):
                    self.post_message(self.Ended(name, step))
        except WorkbenchError as error:
            self.notify(
                f"{error.title}. {error.detail}", title="The event is still queued", severity="warning", markup=False
            )

    def _set(self, name: str, state: InvocationState) -> None:
        self._states[name] = state
        self.post_message(self.Changed(name, state))
        if self.function and self.function.name == name:
            self._show()

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
