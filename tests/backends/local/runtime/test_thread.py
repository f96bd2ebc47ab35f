"""The runner's thread: callers on another loop never wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest

from lambdatui.backends.local.runtime import RunnerThread, thread
from tests.backends.local.runtime.conftest import until


async def test_a_coroutine_runs_on_the_runners_loop() -> None:
    """What is awaited here runs there."""

    async def where() -> tuple[str, bool]:
        return threading.current_thread().name, asyncio.get_running_loop() is runner.loop

    runner = RunnerThread("runner")
    try:
        assert await runner.run(where()) == ("runner", True)
    finally:
        runner.close()


async def test_cancelling_the_await_cancels_the_coroutine() -> None:
    """Who stops waiting stops the work."""
    started, cancelled = threading.Event(), threading.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    runner = RunnerThread()
    try:
        task = asyncio.ensure_future(runner.run(work()))
        await until(started.is_set)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.get_running_loop().run_in_executor(None, cancelled.wait, 5)
    finally:
        runner.close()


async def test_an_error_reaches_the_caller() -> None:
    """Exceptions cross the bridge."""

    async def fail() -> None:
        raise ValueError("no")

    runner = RunnerThread()
    try:
        with pytest.raises(ValueError, match="no"):
            await runner.run(fail())
    finally:
        runner.close()


def test_close_never_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A coroutine that refuses its cancellation does not hold the program up."""
    started = threading.Event()

    async def stubborn() -> None:
        setattr(asyncio.current_task(), "_log_destroy_pending", False)  # noqa: B010 - it is destroyed on purpose
        started.set()
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    monkeypatch.setattr(thread, "_CLOSE_S", 0.05)
    runner = RunnerThread()
    runner.submit(stubborn())
    assert started.wait(5)
    runner.close()
    runner.close()


def test_a_closed_runner_refuses() -> None:
    """Nothing is lost silently."""

    async def nothing() -> None: ...

    runner = RunnerThread()
    runner.close()
    with pytest.raises(RuntimeError, match="closed"):
        runner.submit(nothing())
