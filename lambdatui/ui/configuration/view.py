"""The Configuration view: owns what was read of the selected function, the changes on their way, and the undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static
from textual.worker import Worker

from lambdatui.core.configuration import (
    DEFINITIONS,
    Change,
    Configuration,
    Entry,
    Step,
    definition_of,
    environment_warning,
)
from lambdatui.core.errors import Conflict, PartlyApplied, WorkbenchError
from lambdatui.core.functions import FunctionSummary, Reserved
from lambdatui.core.target import Backend, Target, TargetKind
from lambdatui.ui.configuration.edit_bar import EditBar
from lambdatui.ui.configuration.folding import folded
from lambdatui.ui.configuration.list import SettingsList
from lambdatui.ui.configuration.rows import rows_of
from lambdatui.ui.configuration.state import (
    Applying,
    caution_text,
    needs_the_name,
    obstacle_text,
    progress_text,
    stopped_text,
)
from lambdatui.ui.dialogs.confirm import Confirm
from lambdatui.ui.dialogs.typed import name_is_typed

_TICK_S = 0.25


class ConfigurationView(Vertical):
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
        Binding("x,escape", "stop", "Stop waiting", id="configuration.stop", tooltip="Wait no longer for the change"),
        Binding("r", "reload", "Read again", id="configuration.refresh", show=False, tooltip="Read the settings again"),
    ]

    @dataclass
    class Applied(Message):
        """A change took effect."""

        configuration: Configuration
        change: Change
        undone: bool

    function: reactive[FunctionSummary | None] = reactive(None)
    configuration: reactive[Configuration | None] = reactive(None)

    def __init__(
        self, backend: Callable[[], Awaitable[Backend]], target: Target, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()
        # Held, not looked up: an answer may come while the view is being taken down.
        self.settings = SettingsList()
        self._bar = EditBar(self._objection)
        self._note_line = Static("", id="configuration-note", markup=False)
        self._caution_line = Static("", id="configuration-caution", markup=False)
        self._progress_line = Static("", id="configuration-progress", markup=False)
        self._backend = backend
        self._target = target
        self._clock = clock
        self._remote = target.kind is TargetKind.AWS
        self._looked_at = not self._remote
        self._reading = False
        self._done: dict[str, list[Change]] = {}
        self._applying: dict[str, Applying] = {}
        self._workers: dict[str, Worker[None]] = {}

    def compose(self) -> ComposeResult:
        """What to know first, the note of a state, the settings, the change on its way, the line to edit one."""
        yield self._caution_line
        yield self._note_line
        yield self.settings
        yield self._progress_line
        yield self._bar

    def on_mount(self) -> None:
        """The seconds of a wait are counted."""
        self.set_interval(_TICK_S, self._show_progress)

    @property
    def can_undo(self) -> bool:
        """Whether a change of the selected function can be taken back."""
        return bool(self.function and self._done.get(self.function.name)) and not self._target.read_only

    @property
    def changing(self) -> Applying | None:
        """The change of the selected function that is on its way."""
        applying = self._applying.get(self.function.name) if self.function else None
        return applying if applying is not None and applying.meant else None

    # -- reading -----------------------------------------------------------------------------------------------------

    def on_show(self) -> None:
        """Read what was not looked at yet."""
        self._looked_at = True
        if self.configuration is None and not self._reading:
            self.reload()

    def on_hide(self) -> None:
        """Nobody looks: AWS is asked nothing."""
        self._looked_at = not self._remote

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: read its settings; what was being typed for the other is closed."""
        if not self.is_mounted or (old and new and old.name == new.name):
            return
        self._bar.close()
        self.workers.cancel_group(self, "configuration-read")
        self._reading = False
        self.configuration = None
        self._say(self._note_line, "" if new else "Select a function.")
        self._show_progress()
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
        self._reading = True
        if self.configuration is None:
            self._say(self._note_line, f"Reading the settings of {self.function.name} …")
        try:
            store = (await self._backend()).configuration
            self.configuration = await store.read(self.function.name)
        except WorkbenchError as error:
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
        if self._target.read_only:
            self._toast("Read-only: start without --read-only to change settings", severity="warning")
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
            self._toast(reason, severity="warning")
        elif entry.definition.kind == "layers":
            self._edit_layers(entry)
        elif folded(entry.definition.edit_text(entry.value)) is None:
            self._bar.close()
            text = f"{entry.definition.label} has control characters: lambdatui set can change it"
            self._toast(text, severity="warning")
        else:
            self._bar.open(entry)

    @work(group="dialog", exclusive=True)
    async def _edit_layers(self, entry: Entry) -> None:
        from lambdatui.ui.configuration.layers import LayersDialog  # noqa: PLC0415  # on AWS only

        if self.function is None:
            return
        name = self.function.name
        shelf = (await self._backend()).layers
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
        if self._target.read_only:
            self._toast("Read-only: start without --read-only to change settings", severity="warning")
        elif self.configuration is not None:
            self._bar.open_new(self.configuration)

    @on(SettingsList.ResetRequested)
    def _reset(self, event: SettingsList.ResetRequested) -> None:
        event.stop()
        entry = event.entry
        if self._target.read_only:
            self._toast("Read-only: start without --read-only to change settings", severity="warning")
        elif entry.locked:
            self._toast(obstacle_text(entry), severity="warning")
        elif entry.reset is None or self.function is None:
            self._toast("This setting was not edited here: there is nothing to take back", severity="warning")
        else:
            self.change(self.function.name, entry.reset, ask=self._remote)

    @on(EditBar.Submitted)
    def _submitted(self, event: EditBar.Submitted) -> None:
        event.stop()
        obstacle = self.configuration.obstacle(event.change.key) if self.configuration else ""
        if obstacle:
            self._toast(obstacle, severity="warning")
        elif self.function:
            self.change(self.function.name, event.change)
            if self._remote:
                self.settings.focus()  # it may take minutes, in which keys are no text

    @on(EditBar.Cancelled)
    def _cancelled(self, event: EditBar.Cancelled) -> None:
        event.stop()
        self.action_stop()
        self.settings.focus()

    # -- changing ----------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last change of the selected function back."""
        if self.function and self.can_undo:
            change = self._done[self.function.name][-1]
            self.change(self.function.name, change.inverse, undoing=True)

    def change(self, name: str, change: Change, *, ask: bool = False, undoing: bool = False) -> None:
        """Make a change, once it is confirmed where that is asked for; `ask` shows its difference first."""
        if name in self._applying:
            self._toast("A change of it is on its way: wait, or x stops waiting", title=name, severity="warning")
            return
        self._applying[name] = Applying(change, self._clock(), undoing=undoing)
        self._workers[name] = self._apply(name, ask)
        self.refresh_bindings()

    @work(group="configuration-apply")
    async def _apply(self, name: str, ask: bool) -> None:
        applying = self._applying[name]
        try:
            if not await self._meant(name, applying, ask):
                self._edit_on()
                return
            self._applying[name] = applying = replace(applying, began_at=self._clock(), meant=True)
            self.refresh_bindings()
            store = (await self._backend()).configuration
            looked_at = self.function is not None and self.function.name == name
            before = self.configuration if looked_at and self.configuration else await store.read(name)
            after = await store.apply(
                name, (applying.change,), before.revision_id, lambda step: self._heard(name, step)
            )
        except WorkbenchError as error:
            self._failed(name, applying, error)
            return
        finally:
            self._applying.pop(name, None)
            self._workers.pop(name, None)
            self._show_progress()
            self.refresh_bindings()
        self._applied(name, applying, after)

    async def _meant(self, name: str, applying: Applying, ask: bool) -> bool:
        """Ask what has to be asked before a change."""
        change, undoing = applying.change, applying.undoing
        production = self._target.production
        title = needs_the_name(name, change, remote=self._remote, production=production, undoing=undoing)
        if title:
            return await name_is_typed(self.app, name, title)
        if change.new == Reserved(0) and not undoing:
            text = f"Every invocation of {name} will be throttled until the reserve is raised or removed (u undoes)."
            return await self.app.push_screen_wait(Confirm(f"Stop {name}?", text))
        if ask:
            return await self.app.push_screen_wait(Confirm(f"Change {name}?", change.show(masked=True)))
        return True

    def _heard(self, name: str, step: Step) -> None:
        if name in self._applying:
            self._applying[name] = replace(self._applying[name], step=step)
            self._show_progress()

    def _applied(self, name: str, applying: Applying, after: Configuration) -> None:
        change = applying.change
        made = Change(change.key, change.old, after.value(change.key))
        self._keep(name, applying, made)
        if self.function and self.function.name == name:
            self.configuration = after
            self._close_bar()
            self._say(self._note_line, "")
        self.post_message(self.Applied(after, made, applying.undoing))
        self.refresh_bindings()

    def _failed(self, name: str, applying: Applying, error: WorkbenchError) -> None:
        lines = [error.detail, error.hint]
        if isinstance(error, Conflict):
            lines = [error.detail, f"yours: {error.mine}", f"now: {error.theirs}"] if error.mine else lines
        if isinstance(error, PartlyApplied) and applying.change.key in error.applied:
            self._keep(name, applying, applying.change)
        self._toast("\n".join(line for line in lines if line), title=error.title, severity="error")
        self._edit_on()
        looked_at = self.function is not None and self.function.name == name
        if looked_at and (self._remote or isinstance(error, Conflict)):
            self.reload()

    def _keep(self, name: str, applying: Applying, made: Change) -> None:
        done = self._done.setdefault(name, [])
        if applying.undoing:
            done.pop()
        else:
            done.append(made)

    def _edit_on(self) -> None:
        """Nothing was changed: what was typed is still there to be mended."""
        if self._bar.is_open and self.settings.has_focus:
            self._bar.focus_text()

    def _close_bar(self) -> None:
        had_focus = self._bar.has_focus_within
        self._bar.close()
        if had_focus:
            self.settings.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to stop while a change is on its way."""
        if action == "stop":
            return self.changing is not None
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Wait no longer for the change of this function."""
        applying = self.changing
        if applying is None or self.function is None:
            return
        self._workers[self.function.name].cancel()
        title = f"Not waiting for {definition_of(applying.change.key).label} any more"
        self._toast(stopped_text(applying), title=title, severity="warning")
        if applying.step.sent:
            self.reload()

    def action_reload(self) -> None:
        """Read the settings again."""
        self.reload()

    # -- what is said ------------------------------------------------------------------------------------------------

    def _objection(self, change: Change) -> str:
        return environment_warning(self.configuration, (change,)) if self.configuration else ""

    def _show_progress(self) -> None:
        applying = self.changing
        text = progress_text(applying, self._clock()) if applying else ""
        # A low pane has no room for both.
        self._bar.tell(text)
        self._say(self._progress_line, "" if self._bar.is_open else text)

    def _say(self, line: Static, text: str) -> None:
        if str(line.content) != text:  # each update lays the screen out anew
            line.update(Content(text))
        line.set_class(bool(text), "-said")

    def _toast(self, text: str, *, title: str = "", severity: Literal["warning", "error"]) -> None:
        self.notify(text, title=title, severity=severity, markup=False)
