"""The list on an account: what is asked for, and what a person sees of the answers."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from lambdatui.settings import Settings
from lambdatui.storage.paths import Paths
from lambdatui.ui.app import LambdatuiApp
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal


def clock() -> datetime:
    return datetime.now(UTC)


def function(name: str, **more: Any) -> Mapping[str, Any]:
    """A function as ListFunctions gives it."""
    return {"FunctionName": name, "Runtime": "python3.13", "MemorySize": 256, "Timeout": 7, **more}


class Account:
    """The open workbench on the stub."""

    def __init__(self, app: LambdatuiApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot
        self.press = pilot.press

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def until(self, promise: Callable[[], bool]) -> None:
        """Wait until `promise` holds, 15 seconds at most."""
        deadline = time.monotonic() + 15
        while not promise():
            assert self.app._exception is None, repr(self.app._exception)
            assert time.monotonic() < deadline, self.text
            await self.pilot.pause(0.02)

    async def sees(self, *texts: str) -> None:
        """Wait until every text is on the screen."""
        await self.until(lambda: all(text in self.text for text in texts))


@asynccontextmanager
async def account(stub: AwsStub, home: Path, size: tuple[int, int] = (150, 30)) -> AsyncIterator[Account]:
    """The workbench on what the stub serves, the list alone on the screen."""
    settings, paths = Settings(), Paths.of({}, home, "linux")
    choice = TargetChoice(aws=True, region=REGION, endpoint_url=stub.url)
    environment = {**keys("123456789012"), "HOME": str(home)}
    target = choose_target(choice, home, paths, settings, clock, environment=environment)
    services = build_services(settings, paths, target, environment, clock)
    app = LambdatuiApp(services)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            opened = Account(app, pilot)
            await opened.press("z")
            yield opened
    finally:
        services.close()


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
    async with account(aws_stub, tmp_path) as desk:
        await desk.sees("300 functions", "Failed", "! Failed: The image is gone")
        await desk.until(lambda: desk.text.count("Active") >= 20)
        assert len(aws_stub.requests("lambda:GetFunction")) <= 30
        await desk.press("G")
        await desk.until(lambda: "stopped" in desk.text and desk.text.count("Active") >= 20)
        [row] = [line for line in desk.text.splitlines() if "stopped" in line]
        assert "0" in row.split()
        assert len(aws_stub.requests("lambda:GetFunction")) <= 60


async def test_a_filter_by_tag_reads_the_tags_of_all(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`tag:team=shop` finds every function that has it, also those that never were on the screen."""
    aws_stub.functions = [function(f"{'order' if n % 2 else 'image'}-{n:02}") for n in range(60)]
    aws_stub.answer("lambda:GetFunction", details)
    async with account(aws_stub, tmp_path) as desk:
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
    async with account(aws_stub, tmp_path) as desk:
        await desk.sees("60 functions", "Not permitted: lambda:GetFunction", "?")
        await desk.press("G", "g", "pagedown")
        await desk.pilot.pause(0.3)
        # The panes beside the list may ask for the function that they look at.
        assert len(aws_stub.requests("lambda:GetFunction")) < 10


async def test_a_refresh_that_fails_leaves_the_list(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Every row stays, with its cursor and filter; a row below says what went wrong."""
    aws_stub.functions = [function(f"f{n:02}") for n in range(10)]
    async with account(aws_stub, tmp_path) as desk:
        await desk.sees("10 functions", "f09")
        await desk.press("j", "j", "j")
        aws_stub.answer("lambda:ListFunctions", refusal("ServiceException", "sorry", 500))
        await desk.press("r")
        await desk.sees("ServiceException", "f09", "▌f03")
