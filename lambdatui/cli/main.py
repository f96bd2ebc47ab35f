"""argv in, exit code out: decides, before anything heavy is imported, between the workbench and a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from lambdatui.cli.options import parse_workbench

COMPLETION_VARIABLE = "_LAMBDATUI_COMPLETE"


def main(argv: Sequence[str] | None = None) -> int:
    """Run `lambdatui` with `argv` (without the program's name; None for the process's own).

    Returns the exit code; `lambdatui --help` explains each.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    # A shell that asks for completions sends no words: without this the workbench would open on every Tab.
    if COMPLETION_VARIABLE not in os.environ and parse_workbench(words) is not None:
        from lambdatui.cli.start import open_workbench

        return open_workbench(words)
    from lambdatui.cli.headless import run

    return run(words)
