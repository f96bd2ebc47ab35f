"""The runner's own thread, with the event loop on which every execution environment lives."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_CLOSE_S = 2.0


class RunnerThread:
    """Owns one daemon thread and its event loop; runs coroutines on it for callers elsewhere.

    Refuses to hold anybody up: `close` gives what still runs two seconds, and the thread is a daemon, so the
    end of the program never waits for it.
    """

    def __init__(self, name: str = "lambdatui-runner") -> None:
        self._loop = asyncio.new_event_loop()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The runner's loop: the only place where `Pool` may be called."""
        return self._loop

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start `coroutine` on the runner's loop; callable from any thread.

        Raises:
            RuntimeError: the thread is closed; the coroutine is closed without having run.
        """
        if self._closed:
            coroutine.close()
            raise RuntimeError("the runner is closed")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await `coroutine` from another loop. Cancelling this await cancels it on the runner's loop, at once."""
        return await asyncio.wrap_future(self.submit(coroutine))

    def close(self) -> None:
        """Cancel what still runs, stop the loop, end the thread. Called twice, does nothing."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(RuntimeError):  # the loop may have died with the interpreter's threads
            self._loop.call_soon_threadsafe(self._loop.stop)
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSE_S + 1)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._cancel_all()
        finally:
            self._loop.close()

    def _cancel_all(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            # A task that refuses its cancellation is left behind, not waited for.
            self._loop.run_until_complete(asyncio.wait(tasks, timeout=_CLOSE_S))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
