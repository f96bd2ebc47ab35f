"""Notices that whoever read our output has gone, before there is anything to write."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def while_somebody_reads() -> AsyncIterator[None]:
    """Run the body; where stdout is a pipe, end it when its reader closes: `tail FN | head -1` needs no second line.

    Raises:
        BrokenPipeError: the reader has gone.
    """
    task = asyncio.current_task()
    descriptor = _pipe()
    if task is None or descriptor is None:
        yield
        return
    loop = asyncio.get_running_loop()
    gone = False

    def notice() -> None:
        nonlocal gone
        gone = True
        loop.remove_reader(descriptor)
        task.cancel()

    # Nothing can be read from the writing end: it becomes readable only by its error, when the other end closes.
    loop.add_reader(descriptor, notice)
    try:
        yield
    except asyncio.CancelledError:
        if gone and task.uncancel() == 0:
            raise BrokenPipeError from None
        raise
    finally:
        loop.remove_reader(descriptor)


def _pipe() -> int | None:
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # no file at all, as under a test
        return None
    return descriptor if stat.S_ISFIFO(os.fstat(descriptor).st_mode) else None
