"""The event on the screen: its text in the editor, the verdict on it, and its draft."""

from __future__ import annotations

from collections.abc import Callable

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import problem_of
from lambdatui.ui.events.checking import ON_LOOP_BYTES, TextCheck
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.editor import Buffer, JsonEditor
from lambdatui.ui.events.keeping import DraftKeeping
from lambdatui.ui.events.opened import Opened
from lambdatui.ui.events.status import Origin


class Sheet:
    """Owns the editor, and the one event in it: `opened`, None while there is none. Reads no event and saves none.

    Whatever replaces the text is one step that undo takes back, with the name that the text had.
    `changed` hears when there is another thing to tell of the event, `failed` when its draft can't be written.
    """

    def __init__(
        self, drafts: DraftKeeper, changed: Callable[[], None], failed: Callable[[WorkbenchError], None]
    ) -> None:
        self.editor = JsonEditor()
        self.opened: Opened | None = None
        self._changed = changed
        self._failed = failed
        self.check = TextCheck(self.editor, changed)
        self._keeping = DraftKeeping(self.editor, drafts, failed)

    def show(self, opened: Opened) -> None:
        """Put an event into the editor."""
        self.opened = opened
        opened.kept_version = opened.document.version
        self.editor.read_only = False
        self.editor.show(opened.buffer)
        self.check.look(at_once=True)

    def put_away(self) -> None:
        """Keep the draft of the event, and where one was in it: the next is to be shown."""
        if (opened := self.opened) is not None:
            opened.judge()
            self._keeping.now(opened)
            opened.buffer = self.editor.buffer
        self.opened = None
        self.check.forget()

    def clear(self) -> None:
        """An empty editor, in which nothing can be typed."""
        self.editor.read_only = True
        self.editor.show(Buffer.of(""))

    def keep(self) -> None:
        """Write the draft now."""
        if self.opened is not None:
            self._keeping.now(self.opened)

    def edited(self) -> None:
        """The text was changed."""
        opened = self.opened
        if opened is None or opened.document is not self.editor.document:
            return
        opened.judge()
        self._keeping.when_keys_rest(opened)
        self.check.look(at_once=False)
        self._changed()

    def replace(self, origin: Origin) -> None:
        """Another event in the editor; undo brings back the text and the name that it had."""
        opened = self.opened
        if opened is None or origin.text is None:
            return
        before = opened.origin

        def switch(made: bool) -> None:
            self.began_as(opened, origin if made else before)

        self.editor.replace_all(origin.text, switch)

    def began_as(self, opened: Opened, origin: Origin) -> None:
        """`opened` has become another event with the text that it has."""
        opened.origin = origin
        opened.kept_version = -1
        opened.judge()
        self._keeping.soon(opened)
        if opened is self.opened:
            self._changed()
            self.editor.refresh_bindings()

    def lay_out(self, layout: Callable[[str], str]) -> None:
        """Put what `layout` makes of the text in its place, if nothing is typed meanwhile."""
        self.editor.run_worker(self._lay_out(layout), group="events.layout", exclusive=True)

    async def _lay_out(self, layout: Callable[[str], str]) -> None:
        document = self.editor.document
        version, text = document.version, document.text
        try:
            after = layout(text) if document.size_bytes <= ON_LOOP_BYTES else await call_blocking(layout, text)
        except WorkbenchError as error:
            self.check.note(document, version, problem_of(text))
            self._failed(error)
            return
        if document is self.editor.document and version == document.version and after != text:
            self.editor.replace_all(after)
