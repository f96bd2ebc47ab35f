"""Who reserves the account's concurrency."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied
from tests.ui.account import account, function
from tests.ui.conftest import OpenWorkbench

LIMITS = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 400}


def details(seen: Seen) -> Reply:
    """Two functions that reserve, and one that is stopped."""
    reserved = {"f03": 500, "f55": 100, "f00": 0}.get(seen.function)
    concurrency = {} if reserved is None else {"ReservedConcurrentExecutions": reserved}
    return Reply(body={"Configuration": function(seen.function, State="Active"), "Concurrency": concurrency})


async def test_who_reserves_what_is_found(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The limit at once; the functions as they are read, the stopped first, then the largest; also those off screen."""
    aws_stub.functions = [function(f"f{n:02}") for n in range(60)]
    aws_stub.answer("lambda:GetFunction", details)
    aws_stub.answer("lambda:GetAccountSettings", Reply(body={"AccountLimit": LIMITS}))
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("60 functions")
        await desk.press("C")
        await desk.sees("1,000 executions", "600 · 60%", "400 for all", "All 600 reserved executions are found.")
        lines = [line for line in desk.text.splitlines() if "f00 · stopped" in line or "500" in line or " 100 " in line]
        assert [("f00" in line, "f03" in line, "f55" in line).index(True) for line in lines[-3:]] == [0, 1, 2]
        await desk.press("escape")


async def test_a_denied_limit_leaves_the_functions(aws_stub: AwsStub, tmp_path: Path) -> None:
    """GetAccountSettings is not permitted: said in its place; who reserves is read all the same, and can be stopped."""
    aws_stub.functions = [function(f"f{n:02}") for n in range(60)]
    aws_stub.answer("lambda:GetFunction", details)
    aws_stub.answer("lambda:GetAccountSettings", denied("lambda:GetAccountSettings"))
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("60 functions")
        await desk.press("C")
        await desk.sees("needs lambda:GetAccountSettings", "f55", "60 of 60 functions read")
        await desk.press("s")
        await desk.sees("s goes on")


async def test_without_an_account_there_is_no_such_key(open_workbench: OpenWorkbench) -> None:
    """The local runner has no account."""
    async with open_workbench() as desk:
        assert "C" not in desk.app.screen.active_bindings
