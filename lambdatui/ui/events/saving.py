"""Saves an event: asks for a name where it has none, and for a decision where its file is not what was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from textual.app import App

from lambdatui.core.errors import Conflict, InvalidInput, NotFound
from lambdatui.core.events import EventSource, EventStore, SavedEvent
from lambdatui.ui.dialogs.prompt import Prompt
from lambdatui.ui.events.opened import Opened


@dataclass(frozen=True, slots=True)
class Stored:
    """The text is in the event's file."""

    event: SavedEvent


@dataclass(frozen=True, slots=True)
class Theirs:
    """The file's text is to take the place of the editor's."""

    event: SavedEvent


Outcome: TypeAlias = Stored | Theirs | None
"""None: nothing was saved, and nothing is to be done."""


class Saving:
    """Saves one opened event for its function, whichever is selected meanwhile. Leaves the editor alone."""

    def __init__(self, app: App[Any], store: EventStore, opened: Opened) -> None:
        self._app = app
        self._store = store
        self._opened = opened

    async def save(self) -> Outcome:
        """Save under the event's name; ask for one when it has none of its own.

        Raises:
            WorkbenchError: it can't be written.
        """
        origin = self._opened.origin
        if origin.saved and origin.source is not None:
            return await self._write(origin.name, origin.revision, origin.source)
        return await self._under_another_name(origin.suggested_name)

    async def _under_another_name(self, suggested: str) -> Outcome:
        refused: dict[str, str] = {}
        while True:
            name = await self._app.push_screen_wait(
                Prompt("Save event as", suggested, partial(_refusal, refused), "enter saves · esc cancels")
            )
            if name is None:
                return None
            try:
                return await self._write(name.strip(), None, EventSource.FUNCTION)
            except InvalidInput as error:
                refused[name] = error.title
                suggested = name

    async def _write(self, name: str, revision: str | None, source: EventSource) -> Outcome:
        opened = self._opened
        try:
            return Stored(
                await self._store.save(opened.function_name, name, opened.document.text, revision, source),
            )
        except Conflict as conflict:
            return await self._resolve(name, source, conflict)

    async def _resolve(self, name: str, source: EventSource, conflict: Conflict) -> Outcome:
        from lambdatui.ui.events.conflict import ConflictScreen, Resolution  # noqa: PLC0415  # rare, and difflib is slow

        answer = await self._app.push_screen_wait(ConflictScreen(conflict))
        if answer is None:
            return None
        if answer is Resolution.SAVE_AS:
            return await self._under_another_name(f"{name}-2")
        theirs = await self._find(name, source)
        if answer is Resolution.OVERWRITE:
            return await self._write(name, theirs.revision if theirs else None, source)
        return Theirs(theirs) if theirs else None

    async def _find(self, name: str, source: EventSource) -> SavedEvent | None:
        for entry in await self._store.entries(self._opened.function_name):
            if entry.source is source and entry.name == name.removesuffix(".json"):
                try:
                    return await self._store.load(entry)
                except NotFound:
                    return None
        return None


def _refusal(refused: dict[str, str], name: str) -> str:
    return refused.get(name, "" if name.strip() else "Type a name, or press esc")
