"""`lambdatui set`: change settings of a function, after showing what would change."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from lambdatui.cli.assignments import edit_of, wanted_values
from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.session import Session, refuse_if_read_only
from lambdatui.cli.shapes import set_record
from lambdatui.cli.show import settings_lines
from lambdatui.core.configuration import Change, Configuration, definition_of
from lambdatui.core.errors import InvalidInput


@headless(
    "set",
    short_help="Change settings of a function.",
    examples=(
        "lambdatui set resize memory=512 timeout=30",
        "lambdatui set resize env.STAGE=test --unset env.DEBUG --yes",
        "lambdatui set resize reserved=none --dry-run",
    ),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.argument("assignments", metavar="KEY=VALUE...", nargs=-1)
@click.option("--unset", metavar="KEY", multiple=True, help="Remove env.KEY, or go back to a setting's default.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask. Needed where nobody can be asked.")
@click.option("--show-values", is_flag=True, help="Show the values of environment variables.")
async def command(
    session: Session,
    function: str,
    assignments: tuple[str, ...],
    unset: tuple[str, ...],
    *,
    dry_run: bool,
    yes: bool,
    show_values: bool,
) -> int:
    """Change settings of FN: all of them or none. The difference is shown on stderr, the result on stdout.

    KEY is memory, timeout, description, reserved (a number, or none), retries, event_age, on_failure, log_format,
    log_level or env.NAME; environment variables that are not named stay as they are. On a terminal it asks first.
    When somebody else changed the setting meanwhile, nothing is written and both values are shown (exit code 1).
    """
    values, warnings = wanted_values(assignments, unset)
    async with session.open() as workplace, session.naming(workplace.backend, function):
        store = workplace.backend.configuration
        before = await store.read(function)
        edit = edit_of(before, values, warnings)
        _show_difference(session, edit.changes, edit.warnings, show_values=show_values)
        if dry_run or not edit.changes:
            _print(session, edit.changes, before, applied=False, show_values=show_values)
            return Exit.OK
        refuse_if_read_only(workplace.services, "nothing is changed")
        if not yes:
            _ask()
        after = await store.apply(function, edit.changes, before.revision_id)
        _print(session, edit.changes, after, applied=True, show_values=show_values)
    return Exit.OK


def _show_difference(
    session: Session, changes: Sequence[Change], warnings: Sequence[str], *, show_values: bool
) -> None:
    for change in changes:
        session.output.say(_difference(change, show_values=show_values))
    for warning in warnings:
        session.output.complain(InvalidInput(warning), "warning")
    if not changes:
        session.output.say("nothing to change: it is so already", "dim")


def _difference(change: Change, *, show_values: bool) -> str:
    definition = definition_of(change.key)
    if change.new is None and definition.kind != "environment":
        return f"{definition.label} {definition.show(change.old)} → its default"
    return change.show(masked=not show_values)


def _ask() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("Nobody can be asked here: add --yes to apply this, or --dry-run to look only.")
    with _interruptible():
        click.confirm("Apply?", abort=True, err=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    # While the loop runs, asyncio takes the first Ctrl-C to cancel the task, which a blocking prompt never sees.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _print(
    session: Session, changes: Sequence[Change], now: Configuration, *, applied: bool, show_values: bool
) -> None:
    if session.output.json:
        session.output.record(set_record(now.function_name, changes, now, applied=applied, show_values=show_values))
        return
    touched = {change.key for change in changes}
    entries = tuple(entry for entry in now.entries if entry.definition.key in touched)
    if applied and entries:
        session.output.line("\n".join(settings_lines(entries, show_values=show_values)))
