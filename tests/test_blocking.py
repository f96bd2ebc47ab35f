"""Blocking calls in daemon threads."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from lambdatui.blocking import call_blocking, iterate_blocking


async def test_the_result_comes_back_from_another_thread() -> None:
    """With its arguments, and from a daemon thread that is named after the call."""

    def where(*, word: str) -> tuple[str, bool, str]:
        thread = threading.current_thread()
        return word, thread.daemon, thread.name

    assert await call_blocking(where, word="x") == ("x", True, "blocking-where")


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), asyncio.CancelledError()])
async def test_an_error_comes_back_as_it_was(error: BaseException) -> None:
    """Whatever was raised is raised where it is awaited."""

    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        await call_blocking(fail)
    assert caught.value is error


async def test_a_cancelled_wait_ends_at_once_and_its_late_result_goes_nowhere() -> None:
    """The call goes on; nobody hears of it, and the loop has no error to report."""
    started, released, ended = threading.Event(), threading.Event(), threading.Event()

    def wait() -> str:
        started.set()
        released.wait(20)
        ended.set()
        return "late"

    problems: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    waiting = asyncio.create_task(call_blocking(wait))
    assert await call_blocking(started.wait, 20)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    released.set()
    assert await call_blocking(ended.wait, 20)
    await asyncio.sleep(0)
    assert problems == []


def test_a_call_that_never_returns_does_not_hold_the_process() -> None:
    """The process ends while the call still blocks, and a call that ends after its loop is no error either."""
    code = (
        "import asyncio, sys, threading, time; from lambdatui.blocking import call_blocking\n"
        "late = threading.Event()\n"
        "async def main():\n"
        "    forever = asyncio.create_task(call_blocking(sys.stdin.read))\n"
        "    outlives = asyncio.create_task(call_blocking(late.wait))\n"
        "    await asyncio.sleep(0)\n"
        "    forever.cancel(); outlives.cancel()\n"
        "asyncio.run(main())\n"
        "late.set()\n"
        "while any(thread.name == 'blocking-wait' for thread in threading.enumerate()): time.sleep(0.01)\n"
        "print('ended')\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with child:
        assert child.wait(20) == 0  # its standard input is still open: the call can't have returned
        assert child.stdout is not None
        assert child.stderr is not None
        assert (child.stdout.read(), child.stderr.read()) == ("ended\n", "")


async def test_items_come_in_order_and_are_made_ahead_of_who_listens() -> None:
    """The thread goes on while the last item is looked at; what is raised arrives behind what came before."""
    made: list[int] = []
    both = threading.Event()

    def items() -> Iterator[int]:
        for number in range(2):
            made.append(number)
            yield number
        both.set()
        raise ValueError("no more")

    got: list[int] = []

    async def listen() -> None:
        async for item in iterate_blocking(items()):
            assert await call_blocking(both.wait, 10)
            got.append(item)

    with pytest.raises(ValueError, match="no more"):
        await listen()
    assert got == made == [0, 1]


async def test_who_stops_listening_ends_the_making() -> None:
    """Closed, at most the item that is being made is made still."""
    made: list[int] = []
    go_on = threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number
            go_on.wait(10)

    async with aclosing(iterate_blocking(items())) as listed:
        assert await anext(listed) == 0
    go_on.set()
    deadline = time.monotonic() + 10
    while any(thread.name == "blocking-items" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert len(made) <= 2


async def test_threads_are_used_again_and_calls_at_once_never_wait_for_each_other() -> None:
    """One after the other in one thread; ten at once in ten."""

    def where() -> int:
        return threading.get_ident()

    meeting = threading.Barrier(10)

    def meet() -> int:
        meeting.wait(10)
        return threading.get_ident()

    assert len(set(await asyncio.gather(*(call_blocking(meet) for _ in range(10))))) == 10
    known = {thread.ident for thread in threading.enumerate()}
    assert {await call_blocking(where) for _ in range(20)} <= known
