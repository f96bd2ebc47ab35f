"""`lambdatui set` of what is no setting: aliases, provisioned concurrency, event source mappings."""

from __future__ import annotations

from collections.abc import Sequence

from lambdatui.cli.asking import confirm, name_typed
from lambdatui.cli.exits import Exit
from lambdatui.cli.part_plans import Planned, Wanted, plan
from lambdatui.cli.session import MAY_TAKE_EFFECT, Session, refuse_if_read_only
from lambdatui.core.errors import Denied, InvalidInput, PartlyApplied, Unsupported, WorkbenchError
from lambdatui.core.ownership import owner_of
from lambdatui.core.target import Backend
from lambdatui.core.triggers import Triggers
from lambdatui.core.versions import Versions


async def set_parts(session: Session, function: str, wanted: tuple[Wanted, ...], *, dry_run: bool, yes: bool) -> int:
    """Show the differences, ask, make the changes one after the other, and wait for what AWS makes of them."""
    async with session.open() as workplace, session.naming(workplace.backend, function):
        backend = workplace.backend
        versions = await _versions(backend, function) if any(one.family != "trigger" for one in wanted) else None
        triggers = await _triggers(backend, function) if any(one.family == "trigger" for one in wanted) else None
        planned = [plan(backend, function, one, versions, triggers) for one in wanted]
        plans = [one for one in planned if one is not None]
        for one in plans:
            session.output.say(str(one.difference))
            if one.warning:
                session.output.complain(InvalidInput(one.warning), "warning")
        if not plans:
            session.output.say("nothing to change: it is so already", "dim")
        if dry_run or not plans:
            _print(session, function, plans, ())
            return Exit.OK
        refuse_if_read_only(workplace.services, "nothing is changed")
        if owner := await _owner(backend, function):
            caution = f"{owner} owns this function: its next deployment may undo it"
            session.output.complain(InvalidInput(caution), "warning")
        if not yes:
            await (
                name_typed("Apply in production?", function)
                if workplace.services.target.production
                else confirm("Apply?")
            )
        await _apply(session, function, plans)
        failed = await _settled(session, backend, function, wanted)
        _print(session, function, plans, tuple(one.key for one in plans))
        return Exit.FAILED if failed else Exit.OK


async def _apply(session: Session, function: str, plans: Sequence[Planned]) -> None:
    done: list[str] = []
    for each in plans:
        try:
            with session.sending(f"{each.key}: {MAY_TAKE_EFFECT}"):
                made = await each.apply()
        except WorkbenchError as error:
            if not done:
                raise
            _print(session, function, plans, tuple(done))
            left = f"Not made: {', '.join(one.key for one in plans if one.key not in done)}."
            detail = "\n".join(part for part in (error.title, error.detail, f"Made: {', '.join(done)}. {left}") if part)
            raise PartlyApplied("Some of it is changed", detail, error.hint, applied=tuple(done)) from error
        done.append(each.key)
        session.output.say(made.told, "dim")


async def _settled(session: Session, backend: Backend, function: str, wanted: tuple[Wanted, ...]) -> bool:
    """Wait until AWS is done; whether provisioned concurrency failed. Ctrl-C ends the waiting, and AWS goes on."""
    failed = False
    qualifiers = [one.name for one in wanted if one.family == "provisioned"]
    if qualifiers and backend.versions is not None:
        read = await backend.versions.read(function)
        if not read.settled:
            session.output.say("waiting until it is ready; Ctrl-C ends the waiting, AWS goes on", "dim")
        async for newer in backend.versions.watch(read):
            read = newer
        for kept in (kept for name in qualifiers if (kept := read.provisioned_of(name)) and kept.status == "FAILED"):
            failed = True
            session.output.complain(
                WorkbenchError(f"Provisioned concurrency of {kept.qualifier} failed", kept.reason), "error"
            )
    if any(one.family == "trigger" for one in wanted) and backend.triggers is not None:
        triggers = await backend.triggers.read(function)
        async for _ in backend.triggers.watch(triggers):
            pass
    return failed


async def _owner(backend: Backend, function: str) -> str:
    try:
        return owner_of((await backend.catalogue.detail(function)).tags)
    except Denied:
        return ""  # its tags may not be read: that keeps nobody from changing what may be changed


async def _versions(backend: Backend, function: str) -> Versions:
    if backend.versions is None:
        raise Unsupported("This target has no versions and aliases", "Functions on AWS have them.")
    return await backend.versions.read(function)


async def _triggers(backend: Backend, function: str) -> Triggers:
    if backend.triggers is None:
        raise Unsupported("This target has no triggers", "Functions on AWS have them.")
    return await backend.triggers.read(function)


def _print(session: Session, function: str, plans: Sequence[Planned], applied: tuple[str, ...]) -> None:
    """`set --json` of these keys: `function`, `applied`, `applied_keys`, and `changes` with `key`, `old`, `new`."""
    if session.output.json:
        changes = [{"key": one.key, "old": one.difference.old, "new": one.difference.new} for one in plans]
        everything = bool(plans) and all(one.key in applied for one in plans)
        session.output.record(
            {"function": function, "applied": everything, "applied_keys": list(applied), "changes": changes}
        )
