"""The workbench on the stub of AWS, with one pane on the screen."""

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
async def account(
    url: str, home: Path, size: tuple[int, int] = (150, 30), number: str = "123456789012"
) -> AsyncIterator[Account]:
    """The workbench on what the server at `url` serves, the list alone on the screen."""
    settings, paths = Settings(), Paths.of({}, home, "linux")
    choice = TargetChoice(aws=True, region=REGION, endpoint_url=url)
    environment = {**keys(number), "HOME": str(home)}
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
