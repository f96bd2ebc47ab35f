"""`lambdatui set`: change settings of a function, after showing what would change."""

from __future__ import annotations

from collections.abc import Sequence

import click

from lambdatui.cli.asking import confirm, name_typed
from lambdatui.cli.assignments import edit_of, wanted_values
from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.part_plans import parts_wanted
from lambdatui.cli.session import MAY_TAKE_EFFECT, Session, refuse_if_read_only
from lambdatui.cli.set_many import names_several, set_many
from lambdatui.cli.set_parts import set_parts
from lambdatui.cli.shapes import partly_record, set_record
from lambdatui.cli.show import settings_lines
from lambdatui.core.configuration import Change, Configuration, Progress, Step, definition_of
from lambdatui.core.errors import InvalidInput, PartlyApplied
from lambdatui.core.functions import Reserved
from lambdatui.core.target import Target, TargetKind


@headless(
    "set",
    short_help="Change settings of a function.",
    examples=(
        "lambdatui set resize memory=512 timeout=30",
        "lambdatui set resize env.STAGE=test --unset env.DEBUG --yes",
        "lambdatui set 'order-*' retention=14 --dry-run",
        "lambdatui set resize reserved=none --dry-run",
        "lambdatui set resize alias.live=3,4:10% provisioned.live=5",
        "lambdatui set resize trigger.orders.enabled=false",
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
    """Change settings of FN. The difference is shown on stderr, the result on stdout.

    KEY is memory, timeout, description, reserved (a number, or none), retries, event_age, on_failure, log_format,
    log_level or env.NAME; environment variables that are not named stay as they are. On AWS also ephemeral, handler,
    layers (ARNs), snap_start, runtime_update, on_success, dlq, recursion, system_log_level, log_group, retention
    (days, or forever), tracing and tag.NAME. KEY= without a value is refused, but for a variable, a tag and the
    description: --unset removes.

    FN may be a glob ("order-*") or names split by commas: each function has its own outcome, one that fails stops no
    other, and the exit code is that of the first failure.

    In a command of their own, on AWS: alias.NAME (a version, or 3,4:10% for a share to another), provisioned.QUALIFIER
    (a number, or none; waits until it is ready) and trigger.SOURCE.KEY, where KEY is enabled, batch_size, window_s,
    filters (JSON), maximum_concurrency or parallelization. These are made one after the other.

    On a terminal it asks first; in production, and to stop a function, for its name. When somebody else changed the
    setting meanwhile, nothing is written and both values are shown (exit code 1). Changes that AWS takes in one call
    are made together or not at all; when a later call fails, what took effect is told (exit code 1).
    """
    if parts := parts_wanted(assignments, unset):
        return await set_parts(session, function, parts, dry_run=dry_run, yes=yes)
    values, warnings = wanted_values(assignments, unset)
    if names_several(function):
        return await set_many(session, function, values, warnings, dry_run=dry_run, yes=yes, show_values=show_values)
    async with session.open() as workplace, session.naming(workplace.backend, function):
        store = workplace.backend.configuration
        before = await store.read(function)
        edit = edit_of(before, values, warnings)
        _show_difference(session, edit.changes, edit.warnings, show_values=show_values)
        for caution in before.cautions if edit.changes else ():
            session.output.complain(InvalidInput(caution), "warning")
        if dry_run or not edit.changes:
            _print(session, edit.changes, before, applied=False, show_values=show_values)
            return Exit.OK
        refuse_if_read_only(workplace.services, "nothing is changed")
        if not yes:
            await _ask(function, edit.changes, workplace.services.target)
        steps = [Step.READING]
        try:
            with session.sending(MAY_TAKE_EFFECT, lambda: steps[-1].sent):
                after = await store.apply(function, edit.changes, before.revision_id, _narrator(session, steps))
        except PartlyApplied as error:
            if session.output.json:
                record = partly_record(function, edit.changes, error.applied, show_values=show_values)
                session.output.record(record)
            raise
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
    if change.new is None and definition.kind not in ("environment", "tag") and not definition.none_word:
        return f"{definition.label} {definition.show(change.old)} → its default"
    return change.show(masked=not show_values)


async def _ask(function: str, changes: Sequence[Change], target: Target) -> None:
    stops = target.kind is TargetKind.AWS and any(change.new == Reserved(0) for change in changes)
    if target.production:
        await name_typed("Apply in production?", function)
    elif stops:
        await name_typed(f"Stop {function}: every invocation will be throttled?", function)
    else:
        await confirm("Apply?")


def _narrator(session: Session, steps: list[Step]) -> Progress:
    """Tells the steps that may last; `steps` gets all of them."""

    def tell(step: Step) -> None:
        steps.append(step)
        if step not in (Step.READING, Step.SENDING):
            session.output.say(step.value, "dim")

    return tell


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
