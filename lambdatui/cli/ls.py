"""`lambdatui ls`: the functions of the target."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit, code_of
from lambdatui.cli.session import Session
from lambdatui.cli.shapes import function_record
from lambdatui.cli.table import columns
from lambdatui.core.errors import NotFound, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.text import clean

_HEADER = ("NAME", "RUNTIME", "MEMORY", "TIMEOUT", "ORIGIN", "PROBLEM")


@headless(
    "ls",
    short_help="List the functions.",
    examples=(
        "lambdatui ls",
        "lambdatui ls 'order-*' --local ./shop",
        "lambdatui ls --json | jq -r 'select(.memory_mb > 512) | .name'",
    ),
)
@click.argument("globs", metavar="[GLOB]...", nargs=-1, type=FunctionName())
async def command(session: Session, globs: tuple[str, ...]) -> int:
    """List the functions, or those whose name matches a GLOB ("order-*").

    What could not be read is told on stderr, and the exit code says so; the rest is listed. With --json a line
    a function. Without it a table, with a heading on a terminal.
    """
    listed: list[FunctionSummary] = []
    problems: list[WorkbenchError] = []
    async with session.open() as workplace:
        async for page in workplace.backend.catalogue.pages():
            listed += page.functions
            problems += page.problems
            if session.output.json:
                for function in _matching(page.functions, globs):
                    session.output.record(function_record(function))
        workplace.services.functions.save(tuple(listed))
    matching = _matching(listed, globs)
    if matching and not session.output.json:
        session.output.line("\n".join(_table(session, matching)))
    for problem in problems:
        session.output.complain(problem, "warning")
    if problems:
        return code_of(problems[0])
    if globs and not matching:
        raise NotFound(f"No function matches {' or '.join(globs)}", f"There are {len(listed)} functions.")
    if not listed:
        session.output.say("no functions here", "dim")
    return Exit.OK


def _matching(functions: Sequence[FunctionSummary], globs: Sequence[str]) -> list[FunctionSummary]:
    return [f for f in functions if not globs or any(fnmatchcase(f.name, glob) for glob in globs)]


def _table(session: Session, functions: Sequence[FunctionSummary]) -> list[str]:
    rows = [_HEADER, *(_row(function) for function in functions)]
    if not any(row[-1] for row in rows[1:]):
        rows = [row[:-1] for row in rows]
    heading, *lines = columns(rows, right={2, 3})
    return [session.output.data_tone(heading, "dim"), *lines] if session.output.for_eyes else columns(rows[1:], {2, 3})


def _row(function: FunctionSummary) -> tuple[str, ...]:
    return (
        clean(function.name),
        clean(function.runtime or function.package_type.lower()),
        f"{function.memory_mb:,} MB",
        f"{function.timeout_s:,} s",
        clean(function.origin),
        clean(function.problem).replace("\n", " "),
    )
