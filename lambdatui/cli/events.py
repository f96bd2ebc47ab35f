"""`lambdatui events`: the events of a function, and the samples: list, show, save, delete."""

from __future__ import annotations

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import EventName, FunctionName
from lambdatui.cli.event_choice import check_payload, read_event
from lambdatui.cli.exits import Exit
from lambdatui.cli.session import Session, near_names, refuse_if_read_only
from lambdatui.cli.shapes import event_record
from lambdatui.cli.table import columns
from lambdatui.core.errors import Conflict, NotFound, Unsupported
from lambdatui.core.events import EventEntry, EventSource, EventStore
from lambdatui.core.invocation import InvocationType
from lambdatui.core.text import clean

_WRITABLE = (EventSource.FUNCTION, EventSource.PROJECT)


@click.group("events", short_help="List, show, save and delete events.")
def command() -> None:
    """The events of a function: those saved for it, those of the project, and the samples.

    Each is a plain JSON file, written whole or not at all.
    """


@headless("list", short_help="List the events of a function.", examples=("lambdatui events list resize",))
@click.argument("function", metavar="FN", type=FunctionName())
async def list_events(session: Session, function: str) -> int:
    """List what `invoke FN -e NAME` can send: saved events, then the project's, then samples."""
    with session.services() as services:
        entries = await services.events.entries(function)
    _list(session, entries)
    return Exit.OK


@headless("samples", short_help="List the sample events.", examples=("lambdatui events samples --json",))
async def list_samples(session: Session) -> int:
    """List the events that ship with lambdatui, one for each source."""
    with session.services() as services:
        entries = await services.events.entries("")
    _list(session, tuple(entry for entry in entries if entry.source is EventSource.SAMPLE))
    return Exit.OK


@headless(
    "show",
    short_help="Print an event.",
    examples=("lambdatui events show resize s3/put > event.json", "lambdatui events show resize put --json"),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.argument("name", type=EventName())
async def show_event(session: Session, function: str, name: str) -> int:
    """Print the event NAME of FN as it stands in its file; with --json with its name, source and path."""
    with session.services() as services:
        saved = await services.events.load(await _entry(services.events, function, name))
    if session.output.json:
        session.output.record({**event_record(saved.entry), "text": saved.text})
    else:
        session.output.payload(saved.text.encode("utf-8", "surrogateescape"))
    return Exit.OK


@headless(
    "save",
    short_help="Save an event.",
    examples=(
        "lambdatui events save resize big-photo ./event.json",
        "jq '.Records[0].s3.object.size = 9' put.json | lambdatui events save resize big -",
    ),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.argument("name", type=EventName(sources=_WRITABLE))
@click.argument("file", metavar="FILE|-", type=EventName(files=True, sources=()))
@click.option("--force", is_flag=True, help="Overwrite an event of that name.")
async def save_event(session: Session, function: str, name: str, file: str, *, force: bool) -> int:
    """Save FILE, or stdin, as the event NAME of FN. An event that exists is kept, unless --force says otherwise."""
    chosen = await read_event(file)
    check_payload(chosen, InvocationType.REQUEST_RESPONSE)
    with session.services() as services:
        refuse_if_read_only(services, "no event is saved")
        store = services.events
        revision = await _revision(store, function, name) if force else None
        try:
            saved = await store.save(function, name, chosen.payload.decode("utf-8"), revision)
        except Conflict as error:
            hint = error.hint if force else "--force overwrites it."
            # Both texts may be megabytes: the file's name says enough.
            raise Conflict(error.title, error.detail, hint) from None
    if session.output.json:
        session.output.record(event_record(saved.entry))
    else:
        session.output.line(clean(saved.entry.path))
    return Exit.OK


@headless("delete", short_help="Delete a saved event.", examples=("lambdatui events delete resize big-photo",))
@click.argument("function", metavar="FN", type=FunctionName())
@click.argument("name", type=EventName(sources=_WRITABLE))
async def delete_event(session: Session, function: str, name: str) -> int:
    """Move the event NAME of FN to the trash of lambdatui. Samples can't be deleted."""
    with session.services() as services:
        refuse_if_read_only(services, "no event is deleted")
        entry = await _entry(services.events, function, name)
        if entry.source not in _WRITABLE:
            raise Unsupported(f"“{name}” is a sample", "It ships with lambdatui and can't be deleted.")
        await services.events.delete(entry)
    if session.output.json:
        session.output.record(event_record(entry))
    session.output.say(f"deleted {entry.path}: it is in the trash", "dim")
    return Exit.OK


for subcommand in (list_events, show_event, save_event, delete_event, list_samples):
    command.add_command(subcommand)


async def _entry(store: EventStore, function: str, name: str) -> EventEntry:
    entries = await store.entries(function)
    for entry in entries:
        if entry.name == name:
            return entry
    near = near_names(name, [entry.name for entry in entries])
    raise NotFound(
        f"{function} has no event named “{name}”", hint=f"{near} `lambdatui events list {function}` lists all."
    )


async def _revision(store: EventStore, function: str, name: str) -> str | None:
    for entry in await store.entries(function):
        if entry.name == name and entry.source is EventSource.FUNCTION:
            return (await store.load(entry)).revision
    return None


def _list(session: Session, entries: tuple[EventEntry, ...]) -> None:
    if session.output.json:
        for entry in entries:
            session.output.record(event_record(entry))
    elif entries:
        rows = [
            (clean(entry.name), entry.source.value, f"{entry.size_bytes:,} B", clean(entry.path)) for entry in entries
        ]
        session.output.line("\n".join(columns(rows, right={2})))
    else:
        session.output.say("no events here", "dim")
