"""The Configuration view: owns what was read of the selected function, and what is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.core.configuration import DEFINITIONS, Change, Configuration, Entry, environment_warning
from lambdatui.core.errors import Conflict, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.target import Backend, Target
from lambdatui.ui.configuration.changing import ChangingView
from lambdatui.ui.configuration.edit_bar import EditBar
from lambdatui.ui.configuration.folding import folded
from lambdatui.ui.configuration.list import SettingsList
from lambdatui.ui.configuration.rows import rows_of
from lambdatui.ui.configuration.state import caution_text, obstacle_text


class ConfigurationView(ChangingView):
    """Shows the server's answer, never a hope: a change is painted when it took effect.

    On AWS it reads when it is looked at; the local runner's settings cost nothing to read.
    """

    SHORTCUT_SCOPE = "Configuration"
    DEFAULT_CSS = """
    ConfigurationView { height: 1fr; }
    ConfigurationView > Static { height: auto; max-height: 6; padding: 0 1; display: none; }
    ConfigurationView > Static.-said { display: block; }
    ConfigurationView > #configuration-note { color: $text-muted; }
    ConfigurationView > #configuration-caution { color: $warning; }
    ConfigurationView > #configuration-progress { color: $accent; }
    """
    BINDINGS = [
        Binding("r", "reload", "Read again", id="configuration.refresh", show=False, tooltip="Read the settings again"),
    ]

    @dataclass
    class Applied(Message):
        """A change took effect."""

        configuration: Configuration
        change: Change
        undone: bool

    configuration: reactive[Configuration | None] = reactive(None)

    def __init__(
        self, backend: Callable[[], Awaitable[Backend]], target: Target, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(backend, target, clock)
        # Held, not looked up: an answer may come while the view is being taken down.
        self.settings = SettingsList()
        self._bar = EditBar(self._objection)
        self._note_line = Static("", id="configuration-note", markup=False)
        self._caution_line = Static("", id="configuration-caution", markup=False)
        self._progress_line = Static("", id="configuration-progress", markup=False)
        self._looked_at = not self.remote
        self._reading = False
        self._unreadable = False

    def compose(self) -> ComposeResult:
        """What to know first, the note of a state, the settings, the change on its way, the line to edit one."""
        yield self._caution_line
        yield self._note_line
        yield self.settings
        yield self._progress_line
        yield self._bar

    # -- reading -----------------------------------------------------------------------------------------------------

    def on_show(self) -> None:
        """Read what was not looked at yet."""
        self._looked_at = True
        if self.configuration is None and not self._reading:
            self.reload()

    def on_hide(self) -> None:
        """Nobody looks: AWS is asked nothing."""
        self._looked_at = not self.remote

    def turn_of(self, key: str) -> bool | None:
        """A key of the settings waits for them; where they can't be read it does nothing."""
        active = self.screen.active_bindings.get(key)
        if self.configuration is not None or active is None or active.node is not self.settings:
            return True
        return None if self.function is not None and not self._unreadable else False

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: read its settings; what was being typed for the other is closed."""
        if not self.is_mounted or (old and new and old.name == new.name):
            return
        self._bar.close()
        self.workers.cancel_group(self, "configuration-read")
        self._reading = self._unreadable = False
        self.configuration = None
        self._say(self._note_line, "" if new else "Select a function.")
        self.tell_progress()
        if new is not None and self._looked_at:
            self.reload()

    def watch_configuration(self, configuration: Configuration | None) -> None:
        """Draw what was read."""
        if self.is_mounted:
            self.settings.rows = rows_of(configuration) if configuration else ()
            self._say(self._caution_line, caution_text(configuration, can_undo=self.can_undo) if configuration else "")
            for entry in configuration.entries if configuration else ():
                self._bar.rebase(entry)

    @work(group="configuration-read", exclusive=True)
    async def reload(self) -> None:
        """Read the selected function's settings."""
        if self.function is None:
            return
        self._reading, self._unreadable = True, False
        if self.configuration is None:
            self._say(self._note_line, f"Reading the settings of {self.function.name} …")
        try:
            store = (await self.backend()).configuration
            self.configuration = await store.read(self.function.name)
        except WorkbenchError as error:
            self._unreadable = True
            parts = (error.title, error.detail, error.hint, "r reads again")
            self._say(self._note_line, "\n".join(part for part in parts if part))
            if self._bar.awaited:
                self._bar.close()
            return
        finally:
            self._reading = False
        self._say(self._note_line, "")
        if self._bar.awaited:
            self.edit(self._bar.awaited)

    # -- editing -----------------------------------------------------------------------------------------------------

    def edit(self, key: str) -> None:
        """Open the line for the setting `key`; it may be typed while it is still being read."""
        if self.target.read_only:
            self.toast(_why_read_only(self.target), severity="warning")
            return
        if self.configuration is None:
            if self.function is not None:
                self._bar.open_unread(DEFINITIONS[key])
                if not self._reading:
                    self.reload()
            return
        entry = self.settings.go_to(key)
        if entry is None or entry.locked:
            self._bar.close()
            reason = obstacle_text(entry) if entry else f"{key} can't be set on this target"
            self.toast(reason, severity="warning")
        elif entry.definition.kind == "layers":
            self._edit_layers(entry)
        elif folded(entry.definition.edit_text(entry.value)) is None:
            self._bar.close()
            text = f"{entry.definition.label} has control characters: lambdatui set can change it"
            self.toast(text, severity="warning")
        else:
            self._bar.open(entry)

    @work(group="dialog", exclusive=True)
    async def _edit_layers(self, entry: Entry) -> None:
        from lambdatui.ui.configuration.layers import LayersDialog  # noqa: PLC0415  # on AWS only

        if self.function is None:
            return
        name = self.function.name
        shelf = (await self.backend()).layers
        layers = await self.app.push_screen_wait(LayersDialog(name, entry, shelf))
        if layers is not None and layers != entry.value:
            self.change(name, Change(entry.definition.key, entry.value, layers))

    @on(SettingsList.EditRequested)
    def _edit(self, event: SettingsList.EditRequested) -> None:
        event.stop()
        self.edit(event.entry.definition.key)

    @on(SettingsList.AddRequested)
    def _add(self, event: SettingsList.AddRequested) -> None:
        event.stop()
        if self.target.read_only:
            self.toast(_why_read_only(self.target), severity="warning")
        elif self.configuration is not None:
            self._bar.open_new(self.configuration)

    @on(SettingsList.ResetRequested)
    def _reset(self, event: SettingsList.ResetRequested) -> None:
        event.stop()
        entry = event.entry
        if self.target.read_only:
            self.toast(_why_read_only(self.target), severity="warning")
        elif entry.locked:
            self.toast(obstacle_text(entry), severity="warning")
        elif entry.reset is None or self.function is None:
            self.toast("This setting was not edited here: there is nothing to take back", severity="warning")
        else:
            self.change(self.function.name, entry.reset, ask=self.remote)

    @on(EditBar.Submitted)
    def _submitted(self, event: EditBar.Submitted) -> None:
        event.stop()
        if not self._bar.is_open:
            return  # closed since: it was typed for a function that is not selected any more
        obstacle = self.configuration.obstacle(event.change.key) if self.configuration else ""
        if obstacle:
            self.toast(obstacle, severity="warning")
        elif self.function:
            self.change(self.function.name, event.change)
            if self.remote:
                self.settings.focus()  # it may take minutes, in which keys are no text

    @on(EditBar.Cancelled)
    def _cancelled(self, event: EditBar.Cancelled) -> None:
        event.stop()
        self.action_stop()
        self.settings.focus()

    # -- how a change ends -------------------------------------------------------------------------------------------

    async def revision_of(self, name: str) -> str:
        """See `ChangingView.revision_of`."""
        if self.looks_at(name) and self.configuration:
            return self.configuration.revision_id
        return (await (await self.backend()).configuration.read(name)).revision_id

    def took_effect(self, name: str, change: Change, after: Configuration, *, undone: bool) -> None:
        """See `ChangingView.took_effect`."""
        if self.looks_at(name):
            self.configuration = after
            had_focus = self._bar.has_focus_within
            self._bar.close()
            if had_focus:
                self.settings.focus()
            self._say(self._note_line, "")
        self.post_message(self.Applied(after, change, undone))

    def was_refused(self, name: str, error: WorkbenchError | None) -> None:
        """See `ChangingView.was_refused`: what was typed is still there to be mended."""
        if self._bar.is_open and self.settings.has_focus:
            self._bar.focus_text()
        if error is not None and self.looks_at(name) and (self.remote or isinstance(error, Conflict)):
            self.reload()

    def was_left(self) -> None:
        """See `ChangingView.was_left`."""
        self.reload()

    def action_reload(self) -> None:
        """Read the settings again."""
        self.reload()

    # -- what is said ------------------------------------------------------------------------------------------------

    def show_progress(self, text: str) -> None:
        """See `ChangingView.show_progress`. A low pane has no room for both lines."""
        self._bar.tell(text)
        self._say(self._progress_line, "" if self._bar.is_open else text)

    def _objection(self, change: Change) -> str:
        return environment_warning(self.configuration, (change,)) if self.configuration else ""

    def _say(self, line: Static, text: str) -> None:
        if str(line.content) != text:  # each update lays the screen out anew
            line.update(Content(text))
        line.set_class(bool(text), "-said")


def _why_read_only(target: Target) -> str:
    return f"Read-only: {target.read_only_origin or '--read-only'} says so; start without it to change settings"
