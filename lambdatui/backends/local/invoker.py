"""Invokes local functions: sync, async through the durable queue, and as a dry run."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.queue_rows import NewEvent, Snapshot
from lambdatui.backends.local.queue_store import QueueStore
from lambdatui.backends.local.runner import Runner
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import NotFound, Unreachable, Unsupported
from lambdatui.core.invocation import (
    Accepted,
    Answer,
    AsyncState,
    Chunk,
    InvocationRequest,
    InvocationType,
    Permitted,
    StreamPart,
    failure_of,
)
from lambdatui.core.payload import QUICK_BYTES, checked_payload

_LOOK_S = 0.25
"""How often to look at an event that another workbench attempts."""


class LocalInvoker:
    """Implements `Invoker`. Sends each request once; async events are attempted by the queue.

    Accepting an event does not start the queue: `follow` does, and so does an open workbench (`changes` of the
    catalogue).
    """

    cancelling_ends_it = True

    def __init__(self, functions: ProjectFunctions, runner: Runner, store: QueueStore) -> None:
        self._functions = functions
        self._runner = runner
        self._store = store

    async def invoke(self, request: InvocationRequest) -> Answer:
        """See `Invoker.invoke`. Cancelling ends the execution environment."""
        began_s = time.perf_counter()
        payload = await _checked_payload(request)
        spec = await self._functions.spec(request.function_name)
        _check_options(request)
        request_id = str(uuid4())
        match request.invocation_type:
            case InvocationType.DRY_RUN:
                return Permitted(request_id)
            case InvocationType.EVENT:
                _check_runs(spec)
                event = NewEvent(request_id, spec.name, payload, 1 + spec.retries, request.client_context)
                await call_blocking(self._store.accept, event)
                self._runner.wake()
                return Accepted(request_id, datetime.now(UTC))
            case InvocationType.REQUEST_RESPONSE:
                _check_runs(spec)
                completed = await self._runner.execute(spec, LocalRequest(request_id, payload, request.client_context))
                return replace(completed, elapsed_ms=(time.perf_counter() - began_s) * 1000)

    async def stream(self, request: InvocationRequest) -> AsyncGenerator[StreamPart, None]:
        """See `Invoker.stream`. What a runtime does not stream comes in one piece, as on AWS."""
        began_s = time.perf_counter()
        payload = await _checked_payload(request)
        spec = await self._functions.spec(request.function_name)
        _check_options(request)
        _check_runs(spec)
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[bytes | None] = asyncio.Queue()

        def tell(piece: bytes | None) -> None:
            with contextlib.suppress(RuntimeError):  # nobody listens any more: the loop is closed
                loop.call_soon_threadsafe(arrived.put_nowait, piece)

        local = LocalRequest(str(uuid4()), payload, request.client_context, on_chunk=tell)
        running = asyncio.ensure_future(self._runner.execute(spec, local))
        # What was streamed was told from the runner's thread before this.
        running.add_done_callback(lambda _: tell(None))
        received: list[bytes] = []
        try:
            while (piece := await arrived.get()) is not None:
                received.append(piece)
                yield Chunk(piece)
            completed = await running
        finally:
            running.cancel()
        if completed.function_error and received:
            failure = failure_of(completed.payload)
            completed = replace(completed, payload=b"".join(received), failure=failure)
        elif not received and not completed.function_error:
            yield Chunk(completed.payload)
        yield replace(completed, elapsed_ms=(time.perf_counter() - began_s) * 1000)

    async def follow(self, request_id: str) -> AsyncGenerator[AsyncState, None]:
        """See `Invoker.follow`. Each state that this workbench brings about; of others' attempts, what is seen."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[Snapshot] = asyncio.Queue()

        def tell(snapshot: Snapshot) -> None:
            with contextlib.suppress(RuntimeError):  # nobody follows any more: the loop is closed
                loop.call_soon_threadsafe(arrived.put_nowait, snapshot)

        leave = self._runner.follow(request_id, tell)
        try:
            self._runner.resume()
            version = -1
            told: AsyncState | None = None
            snapshots = await self._look(request_id, arrived)
            while True:
                for snapshot in snapshots:
                    if snapshot.version > version and snapshot.state != told:
                        told = snapshot.state
                        yield told
                    version = max(version, snapshot.version)
                    if snapshot.ended:
                        return
                try:
                    # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
                    async with asyncio.timeout(_LOOK_S):
                        snapshots = [await arrived.get()]
                except TimeoutError:
                    snapshots = await self._look(request_id, arrived)
        finally:
            leave()

    async def _look(self, request_id: str, arrived: asyncio.Queue[Snapshot]) -> list[Snapshot]:
        """The stored state, and before it those states that were told while it was read."""
        stored = await call_blocking(self._store.find, request_id)
        if stored is None:
            raise NotFound(f"No event has the request id {request_id}")
        snapshots = [stored]
        while not arrived.empty():
            snapshots.append(arrived.get_nowait())
        return sorted(snapshots, key=lambda snapshot: snapshot.version)

    async def in_flight(self) -> tuple[AsyncState, ...]:
        """See `Invoker.in_flight`: the events of all workbenches on this project, those of earlier runs too."""
        return tuple(snapshot.state for snapshot in await call_blocking(self._store.unfinished))


async def _checked_payload(request: InvocationRequest) -> bytes:
    # There is no other judge of the size here than the check itself.
    request = replace(request, over_limit=False)
    if len(request.payload) > QUICK_BYTES:
        return await call_blocking(checked_payload, request)
    return checked_payload(request)


def _check_options(request: InvocationRequest) -> None:
    if request.qualifier not in ("", "$LATEST"):
        raise Unsupported(
            f"There is no version or alias “{request.qualifier}” here", "Locally a function is always $LATEST."
        )
    if request.tenant_id:
        raise Unsupported("Locally there are no tenants", "Invoke it without a tenant id.")
    if request.durable_name:
        raise Unsupported("Locally there are no durable executions", "Invoke it without a durable execution name.")


def _check_runs(spec: FunctionSpec) -> None:
    if spec.problem:
        raise Unreachable(f"{spec.name} can't run here", spec.problem)
