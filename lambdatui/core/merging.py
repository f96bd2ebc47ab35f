"""Several asynchronous iterators as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Generic, TypeVar

from lambdatui.core.errors import WorkbenchError

Item = TypeVar("Item")

_ROOM = 4
"""So many items wait of each: who is not read from is not read ahead."""


class Ended(Generic[Item]):
    """One of the iterators has ended; `error` is why, None when it had nothing more to give."""

    __match_args__ = ("error",)

    def __init__(self, error: WorkbenchError | None) -> None:
        self.error = error


async def merged(sources: Mapping[str, AsyncIterator[Item]]) -> AsyncIterator[tuple[str, Item | Ended[Item]]]:
    """What all `sources` give, as it comes, each with its name; an end is told too. Ends with the last of them.

    Closing it closes them all. What is no `WorkbenchError` goes through. Whoever reads may put more into `sources`:
    they are read too, from the next item on.
    """
    queue: asyncio.Queue[tuple[str, Item | Ended[Item]]] = asyncio.Queue(_ROOM * max(len(sources), 1))
    tasks: set[asyncio.Task[None]] = set()
    begun: set[str] = set()
    left = 0
    taking = asyncio.ensure_future(queue.get())
    try:
        while True:
            for name in [name for name in sources if name not in begun]:
                begun.add(name)
                tasks.add(asyncio.ensure_future(_read(queue, name, sources[name])))
                left += 1
            if not left:
                return
            done, _ = await asyncio.wait({taking, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in done & tasks:
                tasks.discard(task)
                if (bug := task.exception()) is not None:
                    raise bug
            # A reader that is done has put its end into the queue before.
            name, item = await taking
            left -= isinstance(item, Ended)
            taking = asyncio.ensure_future(queue.get())
            yield name, item
    finally:
        taking.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(taking, *tasks, return_exceptions=True)


async def _read(queue: asyncio.Queue[tuple[str, Item | Ended[Item]]], name: str, source: AsyncIterator[Item]) -> None:
    try:
        async for item in source:
            await queue.put((name, item))
    except WorkbenchError as error:
        await queue.put((name, Ended(error)))
    else:
        await queue.put((name, Ended(None)))
    finally:
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()
