"""Two regions listed together: what is done to a function is done in its region, whatever the key."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.settings import Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, Reply, Seen
from tests.ui.desk import Desk, at_work


@asynccontextmanager
async def both_regions(stub: AwsStub, home: Path) -> AsyncIterator[Desk]:
    settings, paths = Settings(), Paths.of({}, home, "linux")
    environment = {**keys("123456789012"), "HOME": str(home)}
    choice = TargetChoice(aws=True, region="eu-west-1,us-east-1", endpoint_url=stub.url)
    target = choose_target(choice, home, paths, settings, _now, environment=environment)
    async with at_work(build_services(settings, paths, target, environment, _now), (150, 50)) as desk:
        yield desk


def region_of(seen: Seen) -> str:
    """The region that a request was signed for."""
    return seen.headers["Authorization"].split("Credential=")[1].split("/")[2]


async def test_each_key_reaches_the_region_of_the_function(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Invoked, copied, changed and taken back: all in the second region, under the function's own name."""
    settings = StubSettings(aws_stub)
    settings.add("orders", MemorySize=256)
    aws_stub.answer("lambda:Invoke", Reply(body={"ok": True}, headers={"x-amzn-RequestId": "r-1"}))
    async with both_regions(aws_stub, tmp_path) as desk:
        await desk.sees("2 functions")
        await desk.press("1", "end", "i")
        await desk.sees("200 ok", where="#result")
        (invoked,) = aws_stub.requests("lambda:Invoke")
        assert (invoked.function, region_of(invoked)) == ("orders", "us-east-1")
        await desk.press("3", "Y")
        await desk.until(lambda: "aws lambda invoke" in desk.app.clipboard, "the command")
        assert "--function-name orders " in desk.app.clipboard
        assert "--region us-east-1 " in desk.app.clipboard

        await desk.press("1", "m", "ctrl+u", *"512", "enter")
        await desk.until(lambda: settings.functions["orders"]["MemorySize"] == 512, "changed")
        await desk.sees("512 MB", where="#edit")
        await desk.until(lambda: "u Undo" in desk.footer, "undo")
        await desk.press("u")
        await desk.until(lambda: settings.functions["orders"]["MemorySize"] == 256, "taken back")
        changed = aws_stub.requests("lambda:UpdateFunctionConfiguration")
        assert [region_of(seen) for seen in changed] == ["us-east-1", "us-east-1"]
        assert [json.loads(seen.body)["MemorySize"] for seen in changed] == [512, 256]


def _now() -> datetime:
    return datetime.now(UTC)
