"""Takes the picture in the README: the workbench on the examples, after an invocation. `make screenshot`."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from lambdatui.cli.compose import compose
from lambdatui.cli.options import TargetOptions
from lambdatui.ui.app import LambdatuiApp
from lambdatui.ui.invoke.pane import ResultPane

PICTURE = Path(__file__).with_name("workbench.svg")
# The SVG names fonts of a web server; a picture in a repository must not fetch anything.
_FONT_FACES = re.compile(r"@font-face \{.*?\}", re.DOTALL)


async def _take() -> str:
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, **{f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE", "CACHE")}}
        app = LambdatuiApp(compose(TargetOptions(demo=True), environment))
        async with app.run_test(size=(132, 40)) as pilot:
            await pilot.press("slash", *"resize", "enter")
            while not (results := app.screen.query(ResultPane)) or not results.first().function:
                await pilot.pause(0.05)
            await pilot.press("i")
            while not results.first().border_subtitle:
                await pilot.pause(0.05)
            await pilot.press("escape")
            await pilot.pause(0.5)
            return app.export_screenshot(title="lambdatui", simplify=True)


def main() -> None:
    """Write the picture beside this file."""
    PICTURE.write_text(_FONT_FACES.sub("", asyncio.run(_take())), encoding="utf-8")
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
