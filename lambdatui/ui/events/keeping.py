"""When the draft of an event is written: shortly after the last key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import Draft
from lambdatui.ui.events.checking import ON_LOOP_BYTES
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.opened import Opened
from lambdatui.ui.later import Later

KEEP_AFTER_S = 0.3


class DraftKeeping:
    """Owns the moment: when the keys rest, or at once when the text leaves the screen. `failed` hears of errors."""

    def __init__(self, editor: Widget, drafts: DraftKeeper, failed: Callable[[WorkbenchError], None]) -> None:
        self._editor = editor
        self._drafts = drafts
        self._failed = failed
        self._later = Later(editor)

    def when_keys_rest(self, opened: Opened) -> None:
        """A key was pressed in the text: write its draft when no other follows."""
        self._later.call(KEEP_AFTER_S, partial(self.soon, opened))

    def soon(self, opened: Opened) -> None:
        """Write the draft, off the event loop if it is large."""
        if opened.document.size_bytes <= ON_LOOP_BYTES:
            self.now(opened)
            return
        self._later.stop()
        if (draft := opened.draft) is not None:
            self._editor.run_worker(self._write(opened, draft, opened.document.version), group="events.keep")

    def now(self, opened: Opened) -> None:
        """Write the draft before this returns."""
        self._later.stop()
        draft = opened.draft
        if draft is None:
            return
        try:
            self._drafts.keep(opened.function_name, draft)
        except WorkbenchError as error:
            self._failed(error)
        else:
            opened.kept_version = opened.document.version

    async def _write(self, opened: Opened, draft: Draft, version: int) -> None:
        try:
            await self._drafts.keep_soon(opened.function_name, draft)
        except WorkbenchError as error:
            self._failed(error)
        else:
            opened.kept_version = version
