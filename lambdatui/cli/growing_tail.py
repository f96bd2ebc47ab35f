"""A tail that takes in the functions that are made while it follows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeAlias

from lambdatui.cli.newcomers import ListUnread, Newcomers, NewcomerWatch
from lambdatui.core.errors import NotFound, WorkbenchError
from lambdatui.core.logs import LogBatch, LogSource, TailQuery, TailState, TailUpdate, together
from lambdatui.core.merging import Ended, merged

_FIRST = "first"
_LIST = "list"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Functions that were to join, and why their logs can't be read."""

    names: tuple[str, ...]
    error: WorkbenchError


GrowthUpdate: TypeAlias = TailUpdate | Newcomers | ListUnread | LeftOut


async def growing_tail(source: LogSource, query: TailQuery, watch: NewcomerWatch) -> AsyncGenerator[GrowthUpdate, None]:
    """See `LogSource.tail`; what `watch` finds joins it, and is told before its events. A live tail polls those.

    Raises:
        WorkbenchError: what the tail of the functions that were there first raises.
    """
    tails: dict[str, AsyncIterator[TailUpdate | Newcomers | ListUnread]] = {
        _FIRST: source.tail(query),
        _LIST: watch.found(),
    }
    joined: dict[str, tuple[str, ...]] = {}
    states: dict[str, TailState] = {}
    async with aclosing(merged(tails)) as updates:  # type: ignore[type-var]  # a generator
        async for name, update in updates:
            match update:
                case Newcomers(names, since_ms):
                    key = f"later {len(joined)}"
                    joined[key] = names
                    since_ms = max(since_ms, query.since_ms or 0)
                    yield update
                    tails[key] = source.tail(replace(query, function_names=names, since_ms=since_ms, live=False))
                case TailState():
                    states[name] = update
                    yield together(states.values(), dict.fromkeys(one.detail for one in states.values() if one.detail))
                case Ended(error):
                    states.pop(name, None)
                    tails.pop(name)
                    if name == _FIRST and error is not None:
                        raise error
                    if isinstance(error, NotFound):
                        watch.forget(joined[name])  # deleted already
                    elif error is not None:
                        yield LeftOut(joined[name], error)
                    if tails.keys() <= {_LIST}:
                        return
                case LogBatch() | ListUnread():
                    yield update
