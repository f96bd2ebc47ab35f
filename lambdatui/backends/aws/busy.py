"""Waits while AWS is busy with an earlier change of a function, then makes the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lambdatui.backends.aws.errors import aws_code
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.core.errors import Conflict

POLL_S = 2.0
"""Between two looks at what AWS is doing: changes take seconds to minutes, and the API takes 15 calls a second."""
_LOOKS = 90
_BUSY = frozenset({"ResourceConflictException", "ResourceInUseException"})

Answer = TypeVar("Answer")


async def when_free(
    session: Session, function_name: str, change: Callable[[], Awaitable[Answer]], poll_s: float = POLL_S
) -> Answer:
    """What `change` answers, made again once the function's earlier update has ended.

    Raises:
        Conflict: it is refused for another reason than an update that is under way, or that takes minutes.
        WorkbenchError: it failed otherwise.
    """

    async def busy() -> bool:
        answer = mapping(await session.call("lambda", "GetFunctionConfiguration", FunctionName=function_name))
        return text(answer.get("LastUpdateStatus")) == "InProgress" or text(answer.get("State")) == "Pending"

    return await once_free(change, busy, poll_s)


async def once_free(
    change: Callable[[], Awaitable[Answer]], busy: Callable[[], Awaitable[bool]], poll_s: float
) -> Answer:
    """What `change` answers; refused because of something under way, it is made again when that has ended."""
    for _ in range(_LOOKS):
        try:
            return await change()
        except Conflict as error:
            if aws_code(error) not in _BUSY or not await busy():
                raise
        await asyncio.sleep(poll_s)
    return await change()
