"""The one bridge from blocking calls to async: daemon threads, awaited."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def call_blocking(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread of its own and wait for what it returns or raises.

    Cancelling stops the waiting: the call goes on, and nobody hears its result. The thread is a daemon, so it never
    holds the process open at quit, as `asyncio.to_thread` does until the call returns.
    """
    import asyncio  # noqa: PLC0415  # 25 ms that the modules which only name this function don't pay

    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[T | None, BaseException | None]] = loop.create_future()

    def deliver(value: T | None, error: BaseException | None) -> None:
        if not answer.done():
            answer.set_result((value, error))

    def run() -> None:
        value: T | None = None
        error: BaseException | None = None
        try:
            value = function(*args, **kwargs)
        except BaseException as raised:  # noqa: BLE001  # carried to the one who waits, whatever it is
            error = raised
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(deliver, value, error)

    Thread(target=run, name=f"blocking-{getattr(function, '__name__', 'call')}", daemon=True).start()
    value, error = await answer
    if error is not None:
        try:
            raise error
        finally:
            error = None  # a traceback that holds its own frame would wait for the garbage collector
    return value  # type: ignore[return-value]  # without an error it is what `function` returned
