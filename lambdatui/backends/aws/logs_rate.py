"""Keeps the calls of all tails below the quota of their account and region."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Protocol

from lambdatui.core.errors import WorkbenchError

CALLS_PER_SECOND = 3
"""FilterLogEvents is limited to 5 a second in an account and region; two are left for whoever else looks."""

_ACCOUNT_WAIT_S = 2.0
"""So long a call waits to hear whose quota it uses: a network without STS is no reason to show no log."""
_ASK_AGAIN_S = 60.0


class Rate(Protocol):
    """Says when the next call may be made."""

    async def turn(self) -> None:
        """Wait for the next free moment."""
        ...


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


class Unmetered:
    """The rate of a server that has no quota: one on this machine."""

    async def turn(self) -> None:
        """At once."""


class AccountRate:
    """The shared rate of an account whose id has to be asked for: two targets of one account are one to its quota.

    `account_id` asks; `who` names the account until it has answered, and where it can't. `calls` a second are its
    most, where the user says so, and the first who names an account and region says it for all; else a server
    `on_this_machine` is taken to have no quota.
    """

    def __init__(
        self,
        account_id: Callable[[], Awaitable[str]],
        region: str,
        who: str,
        on_this_machine: Callable[[], Awaitable[bool]],
        calls: int | None = None,
    ) -> None:
        self._account_id = account_id
        self._region = region
        self._who = who
        self._on_this_machine = on_this_machine
        self._calls = calls
        self._rate: Rate | None = None
        self._asking: asyncio.Future[str] | None = None
        self._ask_at_s = float("-inf")

    async def turn(self) -> None:
        """Wait for the next free moment of the account.

        Raises:
            WorkbenchError: the profile, its credentials or the region are not usable.
        """
        rate = self._rate or await self._find()
        await rate.turn()

    async def _find(self) -> Rate:
        if self._calls is None and await self._on_this_machine():
            self._rate = Unmetered()
            return self._rate
        now_s = asyncio.get_running_loop().time()
        first = self._asking is None
        if self._asking is None and now_s >= self._ask_at_s:
            self._asking = asyncio.ensure_future(self._ask())
        if self._asking is not None:
            await asyncio.wait([self._asking], timeout=_ACCOUNT_WAIT_S if first else 0)
        account = ""
        if self._asking is not None and self._asking.done():
            account = self._asking.result()
            self._asking = None
            self._ask_at_s = now_s + _ASK_AGAIN_S
        rate = shared_rate(account or self._who, self._region, self._calls or CALLS_PER_SECOND)
        if account:
            self._rate = rate
        return rate

    async def _ask(self) -> str:
        try:
            return await self._account_id()
        except WorkbenchError:
            return ""


_RATES: dict[tuple[str, str], CallRate] = {}
_RATES_LOCK = Lock()


def shared_rate(account_id: str, region: str, calls: int = CALLS_PER_SECOND) -> CallRate:
    """The one rate of an account and region in this process."""
    with _RATES_LOCK:
        return _RATES.setdefault((account_id, region), CallRate(calls))
