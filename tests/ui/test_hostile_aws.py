"""AWS at its worst, as a person at the workbench sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.aws_stub import AwsStub, Reply, Seen, refusal
from tests.ui.desk import Desk
from tests.ui.on_stub import at_the_stub

SKEW = refusal(
    "InvalidSignatureException",
    "Signature expired: 20261123T120000Z is now earlier than 20261123T121000Z (20261123T121500Z - 5 min.)",
    403,
)
RESERVED = "ReservedFunctionConcurrentInvocationLimitExceeded"


def function(name: str, **more: Any) -> dict[str, Any]:
    """A function as AWS tells of it."""
    return {"FunctionName": name, "Runtime": "python3.13", "Timeout": 3, "MemorySize": 128, **more}


@pytest.fixture
async def desk(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Desk]:
    """The workbench on one function."""
    aws_stub.functions = [function("f")]
    aws_stub.answer("logs:FilterLogEvents", Reply(body={"events": []}))
    async with at_the_stub(aws_stub, tmp_path) as opened:
        yield opened


async def test_what_goes_wrong_with_an_invocation_is_told_and_nothing_is_sent_again(
    desk: Desk, aws_stub: AwsStub
) -> None:
    """A throttle with its reason, a cut connection, a 5xx, a wrong clock: each in words, each one request."""
    cases = [
        (
            refusal("TooManyRequestsException", "Rate Exceeded.", 429, Reason=RESERVED, retry_after="7"),
            ("Throttled", "reserved concurrency is used up", "Try again in 7 s"),
        ),
        (Reply(cut=True), ("it may have run", "not sent again by itself")),
        (Reply(body=b'{"half": "of it"}', cut_after_bytes=5), ("it may have run",)),
        (refusal("ServiceException", "internal", 500), ("Nobody knows whether it ran",)),
        (SKEW, ("This machine's clock is 15 minutes slow", "Set it: timedatectl set-ntp true")),
        (refusal("BrandNewException", "nobody knows it yet", 400), ("BrandNewException", "nobody knows it yet")),
    ]
    for number, (reply, words) in enumerate(cases, 1):
        aws_stub.answer("lambda:Invoke", reply)
        await desk.press("i")
        await desk.sees(*words, where="#result")
        assert len(aws_stub.requests("lambda:Invoke")) == number
    aws_stub.answer("lambda:Invoke", Reply(body=b'"at last"'))
    await desk.press("i")
    await desk.sees("at last", where="#result")


async def test_an_answer_later_than_any_read_is_the_answer(desk: Desk, aws_stub: AwsStub) -> None:
    """Reads give up after two seconds here; the function is sent its event once, and its answer is shown."""
    aws_stub.answer("lambda:Invoke", Reply(body=b'"late"', delay_s=2.5))
    await desk.press("i")
    await desk.sees("late", where="#result")
    assert len(aws_stub.requests("lambda:Invoke")) == 1


async def test_a_list_that_breaks_off_keeps_what_came_and_goes_on_by_a_key(desk: Desk, aws_stub: AwsStub) -> None:
    """A cut, a wrong clock, a page of nonsense: the functions stay, a row opens the words why, `r` reads again."""
    for reply, row, words in (
        (Reply(cut=True), "! No usable answer", "No usable answer to lambda:ListFunctions"),
        (SKEW, "! This machine's clock is 15 minutes slow", "Set it: timedatectl set-ntp true"),
        (Reply(body=b"<html>captive portal</html>"), "! A page of the list", "Its answer has no Functions"),
    ):
        aws_stub.answer("lambda:ListFunctions", reply)
        await desk.press("r")
        await desk.sees("py3.13", row, where="#functions")
        await desk.press("1", "down", "enter")
        await desk.sees(words)
        await desk.press("escape", "up")
    aws_stub.functions = [function("f"), function("g")]
    aws_stub.answer("lambda:ListFunctions", Reply(body={"Functions": aws_stub.functions}))
    await desk.press("r")
    await desk.sees("2 functions")


async def test_thousands_with_what_nobody_knows_are_listed_and_filtered(aws_stub: AwsStub, tmp_path: Path) -> None:
    """5,000 functions, some of kinds that do not exist yet; the filter finds the last one, and it is invoked once."""
    strange = {"PackageType": "Crate", "Architectures": ["quantum"], "Future": {"mode": [1]}, "Runtime": "cobol99"}
    aws_stub.functions = [function(f"f{number:04}", **(strange if number % 7 == 0 else {})) for number in range(5_000)]

    def detail(seen: Seen) -> Reply:
        return Reply(body={"Configuration": function(seen.function, State="Hibernating", Vibe={}), "Tags": {"": None}})

    aws_stub.answer("lambda:GetFunction", detail)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.sees("5,000 functions", "cobol99", "f0000")
        await desk.press("slash")
        await desk.type("f4998")
        await desk.press("enter")
        await desk.sees("f4998", where="#functions")
        await desk.press("i")
        await desk.sees("200 ok", where="#result")
        assert [seen.function for seen in aws_stub.requests("lambda:Invoke")] == ["f4998"]
