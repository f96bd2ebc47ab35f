"""The Configuration view: owns what was read of the selected function, the edit in flight, and the undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.core.configuration import Change, Configuration, ConfigurationStore
from lambdatui.core.errors import Conflict, WorkbenchError
from lambdatui.core.functions import FunctionSummary, Reserved
from lambdatui.ui.configuration.edit_bar import EditBar
from lambdatui.ui.configuration.list import SettingsList
from lambdatui.ui.configuration.rows import rows_of
from lambdatui.ui.dialogs.confirm import Confirm

_READ_ONLY = "Read-only: start without --read-only to change settings"


class ConfigurationView(Vertical):
    """Shows the server's answer, never a hope: a change is painted when it took effect."""

    SHORTCUT_SCOPE = "Configuration"
    DEFAULT_CSS = """
    ConfigurationView { height: 1fr; }
    ConfigurationView > #configuration-note { height: auto; padding: 0 1; color: $text-muted; display: none; }
    ConfigurationView.-noted > #configuration-note { display: block; }
    """

    @dataclass
    class Applied(Message):
        """A change took effect."""

        configuration: Configuration
        change: Change
        undone: bool

    function: reactive[FunctionSummary | None] = reactive(None)
    configuration: reactive[Configuration | None] = reactive(None)

    def __init__(self, store: Callable[[], Awaitable[ConfigurationStore]], *, read_only: bool) -> None:
        super().__init__()
        # Held, not looked up: an answer may come while the view is being taken down.
        self.settings = SettingsList()
        self._bar = EditBar()
        self._note_line = Static("", id="configuration-note", markup=False)
        self._store = store
        self._read_only = read_only
        self._done: dict[str, list[Change]] = {}
        self._pending_edit = ""

    def compose(self) -> ComposeResult:
        """The note of a state, the settings, the line to edit one."""
        yield self._note_line
        yield self.settings
        yield self._bar

    @property
    def can_undo(self) -> bool:
        """Whether a change of the selected function can be taken back."""
        return bool(self.function and self._done.get(self.function.name)) and not self._read_only

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: read its settings; what was being typed for the other is closed."""
        if not self.is_mounted or (old and new and old.name == new.name):
            return
        self._bar.close()
        self.configuration = None
        self._note("Select a function." if new is None else f"Reading the settings of {new.name} …")
        if new is not None:
            self.reload()

    def watch_configuration(self, configuration: Configuration | None) -> None:
        """Draw what was read."""
        if self.is_mounted:
            self.settings.rows = rows_of(configuration) if configuration else ()
            for entry in configuration.entries if configuration else ():
                self._bar.rebase(entry)

    @work(group="configuration-read", exclusive=True)
    async def reload(self) -> None:
        """Read the selected function's settings."""
        if self.function is None:
            return
        try:
            store = await self._store()
            self.configuration = await store.read(self.function.name)
        except WorkbenchError as error:
            self._note("\n".join(part for part in (error.title, error.detail, error.hint, "r reads again") if part))
            return
        self._note("")
        if self._pending_edit:
            key, self._pending_edit = self._pending_edit, ""
            self.edit(key)

    def edit(self, key: str) -> None:
        """Open the line for the setting `key`, as soon as it is read."""
        if self.configuration is None:
            self._pending_edit = key
            return
        entry = self.settings.go_to(key)
        if entry is None:
            self._toast(f"{key} can't be set on this target", severity="warning")
        elif self._read_only:
            self._toast(_READ_ONLY, severity="warning")
        elif entry.locked:
            self._toast(f"{entry.definition.label}: {entry.locked}", severity="warning")
        else:
            self._bar.open(entry)

    def undo(self) -> None:
        """Take the last change of the selected function back."""
        if self.function and self.can_undo:
            change = self._done[self.function.name][-1]
            self._apply(self.function.name, change.inverse, undoing=True)

    @on(SettingsList.EditRequested)
    def _edit(self, event: SettingsList.EditRequested) -> None:
        event.stop()
        self.edit(event.entry.definition.key)

    @on(SettingsList.AddRequested)
    def _add(self, event: SettingsList.AddRequested) -> None:
        event.stop()
        if self._read_only:
            self._toast(_READ_ONLY, severity="warning")
        elif self.configuration is not None:
            self._bar.open_new_variable()

    @on(SettingsList.ResetRequested)
    def _reset(self, event: SettingsList.ResetRequested) -> None:
        event.stop()
        entry = event.entry
        removable = entry.origin == "edited here" or entry.secret
        if self._read_only:
            self._toast(_READ_ONLY, severity="warning")
        elif entry.locked or not removable or self.function is None:
            self._toast("This setting was not edited here: there is nothing to take back", severity="warning")
        else:
            self._apply(self.function.name, Change(entry.definition.key, entry.value, None))

    @on(EditBar.Submitted)
    def _submitted(self, event: EditBar.Submitted) -> None:
        event.stop()
        if self.function:
            self._apply(self.function.name, event.change)

    @on(EditBar.Cancelled)
    def _cancelled(self, event: EditBar.Cancelled) -> None:
        event.stop()
        self.settings.focus()

    @work(group="configuration-apply")
    async def _apply(self, name: str, change: Change, undoing: bool = False) -> None:
        if change.new == Reserved(0) and not undoing:
            question = (
                f"Every invocation of {name} will be throttled until the reserve is raised or removed (u undoes)."
            )
            if not await self.app.push_screen_wait(Confirm(f"Stop {name}?", question)):
                return
        try:
            store = await self._store()
            before = self.configuration or await store.read(name)
            after = await store.apply(name, (change,), before.revision_id)
        except Conflict as error:
            self._toast(
                f"{error.detail}\nyours: {error.mine}\nnow: {error.theirs}", title=error.title, severity="error"
            )
            self.reload()
            return
        except WorkbenchError as error:
            self._toast(
                "\n".join(part for part in (error.detail, error.hint) if part), title=error.title, severity="error"
            )
            return
        done = self._done.setdefault(name, [])
        made = Change(change.key, change.old, after.value(change.key))
        if undoing:
            done.pop()
        else:
            done.append(made)
        if self.function and self.function.name == name:
            self.configuration = after
            self._bar.close()
            self._note("")
            if self._bar.has_focus_within:
                self.settings.focus()
        self.post_message(self.Applied(after, made, undoing))
        self.refresh_bindings()

    def _note(self, text: str) -> None:
        self._note_line.update(Content(text))
        self.set_class(bool(text), "-noted")

    def _toast(self, text: str, *, title: str = "", severity: Literal["warning", "error"]) -> None:
        self.notify(text, title=title, severity=severity, markup=False)
