"""Reads state, concurrency and tags of the functions on the screen, within a budget of calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from lambdatui.core.call_budget import CallBudget
from lambdatui.core.errors import CredentialsExpired, Denied, Throttled, Unreachable, WorkbenchError
from lambdatui.core.functions import FunctionDetail
from lambdatui.core.lookups import AT_ONCE, Lookups

_TELL_S, _TELL_LATER_S = 0.05, 0.5
"""Answers that come together are told together; what is not on the screen can wait."""


class LazyDetails:
    """Owns what was read so far, and the requests under way. `tell` hears that something was answered.

    A function that can't be read is asked about once. When the very first answer is a refusal nobody is asked any
    more: see `stopped`. What was read stays shown while it is read again.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[FunctionDetail]],
        tell: Callable[[], None],
        *,
        per_second: float,
        at_once: int = AT_ONCE,
    ) -> None:
        self._ask = ask
        self._tell = tell
        self._lookups = Lookups(at_once)
        self._budget = CallBudget(per_second, at_once)
        self._wake = asyncio.Event()
        self._telling: asyncio.TimerHandle | None = None
        self._details: dict[str, FunctionDetail] = {}
        self._failures: dict[str, WorkbenchError] = {}
        self.stopped: WorkbenchError | None = None
        """Why nobody is asked any more: not permitted, nobody signed in, no network. Until `refresh`."""

    @property
    def details(self) -> Mapping[str, FunctionDetail]:
        """What was read, by the function's name."""
        return self._details

    @property
    def failures(self) -> Mapping[str, WorkbenchError]:
        """What could not be read, by the function's name."""
        return self._failures

    @property
    def progress(self) -> tuple[int, int]:
        """How many functions of the sweep are answered, and how many there are; (0, 0) without one."""
        return self._lookups.sweep_progress

    @property
    def per_second(self) -> float:
        """How fast is asked now."""
        return self._budget.per_second

    def want(self, names: Iterable[str]) -> None:
        """These are on the screen, the most wanted first."""
        self._lookups.want(names)
        self._wake.set()

    def sweep(self, names: Iterable[str]) -> None:
        """All of these are wanted, after those on the screen; () ends it."""
        self._lookups.sweep(names)
        self._wake.set()

    def refresh(self) -> None:
        """Everything may have changed."""
        self.stopped = None
        self._failures.clear()
        self._lookups.forget()
        self._wake.set()

    async def run(self) -> None:
        """Ask, until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.TaskGroup() as requests:
                while True:
                    # What to ask is chosen after the waiting: the screen may show other rows by then.
                    if self.stopped is not None or self._lookups.next() is None:
                        self._wake.clear()
                        await self._wake.wait()
                    elif (wait_s := self._budget.take(loop.time())) > 0:
                        await asyncio.sleep(wait_s)
                    elif (name := self._lookups.next()) is not None:
                        self._lookups.start(name)
                        requests.create_task(self._request(name))
        finally:
            if self._telling is not None:
                self._telling.cancel()

    async def _request(self, name: str) -> None:
        try:
            self._details[name] = await self._ask(name)
        except Throttled as error:
            self._budget.throttled(asyncio.get_running_loop().time(), error.retry_after_s)
            self._lookups.put_off(name)
            self._wake.set()
            return
        except WorkbenchError as error:
            hopeless = isinstance(error, CredentialsExpired | Unreachable)
            if hopeless or (isinstance(error, Denied) and not self._lookups.sure):
                self.stopped = error
                self._lookups.put_off(name)
            else:
                self._failures[name] = error
                self._lookups.answered(name)
        else:
            self._failures.pop(name, None)
            self._budget.succeeded()
            self._lookups.answered(name)
        self._wake.set()
        self._tell_in(_TELL_S if self._lookups.is_on_screen(name) or self.stopped is not None else _TELL_LATER_S)

    def _tell_in(self, pause_s: float) -> None:
        loop = asyncio.get_running_loop()
        if self._telling is not None:
            if self._telling.when() <= loop.time() + pause_s:
                return
            self._telling.cancel()
        self._telling = loop.call_later(pause_s, self._tell_now)

    def _tell_now(self) -> None:
        self._telling = None
        self._tell()
