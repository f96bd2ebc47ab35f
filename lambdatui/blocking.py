"""The one bridge from blocking calls to async: daemon threads, awaited."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread, current_thread
from typing import Any, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_IDLE_S = 30.0
"""A thread without work ends after this long."""
_Jobs: TypeAlias = "SimpleQueue[tuple[Callable[[], None], str]]"
_idle: list[_Jobs] = []
_idle_lock = Lock()


async def call_blocking(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in another thread and wait for what it returns or raises.

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

    _in_a_thread(run, f"blocking-{getattr(function, '__name__', 'call')}")
    value, error = await answer
    if error is not None:
        try:
            raise error
        finally:
            error = None  # a traceback that holds its own frame would wait for the garbage collector
    return value  # type: ignore[return-value]  # without an error it is what `function` returned


async def iterate_blocking(items: Iterator[T]) -> AsyncGenerator[T, None]:
    """What `items` yields, in its order. It is read in a thread of its own, which does not wait for whoever listens.

    Closing or cancelling ends it after the item that is being made.
    """
    import asyncio  # noqa: PLC0415  # as above

    loop = asyncio.get_running_loop()
    made: asyncio.Queue[tuple[bool, T | None, BaseException | None]] = asyncio.Queue()
    closed = Event()

    def deliver(*what: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(made.put_nowait, what)

    def run() -> None:
        try:
            for item in items:
                if closed.is_set():
                    return
                deliver(True, item, None)
            deliver(False, None, None)
        except BaseException as raised:  # noqa: BLE001  # carried to the one who listens, whatever it is
            deliver(False, None, raised)

    _in_a_thread(run, "blocking-items")
    try:
        while True:
            more, value, error = await made.get()
            if error is not None:
                try:
                    raise error
                finally:
                    error = None
            if not more:
                return
            yield value  # type: ignore[misc]  # what `items` yielded
    finally:
        closed.set()


def _in_a_thread(work: Callable[[], None], name: str) -> None:
    """Run `work` in a daemon thread: one that has none, or a new one.

    Starting a thread waits until it runs: beside ten busy ones that takes 1 ms, during which no key is answered.
    """
    with _idle_lock:
        jobs = _idle.pop() if _idle else None
    if jobs is not None:
        jobs.put((work, name))
        return
    jobs = SimpleQueue()
    jobs.put((work, name))
    Thread(target=_serve, args=(jobs,), name=name, daemon=True).start()


def _serve(jobs: _Jobs) -> None:
    while True:
        try:
            work, name = jobs.get(timeout=_IDLE_S)
        except Empty:
            with _idle_lock:
                if jobs in _idle:
                    _idle.remove(jobs)
                    return
            continue  # somebody took it just now: its work is coming
        current_thread().name = name
        work()
        del work  # whatever the call held is let go while the thread waits for the next
        current_thread().name = "blocking-idle"
        with _idle_lock:
            _idle.append(jobs)
