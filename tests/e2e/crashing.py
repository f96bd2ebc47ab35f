"""The workbench with a bug in it: `c` meets one in an action, `h` one in a worker.

python -m tests.e2e.crashing [WORDS OF THE COMMAND LINE…]
"""

from __future__ import annotations

import sys

from textual.widget import Widget

from lambdatui.cli.main import main
from lambdatui.ui.workbench import Workbench

SECRET = "hunter2"


def _in_an_action(_self: Workbench) -> None:
    event_of_the_user = SECRET
    raise RuntimeError(f"a bug of {len(event_of_the_user)} letters")


def _in_a_worker(self: Workbench) -> None:
    self.run_worker(_broken(self), group="broken")


async def _broken(widget: Widget) -> None:
    environment_of_a_function = {"TOKEN": SECRET, "widget": widget}
    raise KeyError(len(environment_of_a_function))


Workbench.action_configuration = _in_an_action  # type: ignore[assignment,method-assign]
Workbench.action_history = _in_a_worker  # type: ignore[assignment]
sys.exit(main(sys.argv[1:]))
