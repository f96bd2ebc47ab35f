"""Waits for the answers of invocations, each function's apart from the others'."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from textual.widget import Widget

from lambdatui.core.errors import MayHaveRun, WorkbenchError
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
from lambdatui.core.target import Backend
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
from lambdatui.ui.invoke.whole_log import log_at_once, log_in_the_end

_SHOW_EVERY_S = 0.1
_HELD_S = 0.7
"""A key that is held comes again after 0.25 to 0.66 s, and then 30 times a second."""


class Listener(Protocol):
    """Hears of invocations."""

    def invocation_changed(self, function_name: str, state: InvocationState) -> None:
        """An invocation went on."""

    def invocation_answered(
        self, request: InvocationRequest, answer: Answer | WorkbenchError, started_at: datetime, elapsed_ms: float
    ) -> None:
        """One request got its answer, or an error."""

    def event_ended(self, function_name: str, step: Delivered | Discarded | OutOfSight) -> None:
        """An async event came to its end, or out of sight."""


class Invocations:
    """Owns the state of each function's last invocation; its workers alone write them. Draws nothing.

    Invoking a function again abandons the first wait; functions don't disturb each other. The workers are those of
    `widget`, and end with it.
    """

    def __init__(
        self,
        widget: Widget,
        listener: Listener,
        backend: Callable[[], Awaitable[Backend]],
        now: Callable[[], datetime],
        *,
        ends: bool,
    ) -> None:
        """`ends` says whether an invocation ends when its wait is abandoned."""
        self._widget = widget
        self._listener = listener
        self._backend = backend
        self._now = now
        self._ends = ends
        self._states: dict[str, InvocationState] = {}
        self._last_asked: tuple[InvocationRequest | None, float] = (None, float("-inf"))
        self._told_held = False

    def state_of(self, function_name: str) -> InvocationState:
        """The last invocation of a function."""
        return self._states.get(function_name, Idle())

    @property
    def running(self) -> frozenset[str]:
        """The functions whose answer is awaited."""
        return frozenset(name for name, state in self._states.items() if isinstance(state, Running))

    def invoke(self, request: InvocationRequest, architecture: str) -> None:
        """Send `request`; a wait of the same function is abandoned first. A key that is held on AWS sends it once."""
        name = request.function_name
        if self._is_repetition(request):
            return
        self._widget.workers.cancel_group(self._widget, f"log-{name}")
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
            self._widget.notify("It is on its way, and was sent once.", title=request.function_name, markup=False)
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
        self._widget.run_worker(self._steps(name, state), group=group, exclusive=True, name=group)

    def try_again(self) -> None:
        """Follow what went out of sight, such as when the credentials expired."""
        for state in self._states.values():
            if isinstance(state, Following) and state.request and isinstance(state.steps[-1][1], OutOfSight):
                self.follow(state.request, state.request_id, state.architecture)

    def stop_waiting(self, name: str) -> None:
        """Abandon the wait of a function, if there is one."""
        state = self.state_of(name)
        if isinstance(state, Running):
            self._widget.workers.cancel_group(self._widget, f"invoke-{name}")
            self._set(name, Abandoned(state.request, time.monotonic() - state.since_s, self._ends))

    def _wait(self, request: InvocationRequest, architecture: str) -> None:
        group = f"invoke-{request.function_name}"
        self._widget.run_worker(self._answer(request, architecture), group=group, exclusive=True, name=group)

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
        self._listener.invocation_answered(request, outcome, started_at, elapsed_ms)
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
            self._widget.run_worker(self._complete_log(state, logs), group=group, exclusive=True, name=group)

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
                    self._listener.event_ended(name, step)
        except WorkbenchError as error:
            self._widget.notify(
                f"{error.title}. {error.detail}", title="The event is still queued", severity="warning", markup=False
            )

    def _set(self, name: str, state: InvocationState) -> None:
        self._states[name] = state
        self._listener.invocation_changed(name, state)
