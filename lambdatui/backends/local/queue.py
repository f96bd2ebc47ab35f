"""Attempts the accepted async events: retries, event age, failure destinations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from lambdatui.backends.local.contracts import Executor, FunctionSpec, LocalRequest, RunnerOptions
from lambdatui.backends.local.destinations import MAX_HOPS, append_record, destination_of, failure_record
from lambdatui.backends.local.queue_rows import DELIVERED, DISCARDED, Job, NewEvent, Snapshot
from lambdatui.backends.local.queue_store import QueueStore
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.invocation import Completed, failure_of

_LONGEST_PAUSE_S = 1.0
"""How often to look for events that other workbenches accepted or left behind."""
_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 5.0
"""Lambda puts a throttled event off for one second to five minutes; locally nobody wants to wait for that."""


class AsyncQueue:
    """Owns the attempts that this workbench makes. Lives on the runner's loop; the events live in the store.

    An attempt that is cut off by the end of the workbench counts as never begun: it is made again at the next start.
    """

    def __init__(
        self,
        store: QueueStore,
        executor: Executor,
        find: Callable[[str], Awaitable[FunctionSpec]],
        options: RunnerOptions,
        root: Path,
        *,
        publish: Callable[[Snapshot], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._executor = executor
        self._find = find
        self._options = options
        self._root = root
        self._publish = publish
        self._clock = clock
        self._attempts: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look for due events now. Call it on the runner's loop."""
        self._news.set()

    async def run(self) -> None:
        """Attempt events as they become due, until cancelled; the attempts under way are then cancelled too."""
        try:
            while True:
                self._news.clear()
                try:
                    pause_s = await self._begin_due()
                except WorkbenchError:
                    # A full disk or a locked file. Whoever accepts or follows an event meets the same error and is
                    # told; here it is tried again.
                    pause_s = _LONGEST_PAUSE_S
                with suppress(TimeoutError):
                    # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
                    async with asyncio.timeout(pause_s):
                        await self._news.wait()
        finally:
            for attempt in self._attempts:
                attempt.cancel()

    async def _begin_due(self) -> float:
        """Start what is due; seconds until it makes sense to look again."""
        room = self._options.concurrency_limit - len(self._attempts)
        for job in await call_blocking(self._store.take_due, room):
            attempt = asyncio.create_task(self._attempt(job), name=f"async-{job.request_id}")
            self._attempts.add(attempt)
            attempt.add_done_callback(self._ended)
        if len(self._attempts) >= self._options.concurrency_limit:
            return _LONGEST_PAUSE_S
        due_ms = await call_blocking(self._store.next_due_ms)
        if due_ms is None:
            return _LONGEST_PAUSE_S
        return min(max(0.0, (due_ms - self._now_ms()) / 1000), _LONGEST_PAUSE_S)

    def _ended(self, attempt: asyncio.Task[None]) -> None:
        self._attempts.discard(attempt)
        self._news.set()

    async def _attempt(self, job: Job) -> None:
        try:
            await self._attempt_taken(job)
        except BaseException as error:
            # The event must not stay with an attempt that nobody makes. If even this can't be written, it is taken over
            # once this workbench has ended.
            with suppress(WorkbenchError):
                self._store.release(job.request_id)
            if not isinstance(error, WorkbenchError):
                raise

    async def _attempt_taken(self, job: Job) -> None:
        try:
            spec = await self._find(job.function_name)
        except WorkbenchError as error:  # a template that is being edited: the function may come back
            await self._put_off(job, error.title)
            return
        if self._now_ms() - job.accepted_ms > spec.event_age_s * 1000:
            condition, reason = "EventAgeExceeded", "the event grew too old"
            await self._discard(job, spec, condition=condition, error=reason, attempts=job.attempts, completed=job.last)
            return
        self._publish(await call_blocking(self._store.begin, job.request_id, 1 + spec.retries))
        try:
            completed = await self._executor.execute(spec, _request_of(job))
        except WorkbenchError as error:  # throttled, or no environment could be started: nothing ran
            await self._put_off(job, error.title, spec)
        else:
            await self._settle(job, spec, completed)

    async def _settle(self, job: Job, spec: FunctionSpec, completed: Completed) -> None:
        attempt = job.attempts + 1
        if not completed.function_error:
            self._publish(await call_blocking(self._store.end, job, DELIVERED, attempts=attempt, completed=completed))
            return
        error = _error_of(completed)
        if attempt > spec.retries:
            condition = "RetriesExhausted"
            await self._discard(job, spec, condition=condition, error=error, attempts=attempt, completed=completed)
            return
        delays = self._options.retry_delays_s
        delay_s = delays[min(job.attempts, len(delays) - 1)] if delays else 0.0
        due_ms = self._due_ms(job, delay_s, spec)
        self._publish(await call_blocking(self._store.fail, job.request_id, error, due_ms, completed))

    async def _put_off(self, job: Job, error: str, spec: FunctionSpec | None = None) -> None:
        delay_s = min(_FIRST_DELAY_S * 2 ** min(job.delays, 10), _LONGEST_DELAY_S)
        due_ms = self._due_ms(job, delay_s, spec)
        self._publish(await call_blocking(self._store.put_off, job.request_id, error, due_ms))

    async def _discard(
        self, job: Job, spec: FunctionSpec, *, condition: str, error: str, attempts: int, completed: Completed | None
    ) -> None:
        record = failure_record(
            request_id=job.request_id,
            function_arn=spec.arn,
            payload=job.payload,
            condition=condition,
            invoke_count=attempts,
            completed=completed,
            now=self._clock(),
        )
        shown, follow_up = "", None
        try:
            destination = destination_of(spec.on_failure, self._root)
            if isinstance(destination, Path):
                await call_blocking(append_record, destination, record)
                shown = spec.on_failure
            elif destination is not None and job.hops + 1 >= MAX_HOPS:
                error += f"; the record was not sent on: it went from function to function {MAX_HOPS} times"
            elif destination is not None:
                attempts_at_most = 1 + (await self._find(destination)).retries
                follow_up = NewEvent(str(uuid4()), destination, record, attempts_at_most, hops=job.hops + 1)
                shown = spec.on_failure
        except WorkbenchError as failure:
            error += f"; the record was not delivered: {failure.title}"
        self._publish(
            await call_blocking(
                self._store.end,
                job,
                DISCARDED,
                attempts=attempts,
                completed=completed,
                condition=condition,
                error=error,
                destination=shown,
                follow_up=follow_up,
            )
        )

    def _due_ms(self, job: Job, delay_s: float, spec: FunctionSpec | None) -> int:
        """When to try again; not later than the moment at which the event is too old."""
        due_ms = self._now_ms() + int(delay_s * 1000)
        return (
            due_ms if spec is None else min(due_ms, max(job.accepted_ms + spec.event_age_s * 1000 + 1, self._now_ms()))
        )

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _request_of(job: Job) -> LocalRequest:
    return LocalRequest(job.request_id, job.payload, job.client_context)


def _error_of(completed: Completed) -> str:
    failure = failure_of(completed.payload)
    return ": ".join(part for part in (failure.error_type, failure.error_message) if part) or completed.function_error
