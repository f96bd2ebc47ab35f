"""`lambdatui show`: one function and its settings."""

from __future__ import annotations

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.session import Session
from lambdatui.cli.shapes import detail_record
from lambdatui.cli.table import columns
from lambdatui.core.configuration import Configuration, Entry
from lambdatui.core.functions import FunctionDetail, Unknown
from lambdatui.core.text import clean

MASK = "••••"


@headless(
    "show",
    short_help="Show a function and its settings.",
    examples=("lambdatui show resize", "lambdatui show resize --json | jq '.settings[] | select(.key == \"memory\")'"),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.option("--show-values", is_flag=True, help="Show the values of environment variables.")
async def command(session: Session, function: str, *, show_values: bool) -> int:
    """Show a function: what it is, and each setting with its value and where that comes from."""
    async with session.open() as workplace, session.naming(workplace.backend, function):
        detail = await workplace.backend.catalogue.detail(function)
        configuration = await workplace.backend.configuration.read(function)
    if session.output.json:
        session.output.record(detail_record(detail, configuration, show_values=show_values))
    else:
        session.output.line("\n".join(_lines(session, detail, configuration, show_values=show_values)))
    return Exit.OK


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
    )
    head = columns([(label, clean(value).replace("\n", " ")) for label, value in facts if value])
    name = session.output.data_tone(clean(summary.name), "bold")
    return [name, *head, "", *settings_lines(configuration.entries, show_values=show_values)]
