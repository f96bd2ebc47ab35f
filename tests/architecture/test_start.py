"""What may be imported, and when."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_PROBE = """
import asyncio, dataclasses, json, os, sys
from lambdatui.cli.compose import compose
from lambdatui.cli.options import TargetOptions
from lambdatui.ui.app import LambdatuiApp

async def at_first_paint():
    # The workbench opens its target after the first paint, and not before.
    app.seen = sorted(sys.modules)
    app.exit()
    await asyncio.Event().wait()

services = dataclasses.replace(compose(TargetOptions(demo=True), os.environ), open_backend=at_first_paint)
app = LambdatuiApp(services)
made = sorted(sys.modules)
app.run(headless=True)
print(json.dumps([made, app.seen]))
"""

LATE = ("boto3", "botocore", "yaml", "watchfiles", "sqlite3", "click", "pygments", "tree_sitter")
# Each makes a dozen dataclasses, which takes longer than reading them.
LATE_OF_OURS = [f"lambdatui.core.{name}" for name in ("invocation", "configuration", "versions", "sign_in", "logs")]
MOST_MODULES = 700


def _modules(home: Path) -> tuple[list[str], list[str]]:
    """Those that were imported when the app was made, and those when it opens its target."""
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    done = subprocess.run(
        [sys.executable, "-c", _PROBE], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    made, opened = json.loads(done.stdout.splitlines()[-1])
    return made, opened


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    """AWS, the local runner and whatever else the first screen does not show wait until it stands."""
    made, modules = _modules(tmp_path)
    assert not [name for name in LATE if name in modules]
    assert not [name for name in LATE_OF_OURS if name in made]
    assert not [name for name in modules if name.startswith("lambdatui.backends")]
    # Imports are two thirds of the time to the first paint: this is the noise-free measure of it.
    assert len(modules) < MOST_MODULES
