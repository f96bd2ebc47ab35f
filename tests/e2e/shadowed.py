"""The workbench, which on SIGUSR1 writes down how Textual would paint its whole screen.

python -m tests.e2e.shadowed FILE [WORDS OF THE COMMAND LINE…]
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from textual._context import visible_screen_stack

from lambdatui.cli.main import main
from lambdatui.ui.app import LambdatuiApp

_on_mount = LambdatuiApp.on_mount


def _watched(self: LambdatuiApp) -> None:
    _on_mount(self)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _write_down, self)


def _write_down(app: LambdatuiApp) -> None:
    visible_screen_stack.set(app._background_screens)
    strips = app.screen._compositor.render_strips()
    painted = "".join(f"\x1b[{y};1H{strip.render(app.console)}" for y, strip in enumerate(strips, 1))
    path = Path(sys.argv[1])
    path.with_suffix(".new").write_text(painted, "utf-8")
    path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    LambdatuiApp.on_mount = _watched  # type: ignore[method-assign]
    sys.exit(main(sys.argv[2:]))
