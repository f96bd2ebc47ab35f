"""The event of the selected function: which one is in the editor, and what the keys do to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static, TextArea

from lambdatui.core import json_text
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import DraftStore, EventEntry, EventStore, JsonProblem, SavedEvent, problem_of
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import InvocationType
from lambdatui.core.payload import payload_limit_bytes
from lambdatui.ui.events.checking import ON_LOOP_BYTES
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.editor import JsonEditor
from lambdatui.ui.events.first import first_event
from lambdatui.ui.events.opened import Opened, origin_of
from lambdatui.ui.events.sheet import Sheet
from lambdatui.ui.events.status import EventStatus, Origin, describe

_BUFFERS = 32
_NOT_READ = JsonProblem("the event is still being read", 1, 1)


class EventView(Vertical, can_focus=True):
    """Edits the event of one function at a time, and keeps the others with their undo histories. Sends nothing.

    What is typed is written to the drafts shortly after, when another function is selected, and at the end.
    Nothing is overwritten that changed on disk; whatever replaces the text is one step that undo takes back.
    """

    SHORTCUT_SCOPE = "Event"

    DEFAULT_CSS = """
    EventView {
        height: 1fr;
        & > #event-status { height: 1; }
        & > #event-none { display: none; height: 1fr; padding: 1 2; color: $text-muted; }
        &.-none > #event-none { display: block; }
        &.-none > JsonEditor, &.-none > #event-status { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", show=False, id="events.edit", tooltip="Go into the event; Esc comes back"),
        Binding("ctrl+s,w", "save", "Save", id="events.save", tooltip="Save the event under its name"),
        Binding("ctrl+o,o", "open", "Open", id="events.open", tooltip="Open a saved, project or sample event"),
        Binding("ctrl+n,n", "new", "New", show=False, id="events.new", tooltip="Begin a new event"),
        Binding("f3,p", "pretty", "Pretty", id="events.pretty", tooltip="Lay the JSON out, a member a line"),
        Binding("f8,P", "minify", "Minify", show=False, id="events.minify", tooltip="Take all white space out"),
        Binding("f4,E", "external", "$EDITOR", id="events.external", tooltip="Edit it in your own editor"),
        Binding("f7,v", "revert", "Revert", show=False, id="events.revert", tooltip="Back to the event as saved"),
        Binding("f9,D", "delete", "Delete", show=False, id="events.delete", tooltip="Move the event to the trash"),
        Binding("down,j", "scroll_text(1)", "Down", show=False),
        Binding("up,k", "scroll_text(-1)", "Up", show=False),
        Binding("pagedown", "scroll_text(20)", "Page down", show=False),
        Binding("pageup", "scroll_text(-20)", "Page up", show=False),
    ]

    @dataclass
    class Saved(Message):
        """An event of `function_name` was saved."""

        function_name: str
        event: SavedEvent

    @dataclass
    class Ready(Message):
        """The event of `function_name` has been read and can be sent."""

        function_name: str

    function: reactive[FunctionSummary | None] = reactive(None, init=False)
    invocation_type: reactive[InvocationType] = reactive(InvocationType.REQUEST_RESPONSE, init=False)
    sending: reactive[str] = reactive("", init=False)
    """How the event would be sent, see `EventStatus.sending`."""

    def __init__(
        self,
        store: EventStore,
        drafts: DraftStore,
        editor_command: str,
        *,
        suspend: Callable[[], AbstractContextManager[None]] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`suspend` gives the terminal to another program; the app's own unless told."""
        super().__init__(id=id)
        self._store = store
        self._drafts = DraftKeeper(drafts)
        self._editor_command = editor_command
        self._suspend = suspend
        self._kept: dict[str, Opened] = {}
        self._busy = ""
        self._sheet = Sheet(self._drafts, self._show_status, self._tell)
        self._status = Static("", id="event-status", markup=False)

    def compose(self) -> ComposeResult:
        """Status above the editor; a hint in their place without a function."""
        yield self._status
        yield self._sheet.editor
        yield Static("No function is selected.\nIts event appears here.", id="event-none", markup=False)

    def on_mount(self) -> None:
        """Nothing is open yet."""
        self._sheet.editor.read_only = self._sheet.opened is None
        self.set_class(self.function is None, "-none")

    def on_unmount(self) -> None:
        """What was typed last is written before the end."""
        self._sheet.keep()

    def on_resize(self) -> None:
        """The status line fits its width."""
        self._show_status()

    # What the workbench asks -------------------------------------------------------------------------------------

    @property
    def event_name(self) -> str:
        """The name of the event in the editor, "" for a new one."""
        return self._sheet.opened.origin.name if self._sheet.opened else ""

    @property
    def reading(self) -> bool:
        """Whether the function's event is still being read; `Ready` tells when it has been."""
        return self.function is not None and self._sheet.opened is None

    def turn_of(self, key: str) -> bool | None:
        """What is typed into the editor before its event is there waits for it: it would be taken for other keys."""
        del key
        return None if self.reading and self._sheet.editor.has_focus else True

    @property
    def problem(self) -> JsonProblem | None:
        """Why the text can't be sent as it stands now, None when it can."""
        return self._sheet.check.problem if self._sheet.opened else _NOT_READ

    @property
    def too_large(self) -> bool:
        """Whether the text is above the limit of the invocation type."""
        return self._sheet.editor.document.size_bytes > payload_limit_bytes(self.invocation_type)

    def payload(self) -> bytes:
        """The text as it is sent: UTF-8; b"" for white space alone, which Lambda takes for `{}`."""
        text = self._sheet.opened.document.text if self._sheet.opened else ""
        return text.encode("utf-8", "replace") if text.strip() else b""

    def edit(self) -> None:
        """Give the keys to the editor."""
        if self.function is not None:
            self._sheet.editor.focus()

    def begin_with(self, text: str) -> None:
        """A new event that starts as `text`; undo brings the other one back."""
        self._sheet.replace(Origin(text=text))
        self.edit()

    # One function after the other --------------------------------------------------------------------------------

    def watch_function(self, before: FunctionSummary | None, now: FunctionSummary | None) -> None:
        """Keep the draft of the one, open the event of the other."""
        if (before.name if before else "") == (now.name if now else "") and self._sheet.opened:
            return
        self._sheet.put_away()
        self.set_class(now is None, "-none")
        if now is not None and now.name in self._kept:
            self._show(self._kept[now.name])
            return
        self._sheet.clear()
        if now is not None:
            self._busy = "reading…"
            self._show_status()
            self._open_first(now.name)

    def watch_invocation_type(self) -> None:
        """The limit is that of the invocation type."""
        self._show_status()

    def watch_sending(self) -> None:
        """By which version the event is sent is told before it is sent."""
        self._show_status()

    @work(group="events.read", exclusive=True)
    async def _open_first(self, name: str) -> None:
        try:
            opened = await first_event(self._store, self._drafts, name)
        except WorkbenchError as error:
            self._tell(error)
            opened = Opened.fresh(name)
        if self.function is not None and self.function.name == name and self._sheet.opened is None:
            self._show(opened)

    def _show(self, opened: Opened) -> None:
        name = opened.function_name
        self._kept.pop(name, None)
        self._kept[name] = opened
        if len(self._kept) > _BUFFERS:
            # The draft is on disk; only its undo history goes.
            self._kept.pop(next(iter(self._kept)))
        self._busy = ""
        self._sheet.show(opened)
        self._show_status()
        self.refresh_bindings()
        self.post_message(self.Ready(name))

    @on(TextArea.Changed)
    def _edited(self, event: TextArea.Changed) -> None:
        event.stop()
        self._sheet.edited()

    @on(JsonEditor.Left)
    def _left(self, event: JsonEditor.Left) -> None:
        event.stop()
        self.focus()

    # Actions -----------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to act on is dimmed."""
        opened = self._sheet.opened
        if action in ("save", "open", "new", "pretty", "minify", "external", "edit"):
            return True if opened else None
        if action == "revert":
            return True if opened and opened.modified and opened.origin.text is not None else None
        if action == "delete":
            return True if opened and opened.origin.saved else None
        return super().check_action(action, parameters)

    def action_edit(self) -> None:
        """Into the editor."""
        self.edit()

    def action_scroll_text(self, lines: int) -> None:
        """Read without going in."""
        self._sheet.editor.scroll_relative(y=lines, animate=False)

    @work(group="dialog", exclusive=True)
    async def action_save(self) -> None:
        """Save under the event's name; ask for one when it has none of its own."""
        from lambdatui.ui.events.saving import Saving, Stored, Theirs  # noqa: PLC0415  # not for the first screen

        opened = self._sheet.opened
        if opened is None:
            return
        try:
            outcome = await Saving(self.app, self._store, opened).save()
        except WorkbenchError as error:
            self._tell(error)
            return
        if isinstance(outcome, Stored):
            self._was_saved(opened, outcome.event)
        elif isinstance(outcome, Theirs) and opened is self._sheet.opened:
            self._sheet.replace(origin_of(outcome.event))

    def _was_saved(self, opened: Opened, saved: SavedEvent) -> None:
        self._sheet.began_as(opened, origin_of(saved))
        self.post_message(self.Saved(opened.function_name, saved))
        problem = problem_of(saved.text) if len(saved.text) <= ON_LOOP_BYTES else None
        more = f", though it is not JSON (line {problem.line})" if problem else ""
        self.app.notify(f"Saved as {saved.entry.name}{more}", markup=False)

    @work(group="dialog", exclusive=True)
    async def action_open(self) -> None:
        """Choose an event to edit; undo brings the text that was there."""
        from lambdatui.ui.events.picker import EventPicker  # noqa: PLC0415  # 6 ms that the first screen saves

        opened = self._sheet.opened
        if opened is None:
            return
        try:
            entries = await self._store.entries(opened.function_name)
            chosen = await self.app.push_screen_wait(EventPicker(self._store, entries, opened.origin.path))
            if chosen is not None and opened is self._sheet.opened:
                self._sheet.replace(origin_of(await self._store.load(entries[chosen])))
        except WorkbenchError as error:
            self._tell(error)

    @work(group="dialog", exclusive=True)
    async def action_delete(self) -> None:
        """Move the saved event to the trash; the text stays here and can be saved again."""
        opened = self._sheet.opened
        if opened is None or not opened.origin.saved or opened.origin.source is None:
            return
        origin = opened.origin
        try:
            await self._store.delete(EventEntry(origin.name, opened.origin.source, origin.path, 0))
        except WorkbenchError as error:
            self._tell(error)
            return
        self._sheet.began_as(opened, Origin(origin.name))
        self.app.notify(f"{origin.name} is in the trash; ctrl+s saves it again", markup=False)

    def action_new(self) -> None:
        """An empty event; undo brings the other one back."""
        self.begin_with("{}")

    def action_revert(self) -> None:
        """The event as it was saved; undo brings the edits back."""
        if self._sheet.opened is not None:
            self._sheet.replace(self._sheet.opened.origin)

    def action_pretty(self) -> None:
        """A member a line."""
        self._sheet.lay_out(json_text.pretty)

    def action_minify(self) -> None:
        """No white space."""
        self._sheet.lay_out(json_text.minify)

    async def action_external(self) -> None:
        """The text in the user's own editor, and back as one step of undo."""
        from lambdatui.ui.events.external import edit_off_screen  # noqa: PLC0415  # 3 ms that the first screen saves

        opened = self._sheet.opened
        if opened is None:
            return
        self._sheet.keep()
        text, name = opened.document.text, f"{opened.function_name}-{opened.origin.name or 'event'}"
        try:
            edited = await edit_off_screen(
                self.app, self._suspend or self.app.suspend, self._editor_command, name, text
            )
        except WorkbenchError as error:
            self._tell(error)
        else:
            if edited != text:
                self._sheet.editor.replace_all(edited)

    # What is told ------------------------------------------------------------------------------------------------

    def _show_status(self) -> None:
        if not self.is_mounted or not self.size.width:
            return
        opened, editor = self._sheet.opened, self._sheet.editor
        status = EventStatus(
            origin=opened.origin if opened else Origin(),
            modified=opened.modified if opened else False,
            size_bytes=editor.document.size_bytes,
            limit_bytes=payload_limit_bytes(self.invocation_type),
            problem=editor.problem,
            busy=self._busy,
            sending=self.sending,
        )
        # Kept, not asked for: what ends late still draws while the screen is being taken down.
        self._status.update(describe(status, self.size.width))

    def _tell(self, error: WorkbenchError) -> None:
        self.app.notify(error.more or error.title, title=error.title, severity="error", timeout=10, markup=False)
