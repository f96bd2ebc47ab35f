"""The event of the selected function: its editor, its name, and where it is saved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static, TextArea

from lambdatui.blocking import call_blocking
from lambdatui.core import json_text
from lambdatui.core.errors import Conflict, InvalidInput, NotFound, WorkbenchError
from lambdatui.core.events import (
    Draft,
    DraftStore,
    EventEntry,
    EventSource,
    EventStore,
    JsonProblem,
    SavedEvent,
    problem_of,
)
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import InvocationType
from lambdatui.core.payload import payload_limit_bytes
from lambdatui.ui.dialogs.prompt import Prompt
from lambdatui.ui.events.document import JsonDocument
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.editor import Buffer, JsonEditor
from lambdatui.ui.events.status import EventStatus, Origin, describe
from lambdatui.ui.output.hooks import LightOutput

ON_LOOP_BYTES = 64 * 1024
"""Up to this size JSON is parsed and drafts are written on the event loop: under a millisecond."""
KEEP_AFTER_S = 0.3
TELL_PROBLEM_AFTER_S = 0.25
_BUFFERS = 32
_NOT_READ = JsonProblem("the event is still being read", 1, 1)


@dataclass(slots=True)
class Opened:
    """One function's event in memory: the editor's buffer, and the event that it began as."""

    buffer: Buffer
    origin: Origin
    modified: bool
    kept_version: int = -1


class EventView(Vertical, can_focus=True):
    """Edits the event of one function at a time and keeps each function's draft. Sends nothing.

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
        self._opened: dict[str, Opened] = {}
        self._current: Opened | None = None
        self._function_name = ""
        self._checked: tuple[JsonDocument | None, int, JsonProblem | None] = (None, -1, None)
        self._busy = ""
        self._keep_timer: Timer | None = None
        self._check_timer: Timer | None = None
        self._editor = JsonEditor()
        self._status = Static("", id="event-status", markup=False)

    def compose(self) -> ComposeResult:
        """Status above the editor; a hint in their place without a function."""
        yield self._status
        yield self._editor
        yield Static("No function is selected.\nIts event appears here.", id="event-none", markup=False)

    def on_mount(self) -> None:
        """Nothing is open yet."""
        self._editor.read_only = self._current is None
        self.set_class(self.function is None, "-none")

    def on_unmount(self) -> None:
        """What was typed last is written before the end."""
        self._keep_now()

    def on_resize(self) -> None:
        """The status line fits its width."""
        self._show_status()

    # What the workbench asks -------------------------------------------------------------------------------------

    @property
    def event_name(self) -> str:
        """The name of the event in the editor, "" for a new one."""
        return self._current.origin.name if self._current else ""

    @property
    def reading(self) -> bool:
        """Whether the function's event is still being read; `Ready` tells when it has been."""
        return self.function is not None and self._current is None

    @property
    def problem(self) -> JsonProblem | None:
        """Why the text can't be sent as it stands now, None when it can."""
        if self._current is None:
            return _NOT_READ
        document = self._editor.document
        if self._checked[0] is not document or self._checked[1] != document.version:
            self._note_problem(problem_of(document.text), document.version)
        return self._checked[2]

    @property
    def too_large(self) -> bool:
        """Whether the text is above the limit of the invocation type."""
        return self._editor.document.size_bytes > payload_limit_bytes(self.invocation_type)

    def payload(self) -> bytes:
        """The text as it is sent: UTF-8; b"" for white space alone, which Lambda takes for `{}`."""
        text = self._editor.document.text if self._current else ""
        return text.encode("utf-8", "replace") if text.strip() else b""

    def edit(self) -> None:
        """Give the keys to the editor."""
        if self.function is not None:
            self._editor.focus()

    def begin_with(self, text: str) -> None:
        """A new event that starts as `text`; undo brings the other one back."""
        self._replace(Origin(text=text))
        self.edit()

    # One function after the other --------------------------------------------------------------------------------

    def watch_function(self, before: FunctionSummary | None, now: FunctionSummary | None) -> None:
        """Keep the draft of the one, open the event of the other."""
        if (before.name if before else "") == (now.name if now else "") and self._current:
            return
        if self._current is not None:
            self._judge(self._current)
        self._keep_now()
        if self._current is not None:
            self._current.buffer = self._editor.buffer
        self._current = None
        self._function_name = now.name if now else ""
        self.set_class(now is None, "-none")
        if now is None:
            self._editor.read_only = True
            return
        opened = self._opened.get(now.name)
        if opened is not None:
            self._show(now.name, opened)
        else:
            self._busy = "reading…"
            self._editor.read_only = True
            self._editor.problem = None
            self._editor.show(Buffer.of(""))
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
            opened = await self._first(name)
        except WorkbenchError as error:
            self._tell(error)
            opened = _fresh()
        if self._function_name == name and self._current is None:
            self._show(name, opened)

    async def _first(self, name: str) -> Opened:
        """The kept draft; else the function's event "default", or its first; else an empty one."""
        draft = await call_blocking(self._drafts.load, name)
        if draft is not None:
            return await self._from_draft(draft)
        own = [entry for entry in await self._store.entries(name) if entry.source is EventSource.FUNCTION]
        own.sort(key=lambda entry: entry.name != "default")
        return _from_saved(await self._store.load(own[0])) if own else _fresh()

    async def _from_draft(self, draft: Draft) -> Opened:
        origin = Origin(draft.name, draft.source, draft.source_path, draft.revision)
        if draft.source is not None:
            try:
                saved = await self._store.load(EventEntry(draft.name, draft.source, draft.source_path, 0))
            except WorkbenchError:
                # Its file is gone: the draft is all there is of it.
                return Opened(Buffer.of(draft.text), origin, modified=True)
            if not draft.modified:
                return _from_saved(saved)
            if saved.revision == draft.revision:
                origin = replace(origin, text=saved.text)
        elif not draft.name:
            origin = replace(origin, text="{}")
        return Opened(Buffer.of(draft.text), origin, modified=draft.modified)

    def _show(self, name: str, opened: Opened) -> None:
        self._opened.pop(name, None)
        self._opened[name] = opened
        if len(self._opened) > _BUFFERS:
            # The draft is on disk; only its undo history goes.
            self._opened.pop(next(iter(self._opened)))
        self._current = opened
        self._busy = ""
        opened.kept_version = opened.buffer.document.version
        self._editor.read_only = False
        self._editor.show(opened.buffer)
        self._validate(at_once=True)
        self._show_status()
        self.refresh_bindings()
        self.post_message(self.Ready(name))

    # While one types ---------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _edited(self, event: TextArea.Changed) -> None:
        event.stop()
        opened = self._current
        if opened is None or opened.buffer.document is not self._editor.document:
            return
        self._judge(opened)
        if self._keep_timer is None:
            self._keep_timer = self.set_timer(KEEP_AFTER_S, self._keep_after_rest)
        else:
            self._keep_timer.reset()
        self._validate(at_once=False)
        self._show_status()

    @on(JsonEditor.Left)
    def _left(self, event: JsonEditor.Left) -> None:
        event.stop()
        self.focus()

    def _judge(self, opened: Opened) -> None:
        """See whether the text is still that of its file."""
        document, origin = self._editor.document, opened.origin
        if origin.text is None:
            opened.modified = opened.modified or document.version != opened.kept_version
        else:
            # Equal sizes are rare: the text is joined only then.
            same_size = document.size_bytes == len(origin.text.encode("utf-8", "surrogatepass"))
            opened.modified = not (same_size and document.text == origin.text)

    def _validate(self, *, at_once: bool) -> None:
        document = self._editor.document
        if self._check_timer is not None:
            self._check_timer.stop()
            self._check_timer = None
        if document.size_bytes > ON_LOOP_BYTES:
            self._check_timer = self.set_timer(0 if at_once else TELL_PROBLEM_AFTER_S, self._validate_apart)
            return
        problem = problem_of(document.text)
        if problem is None or at_once or self._editor.problem is not None:
            self._note_problem(problem, document.version)
        else:
            # Half a word is not an error yet: it is told when the keys rest.
            self._check_timer = self.set_timer(
                TELL_PROBLEM_AFTER_S, lambda: self._note_problem(problem, document.version)
            )

    @work(group="events.validate", exclusive=True)
    async def _validate_apart(self) -> None:
        document, version = self._editor.document, self._editor.document.version
        problem = await call_blocking(problem_of, document.text)
        if document is self._editor.document and version == document.version:
            self._note_problem(problem, version)

    def _note_problem(self, problem: JsonProblem | None, version: int) -> None:
        if self._current is None or version != self._editor.document.version:
            return
        self._checked = (self._editor.document, version, problem)
        self._editor.problem = problem
        self._show_status()

    def _keep_after_rest(self) -> None:
        self._keep_timer = None
        opened, draft = self._current, self._draft()
        if opened is None or draft is None:
            return
        if self._editor.document.size_bytes > ON_LOOP_BYTES:
            self._keep_apart(self._function_name, opened, draft, self._editor.document.version)
        else:
            self._keep_now()

    @work(group="events.keep")
    async def _keep_apart(self, function_name: str, opened: Opened, draft: Draft, version: int) -> None:
        try:
            await self._drafts.keep_soon(function_name, draft)
        except WorkbenchError as error:
            self._tell(error)
        else:
            opened.kept_version = version

    def _keep_now(self) -> None:
        if self._keep_timer is not None:
            self._keep_timer.stop()
            self._keep_timer = None
        opened, draft = self._current, self._draft()
        if opened is None or draft is None:
            return
        try:
            self._drafts.keep(self._function_name, draft)
        except WorkbenchError as error:
            self._tell(error)
        else:
            opened.kept_version = self._editor.document.version

    def _draft(self) -> Draft | None:
        """What is to be kept of the text, None when nothing changed since it was kept."""
        opened = self._current
        if opened is None or opened.kept_version == self._editor.document.version:
            return None
        origin = opened.origin
        text = self._editor.document.text
        return Draft(text, origin.name, origin.source, origin.path, origin.revision, opened.modified)

    # Actions -----------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to act on is dimmed."""
        if action in ("save", "open", "new", "pretty", "minify", "external", "edit"):
            return True if self._current else None
        if action == "revert":
            return True if self._current and self._current.modified and self._current.origin.text is not None else None
        if action == "delete":
            return True if self._current and self._current.origin.saved else None
        return super().check_action(action, parameters)

    def action_edit(self) -> None:
        """Into the editor."""
        self.edit()

    def action_scroll_text(self, lines: int) -> None:
        """Read without going in."""
        self._editor.scroll_relative(y=lines, animate=False)

    @work(group="dialog", exclusive=True)
    async def action_save(self) -> None:
        """Save under the event's name; ask for one when it has none of its own."""
        opened = self._current
        if opened is None:
            return
        origin = opened.origin
        if origin.saved and origin.source is not None:
            await self._save_as(opened, origin.name, origin.revision, origin.source)
        else:
            await self._ask_name(opened, origin.suggested_name)

    @work(group="dialog", exclusive=True)
    async def action_open(self) -> None:
        """Choose an event to edit; undo brings the text that was there."""
        from lambdatui.ui.events.picker import EventPicker  # noqa: PLC0415  # 6 ms that the first screen saves

        opened, name = self._current, self._function_name
        if opened is None:
            return
        try:
            entries = await self._store.entries(name)
            entry = await self.app.push_screen_wait(EventPicker(self._store, entries, opened.origin.path))
            if entry is not None and opened is self._current:
                self._replace(_origin_of(await self._store.load(entry)))
        except WorkbenchError as error:
            self._tell(error)

    def action_new(self) -> None:
        """An empty event; undo brings the other one back."""
        self._replace(Origin(text="{}"))
        self.edit()

    def action_revert(self) -> None:
        """The event as it was saved; undo brings the edits back."""
        if self._current is not None and self._current.origin.text is not None:
            self._replace(self._current.origin)

    def action_pretty(self) -> None:
        """A member a line."""
        self._lay_out(json_text.pretty)

    def action_minify(self) -> None:
        """No white space."""
        self._lay_out(json_text.minify)

    async def action_external(self) -> None:
        """The text in the user's own editor, and back as one step of undo."""
        if self._current is None:
            return
        from lambdatui.ui.events.external import edit_externally  # noqa: PLC0415  # 3 ms that the first screen saves

        if isinstance(self.app, LightOutput):
            await self.app.quiet()
        self._keep_now()
        text = self._editor.document.text
        name = f"{self._function_name}-{self.event_name or 'event'}"
        edited: str | WorkbenchError
        try:
            with (self._suspend or self.app.suspend)():
                # Caught in here: an error that leaves `suspend` would leave the terminal suspended.
                try:
                    edited = edit_externally(self._editor_command, name, text)
                except WorkbenchError as error:
                    edited = error
        except SuspendNotSupported:
            edited = WorkbenchError("No other program can take this terminal over")
        if isinstance(edited, WorkbenchError):
            self._tell(edited)
        elif edited != text:
            self._editor.replace_all(edited)
        self.app.refresh(layout=True)

    @work(group="dialog", exclusive=True)
    async def action_delete(self) -> None:
        """Move the saved event to the trash; the text stays here and can be saved again."""
        opened = self._current
        if opened is None or not opened.origin.saved or opened.origin.source is None:
            return
        origin = opened.origin
        try:
            await self._store.delete(EventEntry(origin.name, opened.origin.source, origin.path, 0))
        except WorkbenchError as error:
            self._tell(error)
            return
        opened.origin = Origin(origin.name)
        opened.modified = True
        self._origin_changed(opened)
        self.app.notify(f"{origin.name} is in the trash; ctrl+s saves it again", markup=False)

    # Saving ------------------------------------------------------------------------------------------------------

    async def _ask_name(self, opened: Opened, suggested: str) -> None:
        refused: dict[str, str] = {}
        while True:
            name = await self.app.push_screen_wait(
                Prompt("Save event as", suggested, partial(_refusal, refused), "enter saves · esc cancels")
            )
            if name is None:
                return
            try:
                await self._save_as(opened, name.strip(), None, EventSource.FUNCTION)
            except InvalidInput as error:
                refused[name] = error.title
                suggested = name
            else:
                return

    async def _save_as(self, opened: Opened, name: str, revision: str | None, source: EventSource) -> None:
        function_name, text = self._function_name, self._editor.document.text
        try:
            saved = await self._store.save(function_name, name, text, revision, source)
        except Conflict as conflict:
            await self._resolve(opened, name, source, conflict)
            return
        except InvalidInput as error:
            if revision is None:
                raise
            self._tell(error)
            return
        except WorkbenchError as error:
            self._tell(error)
            return
        opened.origin = _origin_of(saved)
        opened.modified = self._is_shown(opened) and self._editor.document.text != saved.text
        self._origin_changed(opened)
        self.post_message(self.Saved(function_name, saved))
        problem = problem_of(saved.text) if len(saved.text) <= ON_LOOP_BYTES else None
        more = f", though it is not JSON (line {problem.line})" if problem else ""
        self.app.notify(f"Saved as {saved.entry.name}{more}", markup=False)

    async def _resolve(self, opened: Opened, name: str, source: EventSource, conflict: Conflict) -> None:
        from lambdatui.ui.events.conflict import ConflictScreen, Resolution  # noqa: PLC0415  # rare, and difflib is slow

        answer = await self.app.push_screen_wait(ConflictScreen(conflict))
        if answer is None:
            return
        if answer is Resolution.SAVE_AS:
            await self._ask_name(opened, f"{name}-2")
            return
        try:
            theirs = await self._find(name, source)
            if answer is Resolution.RELOAD and theirs is not None and self._is_shown(opened):
                self._replace(_origin_of(theirs))
            elif answer is Resolution.OVERWRITE:
                await self._save_as(opened, name, theirs.revision if theirs else None, source)
        except WorkbenchError as error:
            self._tell(error)

    async def _find(self, name: str, source: EventSource) -> SavedEvent | None:
        for entry in await self._store.entries(self._function_name):
            if entry.source is source and entry.name == name.removesuffix(".json"):
                try:
                    return await self._store.load(entry)
                except NotFound:
                    return None
        return None

    # Changing the whole text -------------------------------------------------------------------------------------

    def _replace(self, origin: Origin) -> None:
        """Another event in the editor; undo brings back the text and the name that it had."""
        opened = self._current
        if opened is None or origin.text is None:
            return
        before = opened.origin

        def switch(made: bool) -> None:
            opened.origin = origin if made else before
            self._origin_changed(opened)

        self._editor.replace_all(origin.text, switch)

    @work(group="events.layout", exclusive=True)
    async def _lay_out(self, layout: Callable[[str], str]) -> None:
        document = self._editor.document
        version, text = document.version, document.text
        try:
            after = layout(text) if document.size_bytes <= ON_LOOP_BYTES else await call_blocking(layout, text)
        except WorkbenchError as error:
            self._note_problem(problem_of(text), version)
            self._tell(error)
            return
        if document is self._editor.document and version == document.version and after != text:
            self._editor.replace_all(after)

    def _origin_changed(self, opened: Opened) -> None:
        opened.kept_version = -1
        if self._is_shown(opened):
            self._judge(opened)
            self._keep_after_rest()
            self._show_status()
            self.refresh_bindings()

    def _is_shown(self, opened: Opened) -> bool:
        return opened is self._current

    def _show_status(self) -> None:
        opened = self._current
        status = EventStatus(
            origin=opened.origin if opened else Origin(),
            modified=opened.modified if opened else False,
            size_bytes=self._editor.document.size_bytes,
            limit_bytes=payload_limit_bytes(self.invocation_type),
            problem=self._editor.problem,
            busy=self._busy,
            sending=self.sending,
        )
        if self.is_mounted and self.size.width:
            # Kept, not asked for: what ends late still draws while the screen is being taken down.
            self._status.update(describe(status, self.size.width))

    def _tell(self, error: WorkbenchError) -> None:
        text = "\n".join(part for part in (error.detail, error.hint) if part)
        self.app.notify(text or error.title, title=error.title, severity="error", timeout=10, markup=False)


def _fresh() -> Opened:
    return Opened(Buffer.of("{}"), Origin(text="{}"), modified=False)


def _origin_of(saved: SavedEvent) -> Origin:
    return Origin(saved.entry.name, saved.entry.source, saved.entry.path, saved.revision, saved.text)


def _from_saved(saved: SavedEvent) -> Opened:
    return Opened(Buffer.of(saved.text), _origin_of(saved), modified=False)


def _refusal(refused: dict[str, str], name: str) -> str:
    return refused.get(name, "" if name.strip() else "Type a name, or press esc")
