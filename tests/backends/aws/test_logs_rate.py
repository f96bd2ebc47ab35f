"""The calls of all tails of an account stay below its quota, whatever targets they belong to."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from lambdatui.backends.aws.logs_rate import AccountRate
from lambdatui.backends.aws.open import on_this_machine
from lambdatui.core.errors import Denied
from tests.fixtures.virtual_time import run_virtually


async def elsewhere() -> bool:
    return False


async def turns_of(rate: AccountRate, turns: int, moments: list[float]) -> None:
    for _ in range(turns):
        await rate.turn()
        moments.append(asyncio.get_running_loop().time())


def spans(moments: list[float]) -> list[float]:
    moments = sorted(moments)
    return [later - earlier for earlier, later in zip(moments, moments[3:], strict=False)]


def test_two_targets_of_one_account_share_its_quota() -> None:
    """Under two profiles, or in a pane and a command of one process: three calls in any second together."""
    account = uuid4().hex

    async def account_id() -> str:
        await asyncio.sleep(0.2)
        return account

    async def both() -> list[float]:
        moments: list[float] = []
        rates = [AccountRate(account_id, "eu-west-1", f"{account}-{profile}", elsewhere) for profile in "ab"]
        await asyncio.gather(*(turns_of(rate, 10, moments) for rate in rates))
        return moments

    moments = run_virtually(both())
    assert min(spans(moments)) >= 1 - 1e-6
    assert max(moments) - min(moments) < 7


def test_an_account_that_can_not_be_asked_for_holds_nothing_up() -> None:
    """No way to STS, or a refusal: the target has a rate of its own, and asks again a minute later."""
    account = uuid4().hex
    asked: list[float] = []

    async def account_id() -> str:
        asked.append(asyncio.get_running_loop().time())
        if len(asked) == 1:
            await asyncio.sleep(30)
        if len(asked) < 3:
            raise Denied("no")
        return account

    async def play() -> list[float]:
        rate = AccountRate(account_id, "eu-west-1", f"{account}-a", elsewhere)
        moments: list[float] = []
        await turns_of(rate, 1, moments)
        for _ in range(40):
            await asyncio.sleep(5)
            await turns_of(rate, 1, moments)
        return moments

    moments = run_virtually(play())
    assert moments[0] - asked[0] < 3
    assert len(asked) == 3
    assert moments[-1] - moments[0] < 201


def test_a_server_on_this_machine_has_no_quota_unless_one_is_set() -> None:
    """A hundred calls at once; with the setting they wait for their turns."""

    async def here() -> bool:
        return True

    async def nobody() -> str:
        return ""

    async def play(calls: int | None) -> float:
        moments: list[float] = []
        await turns_of(AccountRate(nobody, "eu-west-1", uuid4().hex, here, calls), 100, moments)
        return moments[-1] - moments[0]

    assert run_virtually(play(None)) == 0
    assert run_virtually(play(10)) == pytest.approx(9)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:4566", True),
        ("http://[::1]:4566", True),
        ("http://localhost:5000", True),
        ("https://logs.eu-west-1.amazonaws.com", False),
        ("https://vpce-1.logs.eu-west-1.vpce.amazonaws.com", False),
        ("http://10.0.0.1", False),
        ("nonsense", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, here: bool) -> None:
    """A private endpoint serves the same account and counts for the same quota."""
    assert on_this_machine(url) is here
