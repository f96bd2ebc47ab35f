"""Keeps the calls of all tails below the quota of their account and region."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock

CALLS_PER_SECOND = 3
"""FilterLogEvents is limited to 5 a second in an account and region; two are left for whoever else looks."""


class CallRate:
    """Hands out moments to call at, in the order of asking, at most `calls` of them in any `period_s` seconds.

    Belongs to no event loop: every tail of the process may share it.
    """

    def __init__(self, calls: int = CALLS_PER_SECOND, period_s: float = 1.0) -> None:
        self.period_s = period_s
        self._last: deque[float] = deque([float("-inf")] * calls, maxlen=calls)
        self._lock = Lock()

    def reserve(self, now_s: float) -> float:
        """Take the next free moment: the seconds until then."""
        with self._lock:
            # Calls leave in their order: none of them before the one that was reserved last.
            at_s = max(now_s, self._last[0] + self.period_s, self._last[-1])
            self._last.append(at_s)
            return at_s - now_s

    async def turn(self) -> None:
        """Wait for the next free moment."""
        wait_s = self.reserve(asyncio.get_running_loop().time())
        if wait_s > 0:
            await asyncio.sleep(wait_s)


_RATES: dict[tuple[str, str], CallRate] = {}
_RATES_LOCK = Lock()


def shared_rate(account_id: str, region: str) -> CallRate:
    """The one rate of an account and region in this process."""
    with _RATES_LOCK:
        return _RATES.setdefault((account_id, region), CallRate())
