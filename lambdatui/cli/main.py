"""argv in, exit code out: decides, before anything heavy is imported, between the workbench and a command."""

from __future__ import annotations

import os
import sys

from lambdatui.cli.options import COMPLETION_VARIABLE, parse_workbench

TYPE_CHECKING = False  # importing typing to ask for it costs 4 ms
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `lambdatui` with `argv` (without the program's name; None for the process's own).

    Returns the exit code; `lambdatui --help` explains each.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run(words)
    except KeyboardInterrupt:  # while the rest is imported: whoever runs catches it later
        return 130


def _run(words: Sequence[str]) -> int:
    # A shell that asks for completions sends no words: without this the workbench would open on every Tab.
    options = None if COMPLETION_VARIABLE in os.environ else parse_workbench(words)
    if options is not None:
        from lambdatui.cli.start import open_workbench  # noqa: PLC0415  # not before it is needed

        return open_workbench(words, options)
    from lambdatui.cli.headless import run  # noqa: PLC0415  # click costs the first frame 30 ms

    return run(words)
