"""`lambdatui show`: one function, its settings, and on AWS its versions and triggers."""

from __future__ import annotations

from typing import TypeVar

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.parts import triggers_lines, triggers_record, versions_lines, versions_record
from lambdatui.cli.session import Session
from lambdatui.cli.shapes import detail_record
from lambdatui.cli.table import columns
from lambdatui.core.configuration import Configuration, Entry
from lambdatui.core.errors import Denied, Unsupported
from lambdatui.core.functions import FunctionDetail, Unknown
from lambdatui.core.target import Backend
from lambdatui.core.text import clean

MASK = "••••"
Store = TypeVar("Store")


@headless(
    "show",
    short_help="Show a function and its settings.",
    examples=(
        "lambdatui show resize",
        "lambdatui show resize --json | jq '.settings[] | select(.key == \"memory\")'",
        "lambdatui show resize --versions --triggers",
    ),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.option("--show-values", is_flag=True, help="Show the values of environment variables.")
@click.option("--versions", is_flag=True, help="Show versions, aliases and provisioned concurrency; on AWS.")
@click.option("--triggers", is_flag=True, help="Show event sources, who may invoke it, and its URLs; on AWS.")
async def command(session: Session, function: str, *, show_values: bool, versions: bool, triggers: bool) -> int:
    """Show a function: what it is, and each setting with its value and where that comes from.

    A part that may not be read is told on stderr, and in "unread" of the JSON.
    """
    async with session.open() as workplace, session.naming(workplace.backend, function):
        backend = workplace.backend
        detail = await _detail(session, backend, function)
        configuration = await backend.configuration.read(function)
        found = await _stored(backend.versions, "versions").read(function) if versions else None
        triggering = await _stored(backend.triggers, "triggers").read(function) if triggers else None
    for read in (found, triggering):
        for lack in read.unread if read else ():
            session.output.complain(lack.error, "warning")
    if session.output.json:
        record = detail_record(detail, configuration, show_values=show_values)
        more = {} if found is None else {"published": versions_record(found)}
        more |= {} if triggering is None else {"triggers": triggers_record(triggering)}
        session.output.record(record | more)
    else:
        lines = _lines(session, detail, configuration, show_values=show_values)
        lines += [] if found is None else versions_lines(found)
        lines += [] if triggering is None else triggers_lines(triggering)
        session.output.line("\n".join(lines))
    return Exit.OK


async def _detail(session: Session, backend: Backend, function: str) -> FunctionDetail:
    """What is known of a function; where GetFunction is denied, what the list says."""
    try:
        return await backend.catalogue.detail(function)
    except Denied as error:
        async for page in backend.catalogue.pages():
            for summary in page.functions:
                if summary.name == function:
                    session.output.complain(error, "warning")
                    return FunctionDetail(summary, "unknown", Unknown(f"needs {error.permission}"))
        raise


def _stored(store: Store | None, what: str) -> Store:
    if store is None:
        raise Unsupported(f"This target has no {what}", "Functions on AWS have them.")
    return store


def settings_lines(entries: tuple[Entry, ...], *, show_values: bool) -> list[str]:
    """Label, value and origin of each setting, lined up."""
    return columns([_setting(entry, show_values=show_values) for entry in entries])


def _setting(entry: Entry, *, show_values: bool) -> tuple[str, str, str]:
    masked = entry.secret and not show_values and entry.value is not None
    shown = MASK if masked else clean(entry.definition.show(entry.value)).replace("\n", "⏎")
    shown = "unknown" if isinstance(entry.value, Unknown) else shown
    origin = f"{entry.origin} (locked: {entry.locked})" if entry.locked else entry.origin
    return clean(entry.definition.label), shown, clean(origin)


def _lines(session: Session, detail: FunctionDetail, configuration: Configuration, *, show_values: bool) -> list[str]:
    summary = detail.summary
    facts = (
        ("Runtime", summary.runtime or summary.package_type),
        ("Handler", summary.handler),
        ("Architecture", summary.architecture),
        ("State", f"{detail.state}: {detail.state_reason}" if detail.state_reason else detail.state),
        ("Code", detail.code_location),
        ("Origin", summary.origin),
        ("Log group", summary.log_group),
        ("ARN", summary.arn),
        ("Problem", summary.problem),
        *((f"Tag {key}", value) for key, value in sorted(detail.tags.items())),
        *(("Caution", caution) for caution in configuration.cautions),
    )
    head = columns([(label, clean(value).replace("\n", " ")) for label, value in facts if value])
    name = session.output.data_tone(clean(summary.name), "bold")
    return [name, *head, "", *settings_lines(configuration.entries, show_values=show_values)]
