"""`lambdatui publish`: make a version of a function's code and settings as they are."""

from __future__ import annotations

import click

from lambdatui.cli.asking import confirm, name_typed
from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.session import MAY_TAKE_EFFECT, Session, refuse_if_read_only
from lambdatui.core.errors import InvalidInput, Unsupported, WorkbenchError
from lambdatui.core.version_edits import DeleteVersion, Publish, difference_of, parse_description
from lambdatui.core.versions import LATEST


@headless(
    "publish",
    short_help="Publish a version of a function, on AWS.",
    examples=(
        "lambdatui publish resize --description 'faster thumbnails' --yes",
        'lambdatui set resize alias.live="$(lambdatui publish resize --yes)" --yes',
    ),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.option("--description", metavar="TEXT", default="", help="What the version is; 256 characters.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask. Needed where nobody can be asked.")
async def command(session: Session, function: str, *, description: str, yes: bool) -> int:
    """Publish a version of FN, and print its number once it is active.

    When the code or the settings change while it is looked at, nothing is published (exit code 1). Where nothing
    changed since the newest version, there is no new one: its number is printed.
    """
    async with session.open() as workplace, session.naming(workplace.backend, function):
        store = workplace.backend.versions
        if store is None:
            raise Unsupported("This target has no versions", "Functions on AWS have them.")
        read = await store.read(function)
        newest = next((version.number for version in read.versions if version.number != LATEST), "")
        seen = read.latest
        if seen is None:
            raise next((lack.error for lack in read.unread), InvalidInput(f"{function} has no {LATEST}"))
        edit = Publish(parse_description(description), seen.code_sha256, seen.revision_id, newest)
        difference = difference_of(edit)
        session.output.say(f"{difference.old} → {difference.new}")
        refuse_if_read_only(workplace.services, "nothing is published")
        if not yes:
            production = workplace.services.target.production
            await (name_typed("Publish in production?", function) if production else confirm("Publish?"))
        with session.sending(MAY_TAKE_EFFECT):
            made = await store.apply(function, edit)
        session.output.say(made.told, "dim")
        number = made.inverse.number if isinstance(made.inverse, DeleteVersion) else newest
        after = await store.read(function)
        async for newer in store.watch(after):
            after = newer
        version = after.version(number)
    if session.output.json:
        state = version.state if version else ""
        session.output.record({"function": function, "version": number, "new": number != newest, "state": state})
    else:
        session.output.line(number)
    if version is not None and version.state == "Failed":
        session.output.complain(WorkbenchError(f"Version {number} failed", version.state_reason))
        return Exit.FAILED
    return Exit.OK
