"""Waits until Lambda has put a change into effect, or until an earlier one is out of the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lambdatui.backends.aws.configuration_parts import Parts
from lambdatui.core.errors import Throttled, Unreachable, WorkbenchError

_PAUSES_S = (0.2, 0.3, 0.5, 1.0, 1.0, 2.0)
"""Most updates take a second; one that takes minutes is looked at every two."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How waiting is done, and how long at most: updates of functions in a VPC take minutes."""

    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    limit_s: float = 600.0


WAITING = Waiting()


class Patient:
    """Owns the time that one change may take in all."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._ends_s = waiting.now_s() + waiting.limit_s
        self._pauses = 0

    async def pause(self, least_s: float = 0.0) -> bool:
        """Wait a little, longer each time; False when the time is over."""
        if self._waiting.now_s() >= self._ends_s:
            return False
        pause_s = _PAUSES_S[min(self._pauses, len(_PAUSES_S) - 1)]
        self._pauses += 1
        await self._waiting.sleep(max(pause_s, min(least_s, 60.0)))
        return True

    async def settled(self, read: Callable[[], Awaitable[Parts]]) -> Parts:
        """What `read` gives once no update is in progress. A look that fails is taken again.

        Raises:
            WorkbenchError: the time is over, or what stands may not be read any more.
        """
        self._pauses = 0
        while True:
            trouble: WorkbenchError | None = None
            try:
                parts = await read()
                if not parts.updating:
                    return parts
            except (Throttled, Unreachable) as error:
                trouble = error
            if not await self.pause():
                minutes = self._waiting.limit_s / 60
                raise WorkbenchError(
                    f"Lambda is still updating the function after {minutes:g} minutes",
                    trouble.title if trouble else "",
                    "It goes on by itself: read the settings again later.",
                )
