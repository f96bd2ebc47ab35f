"""The list on an account: what is asked for, and what a person sees of the answers."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal
from tests.ui.account import account, function


def details(seen: Seen) -> Reply:
    """One function each that fails, is stopped, and belongs to a team."""
    configuration = {**function(seen.function), "State": "Active"}
    if seen.function == "broken":
        configuration |= {"State": "Failed", "StateReason": "The image is gone"}
    concurrency = {"ReservedConcurrentExecutions": 0} if seen.function == "stopped" else {}
    tags = {"team": "shop"} if seen.function.startswith("order") else {}
    return Reply(body={"Configuration": configuration, "Concurrency": concurrency, "Tags": tags})


async def test_state_and_concurrency_are_shown_for_what_is_on_the_screen(aws_stub: AwsStub, tmp_path: Path) -> None:
    """300 functions, 25 of them on the screen: as many requests; what fails says why under the cursor."""
    names = ["broken", "stopped", *(f"order-{n:03}" for n in range(298))]
    aws_stub.functions = [function(name) for name in names]
    aws_stub.answer("lambda:GetFunction", details)
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("300 functions", "Failed", "! Failed: The image is gone")
        await desk.until(lambda: desk.text.count("Active") >= 20)
        assert len(aws_stub.requests("lambda:GetFunction")) <= 32
        await desk.press("G")
        await desk.until(lambda: "stopped" in desk.text and desk.text.count("Active") >= 20)
        [row] = [line for line in desk.text.splitlines() if "stopped" in line]
        assert "0" in row.split()
        assert len(aws_stub.requests("lambda:GetFunction")) <= 62


async def test_a_filter_by_tag_reads_the_tags_of_all(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`tag:team=shop` finds every function that has it, also those that never were on the screen."""
    aws_stub.functions = [function(f"{'order' if n % 2 else 'image'}-{n:02}") for n in range(60)]
    aws_stub.answer("lambda:GetFunction", details)
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("60 functions", "Active")
        await desk.press("slash", *"tag:team=shop")
        await desk.sees("30/60")
        assert {seen.function for seen in aws_stub.requests("lambda:GetFunction")} >= {
            f"order-{n:02}" for n in range(1, 60, 2)
        }


async def test_a_missing_permission_is_told_once(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The list is of use without GetFunction: one request, one toast with the permission, and "?" in the columns."""
    aws_stub.functions = [function(f"f{n:02}") for n in range(60)]
    aws_stub.answer("lambda:GetFunction", denied("lambda:GetFunction"))
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("60 functions", "Not permitted: lambda:GetFunction", "?")
        await desk.press("G", "g", "pagedown")
        await desk.pilot.pause(0.3)
        # The panes beside the list may ask for the function that they look at.
        assert len(aws_stub.requests("lambda:GetFunction")) < 10


async def test_a_refresh_that_fails_leaves_the_list(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Every row stays, with its cursor and filter; a row below says what went wrong."""
    aws_stub.functions = [function(f"f{n:02}") for n in range(10)]
    async with account(aws_stub.url, tmp_path) as desk:
        await desk.sees("10 functions", "f09")
        await desk.press("j", "j", "j")
        aws_stub.answer("lambda:ListFunctions", refusal("ServiceException", "sorry", 500))
        await desk.press("r")
        await desk.sees("ServiceException", "f09", "▌f03")
