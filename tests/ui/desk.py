"""A person at the workbench, without a terminal: presses keys, reads the screen. The backend is the real local one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from lambdatui.core.target import Target, TargetKind
from lambdatui.services import Services
from lambdatui.settings import Settings
from lambdatui.settings.model import LocalSettings
from lambdatui.storage.paths import Paths
from lambdatui.ui.app import LambdatuiApp
from lambdatui.ui.configuration.view import ConfigurationView
from lambdatui.ui.events.pane import EventView
from lambdatui.ui.footer import FooterBar
from lambdatui.ui.header import HeaderBar
from lambdatui.wiring import TargetChoice, build_services, choose_target

DEADLINE_S = 15.0
QUICK = LocalSettings(retry_delays_seconds=(0.05, 0.05))

GREET = (
    "def handler(event, context):\n    print('greeting', event)\n    return {'greeting': event.get('name', 'you')}\n"
)
# Waits for a file that the test writes: no test waits for a clock.
GATE = """
import pathlib, time

def handler(event, context):
    while not pathlib.Path(event["gate"]).exists():
        time.sleep(0.01)
    return {"came through": event["gate"].rpartition("/")[2]}
"""
HANDLERS = {
    "greet": GREET,
    "gate": GATE,
    "raises": "def charge(event):\n    raise ValueError('no such order')\n\ndef handler(event, context):\n"
    "    return charge(event)\n",
    "sleepy": "import time\ndef handler(event, context):\n    time.sleep(60)\n",
    "hungry": "def handler(event, context):\n    kept = bytearray(600 * 1024 * 1024)\n    return len(kept)\n",
    "exits": "import os\ndef handler(event, context):\n    os._exit(3)\n",
    "broken": "raise RuntimeError('no configuration')\n",
    "large": "def handler(event, context):\n    return {'rows': [{'row': n, 'in': f'r{n}'} for n in range(200)]}\n",
}
_TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.12, Handler: app.handler, MemorySize: 256, Timeout: 30}}
Resources:
"""
_MORE = {
    "greet": "      Description: Says hello\n      Environment: {Variables: {TOKEN: hunter2, COLOUR: blue}}\n",
    "sleepy": "      Timeout: 1\n",
    "raises": "      EventInvokeConfig:\n        MaximumRetryAttempts: 1\n"
    "        DestinationConfig: {OnFailure: {Destination: !GetAtt Greet.Arn}}\n",
}


def write_project(folder: Path, *names: str) -> Path:
    """A project of some of the functions above; "greet" is always there."""
    text = _TEMPLATE
    for name in sorted({"greet", *names}):
        text += f"  {name.title()}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        text += f"      FunctionName: {name}\n      CodeUri: {name}/\n{_MORE.get(name, '')}"
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "app.py").write_text(HANDLERS[name])
    (folder / "template.yaml").write_text(text)
    return folder


def services_for(project: Path, home: Path, settings: Settings | None = None) -> Services:
    """The services of the real program on `project`, with everything that is kept below `home`."""
    settings = settings or Settings(local=QUICK)
    paths = Paths.of({}, home, "linux")
    target = choose_target(TargetChoice(str(project)), project.parent, paths, settings, _now, environment={})
    return build_services(settings, paths, target, {}, _now)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """The open workbench."""

    app: LambdatuiApp
    pilot: Pilot[int]
    services: Services

    @property
    def target(self) -> Target:
        """What is looked at."""
        return self.services.target

    @property
    def lines(self) -> list[str]:
        """The screen as a person sees it, a string a line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def footer(self) -> str:
        """The line at the bottom."""
        return str(self.app.screen_stack[0].query_one(FooterBar).render())

    def area(self, selector: str) -> str:
        """The part of the screen that a widget covers, its frame included."""
        region = self.app.screen_stack[0].query_one(selector).region
        lines = self.lines[region.y : region.bottom]
        return "\n".join(line[region.x : region.right] for line in lines)

    def reading(self) -> bool:
        """Whether the event or the settings of the selected function are being read; on AWS those wait for `c`."""
        views = list(self.app.screen_stack[0].query(ConfigurationView))
        if not views or not self.app.screen_stack[0].query(EventView):
            return True
        event = self.app.screen_stack[0].query_one(EventView)
        awaited = views[0].function is not None and self.target.kind is not TargetKind.AWS
        return event.reading or (awaited and views[0].configuration is None)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*text)

    async def paste(self, text: str) -> None:
        """Paste a text, as the terminal gives it."""
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    async def until(self, promise: Callable[[], bool], what: str = "") -> None:
        """Wait until `promise` holds.

        Raises:
            AssertionError: it did not in time; the screen is in the message.
        """
        deadline = time.monotonic() + DEADLINE_S
        while not promise():
            assert self.app._exception is None, f"the workbench crashed: {self.app._exception!r}"
            assert time.monotonic() < deadline, f"never: {what}\n{self.text}"
            await asyncio.sleep(0.01)

    async def sees(self, *texts: str, where: str = "") -> None:
        """Wait until every text is on the screen, or in the part that the widget `where` covers."""

        def there() -> bool:
            shown = self.area(where) if where else self.text
            return all(text in shown for text in texts)

        await self.until(there, repr(texts))

    async def select(self, name: str) -> None:
        """Go to the function `name` with the filter, and back to the whole list."""
        await self.press("1", "slash")
        await self.type(name)
        await self.press("enter", "escape")
        await self.sees(f"Logs ── {name} ")
        await self.until(lambda: not self.reading(), f"the event of {name}")


@asynccontextmanager
async def at_work(services: Services, size: tuple[int, int] = (120, 40), *, listed: bool = True) -> AsyncIterator[Desk]:
    """The workbench, `listed` and ready; closed at the end."""
    app = LambdatuiApp(services)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot, services)
            header = app.screen_stack[0].query_one(HeaderBar)
            if listed:
                await desk.until(lambda: header.functions is not None and not desk.reading(), "the list")
            yield desk
    finally:
        services.close()
