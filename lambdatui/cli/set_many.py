"""`lambdatui set 'order-*' memory=512`: the same settings of several functions, each with its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from lambdatui.cli.asking import confirm, name_typed
from lambdatui.cli.assignments import Edit, edit_of
from lambdatui.cli.exits import Exit, code_of
from lambdatui.cli.session import MAY_TAKE_EFFECT, Session, refuse_if_read_only
from lambdatui.cli.shapes import partly_record, set_record
from lambdatui.core.configuration import Change, Configuration, ConfigurationStore, Step, Value
from lambdatui.core.errors import InvalidInput, NotFound, PartlyApplied, WorkbenchError
from lambdatui.core.functions import FunctionCatalogue, Reserved
from lambdatui.core.target import Target, TargetKind

_READERS, _WRITERS = 4, 2
"""Lambda lets an account make 15 control-plane calls a second, and a change is several."""


def names_several(function: str) -> bool:
    """Whether FN stands for more than one function: a glob, or names split by commas."""
    return any(letter in function for letter in "*?[,")


@dataclass(slots=True)
class _Run:
    """What was read, and what went wrong, by the function's name."""

    session: Session
    store: ConfigurationStore
    show_values: bool
    before: dict[str, Configuration] = field(default_factory=dict)
    edits: dict[str, Edit] = field(default_factory=dict)
    errors: dict[str, WorkbenchError] = field(default_factory=dict)

    async def read(self, name: str, values: Mapping[str, Value]) -> None:
        """What `values` change in one function."""
        try:
            self.before[name] = await self.store.read(name)
            self.edits[name] = edit_of(self.before[name], dict(values), ())
        except WorkbenchError as error:
            self.errors[name] = error

    async def change(self, name: str) -> None:
        """Change one function, and tell what came of it."""
        changes = self.edits[name].changes
        steps = [Step.READING]
        try:
            with self.session.sending(f"{name}: {MAY_TAKE_EFFECT}", lambda: steps[-1].sent):
                after = await self.store.apply(name, changes, self.before[name].revision_id, steps.append)
        except WorkbenchError as error:
            self.errors[name] = error
            if self.session.output.json and isinstance(error, PartlyApplied):
                record = partly_record(name, changes, error.applied, show_values=self.show_values)
                self.session.output.record(record)
            self.session.output.complain(_about(name, error), "error")
            return
        self.print(name, changes, after, applied=True)

    def print(self, name: str, changes: Sequence[Change], now: Configuration, *, applied: bool) -> None:
        """One function's result."""
        if self.session.output.json:
            record = set_record(name, changes, now, applied=applied, show_values=self.show_values)
            self.session.output.record(record)
        elif applied:
            self.session.output.line(f"{name}: changed")

    def show(self, name: str) -> bool:
        """What would change in one function; whether anything would."""
        if (error := self.errors.get(name)) is not None:
            self.session.output.complain(_about(name, error), "error")
            return False
        edit = self.edits[name]
        for change in edit.changes:
            self.session.output.say(f"{name}: {change.show(masked=not self.show_values)}")
        for warning in (*edit.warnings, *(self.before[name].cautions if edit.changes else ())):
            self.session.output.complain(InvalidInput(f"{name}: {warning}"), "warning")
        if not edit.changes:
            self.session.output.say(f"{name}: already so", "dim")
        return bool(edit.changes)


async def set_many(
    session: Session,
    pattern: str,
    values: Mapping[str, Value],
    warnings: Sequence[str],
    *,
    dry_run: bool,
    yes: bool,
    show_values: bool,
) -> int:
    """Change every function that `pattern` names; one that fails stops no other. The exit code is the first failure's.

    Raises:
        NotFound: no function matches.
    """
    async with session.open() as workplace:
        names = await _matching(workplace.backend.catalogue, pattern)
        run = _Run(session, workplace.backend.configuration, show_values)
        await _each(names, lambda name: run.read(name, values), _READERS)
        for warning in warnings:
            session.output.complain(InvalidInput(warning), "warning")
        ready = [name for name in names if run.show(name)]
        if dry_run or not ready:
            for name in run.edits:
                run.print(name, run.edits[name].changes, run.before[name], applied=False)
        else:
            refuse_if_read_only(workplace.services, "nothing is changed")
            if not yes:
                await _ask(len(ready), values, workplace.services.target)
            await _each(ready, run.change, _WRITERS)
            failed = sum(name in run.errors for name in ready)
            session.output.say(f"{len(ready) - failed} changed, {len(run.errors)} failed", "dim")
    return code_of(next(iter(run.errors.values()))) if run.errors else Exit.OK


async def _matching(catalogue: FunctionCatalogue, pattern: str) -> list[str]:
    globs = [glob.strip() for glob in pattern.split(",") if glob.strip()]
    names = [function.name async for page in catalogue.pages() for function in page.functions]
    missing = [glob for glob in globs if not any(fnmatchcase(name, glob) for name in names)]
    if missing or not globs:
        # Half of what was named is not what was meant.
        raise NotFound(f"No function matches {' or '.join(missing) or pattern}", f"There are {len(names)} functions.")
    return sorted(name for name in names if any(fnmatchcase(name, glob) for glob in globs))


async def _ask(count: int, values: Mapping[str, Value], target: Target) -> None:
    functions = "1 function" if count == 1 else f"{count} functions"
    if target.production:
        await name_typed(f"Apply to {functions} in production?", str(count))
    elif target.kind is TargetKind.AWS and Reserved(0) in values.values():
        await name_typed(f"Stop {functions}: every invocation will be throttled?", str(count))
    else:
        await confirm(f"Apply to {functions}?")


async def _each(names: Sequence[str], act: Callable[[str], Awaitable[None]], at_once: int) -> None:
    waiting = iter(names)

    async def work() -> None:
        for name in waiting:
            await act(name)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(at_once, len(names))):
            workers.create_task(work())


def _about(name: str, error: WorkbenchError) -> WorkbenchError:
    return WorkbenchError(f"{name}: {error.title}", error.detail, error.hint)
