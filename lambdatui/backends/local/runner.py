"""Runs the functions of one project: started when first needed, ended in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from lambdatui.backends.local.contracts import Executor, FunctionSpec, LocalRequest, RunnerOptions
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.queue_rows import Snapshot
from lambdatui.backends.local.queue_store import QueueStore
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Unreachable
from lambdatui.core.invocation import Completed

if TYPE_CHECKING:
    from lambdatui.backends.local.queue import AsyncQueue
    from lambdatui.backends.local.runtime.thread import RunnerThread

_END_S = 0.28
"""Below the 0.3 s that quitting may take; what is not done by then ends with the process, or goes on in it."""
_CHILDREN_S = 5.0
"""So long children that don't end are waited for, where the program goes on with another target."""


class Runner:
    """Owns the runner's thread, the executor and the queue's dispatcher. Callable from the caller's loop.

    Nothing starts before the first invocation or `resume`.
    """

    def __init__(
        self,
        functions: ProjectFunctions,
        store: QueueStore,
        options: RunnerOptions,
        executor: Callable[[], Executor],
        root: Path,
    ) -> None:
        self._functions = functions
        self._store = store
        self._options = options
        self._make_executor = executor
        self._root = root
        self._thread: RunnerThread | None = None
        self._executor: Executor | None = None
        self._queue: AsyncQueue | None = None
        self._dispatching: Future[None] | None = None
        self._followers: dict[str, list[Callable[[Snapshot], None]]] = {}
        self._lock = Lock()
        self._closed = False

    async def execute(self, spec: FunctionSpec, request: LocalRequest) -> Completed:
        """Run `spec` once; see `Executor.execute`. Cancelling ends the execution environment."""
        thread, executor = self._started()
        return await thread.run(executor.execute(spec, request))

    def resume(self) -> None:
        """Attempt accepted events from now on: this workbench's own, and what others left behind.

        Not done by accepting alone, so that a command which queues an event and ends does not begin what it can't end.
        """
        thread, executor = self._started()
        with self._lock:
            if self._dispatching is not None and self._dispatching.done():
                self._dispatching.result()  # it only ends by a fault of ours: be loud
            if self._dispatching is None:
                from lambdatui.backends.local.queue import AsyncQueue  # noqa: PLC0415  # not before it is needed

                self._queue = AsyncQueue(
                    self._store, executor, self._functions.spec, self._options, self._root, publish=self._publish
                )
                self._dispatching = thread.submit(self._queue.run())
        self.wake()

    def wake(self) -> None:
        """Have the queue look for due events now, if it runs."""
        if self._queue is not None and self._thread is not None:
            with suppress(RuntimeError):  # the runner ended meanwhile; the event is kept
                self._thread.loop.call_soon_threadsafe(self._queue.wake)

    def follow(self, request_id: str, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `listener`, in the runner's thread, with each state that this workbench brings the event to.

        What is returned ends that.
        """
        with self._lock:
            self._followers.setdefault(request_id, []).append(listener)

        def leave() -> None:
            with self._lock:
                listeners = self._followers.get(request_id, [])
                if listener in listeners:
                    listeners.remove(listener)
                if not listeners:
                    self._followers.pop(request_id, None)

        return leave

    async def close(self) -> None:
        """End every environment, give unfinished events back to the queue, close the files. At most 0.3 s."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        if self._thread is not None and self._executor is not None:
            if self._dispatching is not None:
                self._dispatching.cancel()
            closing = self._thread.submit(self._executor.close())
            # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_S):
                    await call_blocking(_end, closing, self._thread)
        await call_blocking(self._store.close)

    def _started(self) -> tuple[RunnerThread, Executor]:
        with self._lock:
            if self._closed:
                raise Unreachable("The local runner is closed")
            if self._thread is None or self._executor is None:
                from lambdatui.backends.local.runtime.thread import RunnerThread  # noqa: PLC0415  # after first paint

                self._executor = self._make_executor()
                self._thread = RunnerThread()
            return self._thread, self._executor

    def _publish(self, snapshot: Snapshot) -> None:
        with self._lock:
            listeners = tuple(self._followers.get(snapshot.state.request_id, ()))
        for listener in listeners:
            listener(snapshot)


def _end(closing: Future[None], thread: RunnerThread) -> None:
    """End the children, then the thread. Blocks, and goes on when nobody waits: each child is reaped."""
    with suppress(TimeoutError):
        closing.result(_CHILDREN_S)
    thread.close()
