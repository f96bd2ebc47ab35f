"""Details are read within their budget, whatever the user does: on a clock of its own, and on a server that counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lambdatui.core.errors import CredentialsExpired, Denied, NotFound, Throttled, WorkbenchError
from lambdatui.core.functions import FunctionDetail, FunctionSummary, Unreserved
from lambdatui.ui.functions.details import LazyDetails
from tests.fixtures.virtual_time import run_virtually

NAMES = [f"f{number:04}" for number in range(5_000)]


class Service:
    """Answers after 20 ms, and keeps when it was asked what. `refuse` may answer with an error."""

    def __init__(self, refuse: Callable[[str], WorkbenchError | None] = lambda _: None) -> None:
        self.asked: list[tuple[float, str]] = []
        self.under_way = 0
        self.most_under_way = 0
        self.refuse = refuse

    async def ask(self, name: str) -> FunctionDetail:
        loop = asyncio.get_running_loop()
        self.asked.append((loop.time(), name))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.02)
        self.under_way -= 1
        if (error := self.refuse(name)) is not None:
            raise error
        return FunctionDetail(FunctionSummary(name), "Active", Unreserved())

    def busiest_second(self) -> int:
        """The most requests that began within one second."""
        times = [at_s for at_s, _ in self.asked]
        return max(sum(1 for at_s in times if start <= at_s < start + 1) for start in times)


def reading(service: Service, user: Callable[[LazyDetails], object], per_second: float = 50) -> LazyDetails:
    """Let `user` do something while details are read."""

    async def run() -> LazyDetails:
        details = LazyDetails(service.ask, lambda: None, per_second=per_second)
        worker = asyncio.create_task(details.run())
        done = user(details)
        if asyncio.iscoroutine(done):
            await done
        await asyncio.sleep(60)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        return details

    return run_virtually(run())


def test_scrolling_through_thousands_stays_within_the_budget() -> None:
    """A key held for 8 s: never more than 20 under way nor 70 in a second, and the last screen is read whole."""
    service = Service()

    async def scroll(details: LazyDetails) -> None:
        for top in range(0, 4_960, 20):
            details.want(NAMES[top : top + 40])
            await asyncio.sleep(0.033)

    details = reading(service, scroll)
    assert service.most_under_way <= 20
    assert service.busiest_second() <= 20 + 50
    assert set(NAMES[4_940:4_980]) <= details.details.keys()
    assert len(service.asked) < 800
    assert len({name for _, name in service.asked}) == len(service.asked)


def test_a_throttle_slows_down_and_loses_nothing() -> None:
    """A third of the first requests are throttled: all are answered in the end, slower."""
    service = Service()
    service.refuse = lambda _: Throttled("slow down") if len(service.asked) in range(3, 40, 3) else None
    details = reading(service, lambda details: details.want(NAMES[:40]))
    assert details.details.keys() == set(NAMES[:40])
    assert service.asked[-1][0] - service.asked[0][0] > 1


def test_a_missing_permission_is_asked_for_once() -> None:
    """One refusal, and nobody is asked again until the list is read anew."""
    service = Service(lambda _: Denied("Not permitted: lambda:GetFunction", permission="lambda:GetFunction"))
    details = reading(service, lambda details: details.want(NAMES[:40]))
    assert len(service.asked) == 1
    assert isinstance(details.stopped, Denied)


def test_one_function_that_is_refused_stops_no_other() -> None:
    """A policy by function, or one deleted meanwhile: marked, asked once; the others are read."""
    service = Service({NAMES[2]: Denied("no"), NAMES[3]: NotFound("gone")}.get)
    details = reading(service, lambda details: details.want(NAMES[:10]))
    assert details.stopped is None
    assert details.failures.keys() == {NAMES[2], NAMES[3]}
    assert len(service.asked) == 10


def test_expired_credentials_stop_until_the_list_is_read_again() -> None:
    """In mid-way nobody asks any more; a refresh goes on where it stopped, and reads what is shown anew."""
    service = Service()

    async def expire(details: LazyDetails) -> None:
        details.want(NAMES[:10])
        await asyncio.sleep(1)
        service.refuse = lambda _: CredentialsExpired("expired")
        details.want(NAMES[10:20])
        await asyncio.sleep(1)
        assert isinstance(details.stopped, CredentialsExpired)
        assert len(service.asked) <= 10 + 10
        service.refuse = lambda _: None
        details.refresh()

    details = reading(service, expire)
    assert details.stopped is None
    assert details.details.keys() == set(NAMES[:20])


def test_a_sweep_reads_all_at_the_rate_and_can_be_ended() -> None:
    """Five hundred at 50 a second take ten seconds; ended in the middle, nothing more is asked."""
    service = Service()

    async def sweep(details: LazyDetails) -> None:
        details.sweep(NAMES[:500])
        await asyncio.sleep(4)
        done, total = details.progress
        assert 200 <= done <= 225
        assert total == 500
        details.sweep(())

    reading(service, sweep)
    assert len(service.asked) <= 225
