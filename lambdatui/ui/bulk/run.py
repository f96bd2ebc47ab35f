"""Reads, changes and changes back one setting of several functions, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from lambdatui.core.bulk import (
    Already,
    Changed,
    Changing,
    Failed,
    Left,
    Locked,
    Ready,
    State,
    Unreadable,
    Waiting,
    Wanted,
    planned,
)
from lambdatui.core.configuration import Change, Configuration, ConfigurationStore, Step
from lambdatui.core.errors import WorkbenchError

_READERS = 4
_WRITERS = 2
"""Lambda lets an account make 15 control-plane calls a second, and a change is several."""


class BulkRun:
    """Owns what is known of each function. `tell` hears that something changed. Asks for no confirmation."""

    def __init__(self, store: ConfigurationStore, names: Sequence[str], wanted: Wanted) -> None:
        self.wanted = wanted
        self.stopping = False
        self.tell: Callable[[], None] = lambda: None
        self._store = store
        self._states: dict[str, State] = {name: Waiting() for name in names}

    @property
    def states(self) -> Mapping[str, State]:
        """Each function, in the order of the list."""
        return self._states

    def of(self, *kinds: type[State]) -> list[str]:
        """The functions in one of these states."""
        return [name for name, state in self._states.items() if isinstance(state, kinds)]

    @property
    def undoable(self) -> list[str]:
        """The functions whose change took effect and was not taken back."""
        return [name for name, state in self._states.items() if isinstance(state, Changed) and not state.undone]

    @property
    def touched(self) -> bool:
        """Whether anything may be other than it was."""
        return bool(self.of(Changed, Changing, Failed))

    @property
    def busy(self) -> bool:
        """Whether anything is read or on its way."""
        return bool(self.of(Waiting, Changing))

    @property
    def unfinished(self) -> tuple[str, ...]:
        """How far the changes came, when some are on their way and the others will not be begun any more."""
        if not self.of(Changing):
            return ()
        going = ", ".join(self.of(Changing))
        return (f"{self.wanted.show(masked=True)}: {summary(self)}; on their way: {going}",)

    async def plan(self) -> None:
        """Read every function, and find what it would mean for it."""
        await self._each(self.of(Waiting), self._plan, _READERS)

    async def apply(self) -> None:
        """Change those that are ready; each ends by itself. After `stop` the rest is left."""
        self.stopping = False
        await self._each(self.of(Ready), self._change, _WRITERS)

    async def undo(self) -> None:
        """Take back every change that took effect."""
        self.stopping = False
        await self._each(self.undoable, self._change_back, _WRITERS)

    def stop(self) -> None:
        """Begin no further one; what is on its way comes to its end."""
        self.stopping = True
        self.tell()

    async def _each(self, names: Sequence[str], act: Callable[[str], Awaitable[None]], at_once: int) -> None:
        queue = iter(names)

        async def work() -> None:
            for name in queue:
                await act(name)

        async with asyncio.TaskGroup() as workers:
            for _ in range(min(at_once, len(names))):
                workers.create_task(work())

    async def _plan(self, name: str) -> None:
        try:
            self._set(name, planned(await self._store.read(name), self.wanted))
        except WorkbenchError as error:
            self._set(name, Unreadable(error))

    async def _change(self, name: str) -> None:
        state = self._states[name]
        if not isinstance(state, Ready):
            return
        change = state.change
        if self.stopping:
            self._set(name, Left(change))
            return
        self._set(name, Changing(change))
        try:
            after = await self._apply(name, change, state.revision_id, undoing=False)
        except WorkbenchError as error:
            self._set(name, Failed(change, error))
        else:
            self._set(name, Changed(after.outcome(change)))

    async def _change_back(self, name: str) -> None:
        state = self._states[name]
        if not isinstance(state, Changed) or self.stopping:
            return
        change = state.change
        self._set(name, Changing(change.inverse, undoing=True))
        try:
            # It may have been changed since: then its value is not ours any more, and the store says so.
            now = await self._store.read(name)
            await self._apply(name, change.inverse, now.revision_id, undoing=True)
        except WorkbenchError as error:
            self._set(name, Failed(change, error, undoing=True))
        else:
            self._set(name, Changed(change.inverse, undone=True))

    async def _apply(self, name: str, change: Change, revision_id: str, *, undoing: bool) -> Configuration:
        def hear(step: Step, undoing: bool) -> None:
            self._set(name, Changing(change, step, undoing))

        return await self._store.apply(name, (change,), revision_id, partial(hear, undoing=undoing))

    def _set(self, name: str, state: State) -> None:
        self._states[name] = state
        self.tell()


def summary(run: BulkRun) -> str:
    """How many are in which state, in a line."""
    counts = (
        (len(run.of(Waiting)), "being read"),
        (len(run.of(Ready)), "to change"),
        (len(run.of(Changing)), "on their way"),
        (len(run.undoable), "changed"),
        (len(run.of(Changed)) - len(run.undoable), "changed back"),
        (len(run.of(Already)), "already so"),
        (len(run.of(Locked)), "locked"),
        (len(run.of(Failed, Unreadable)), "failed"),
        (len(run.of(Left)), "left as they were"),
    )
    return " · ".join(f"{count:,} {word}" for count, word in counts if count)
