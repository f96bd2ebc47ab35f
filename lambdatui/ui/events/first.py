"""Reads the event that a function begins with."""

from __future__ import annotations

from dataclasses import replace

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import Draft, EventEntry, EventSource, EventStore
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.editor import Buffer
from lambdatui.ui.events.opened import Opened
from lambdatui.ui.events.status import Origin


async def first_event(store: EventStore, drafts: DraftKeeper, function_name: str) -> Opened:
    """The kept draft; else the function's event "default", or its first; else an empty one.

    Raises:
        WorkbenchError: the draft or the event can't be read.
    """
    draft = await call_blocking(drafts.load, function_name)
    if draft is not None:
        return await _from_draft(store, function_name, draft)
    own = [entry for entry in await store.entries(function_name) if entry.source is EventSource.FUNCTION]
    own.sort(key=lambda entry: entry.name != "default")
    return Opened.from_saved(function_name, await store.load(own[0])) if own else Opened.fresh(function_name)


async def _from_draft(store: EventStore, function_name: str, draft: Draft) -> Opened:
    origin = Origin(draft.name, draft.source, draft.source_path, draft.revision)
    if draft.source is not None:
        try:
            saved = await store.load(EventEntry(draft.name, draft.source, draft.source_path, 0))
        except WorkbenchError:
            # Its file is gone: the draft is all there is of it.
            return Opened(function_name, Buffer.of(draft.text), origin, modified=True)
        if not draft.modified:
            return Opened.from_saved(function_name, saved)
        if saved.revision == draft.revision:
            origin = replace(origin, text=saved.text)
    elif not draft.name:
        origin = replace(origin, text="{}")
    return Opened(function_name, Buffer.of(draft.text), origin, modified=draft.modified)
