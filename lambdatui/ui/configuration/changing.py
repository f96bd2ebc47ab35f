"""Makes the changes of settings: asks what has to be asked, waits in sight, and takes them back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from textual import work
from textual.binding import Binding
from textual.containers import Vertical
from textual.reactive import reactive
from textual.worker import Worker

from lambdatui.core.configuration import Change, Configuration, Step, definition_of
from lambdatui.core.errors import Conflict, PartlyApplied, WorkbenchError
from lambdatui.core.functions import FunctionSummary, Reserved
from lambdatui.core.target import Backend, Target, TargetKind
from lambdatui.ui.configuration.state import Applying, needs_the_name, progress_text, stopped_text
from lambdatui.ui.dialogs.confirm import Confirm
from lambdatui.ui.dialogs.typed import name_is_typed

_TICK_S = 0.25


class ChangingView(Vertical):
    """Owns the changes on their way, one a function at most, and those that can be taken back.

    Reads and draws nothing: a subclass does, and hears how each change ended.
    """

    BINDINGS = [
        Binding("x,escape", "stop", "Stop waiting", id="configuration.stop", tooltip="Wait no longer for the change"),
    ]

    function: reactive[FunctionSummary | None] = reactive(None)

    def __init__(
        self, backend: Callable[[], Awaitable[Backend]], target: Target, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self.backend = backend
        self.target = target
        self.remote = target.kind is TargetKind.AWS
        self._clock = clock
        self._done: dict[str, list[Change]] = {}
        self._applying: dict[str, Applying] = {}
        self._workers: dict[str, Worker[None]] = {}

    # -- what a subclass says ----------------------------------------------------------------------------------------

    @abstractmethod
    def took_effect(self, name: str, change: Change, after: Configuration, *, undone: bool) -> None:
        """A change stands, and with it `after`."""

    @abstractmethod
    def was_refused(self, name: str, error: WorkbenchError | None) -> None:
        """A change did not come about: because of `error`, or because it was not confirmed."""

    @abstractmethod
    def was_left(self) -> None:
        """Nobody waits any more for a change of the selected function that was sent."""

    @abstractmethod
    def show_progress(self, text: str) -> None:
        """What is waited for, "" for nothing."""

    # -- what is on its way ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """The seconds of a wait are counted."""
        self.set_interval(_TICK_S, self.tell_progress)

    @property
    def can_undo(self) -> bool:
        """Whether a change of the selected function can be taken back."""
        return bool(self.function and self._done.get(self.function.name)) and not self.target.read_only

    @property
    def changing(self) -> Applying | None:
        """The change of the selected function that is on its way."""
        applying = self._applying.get(self.function.name) if self.function else None
        return applying if applying is not None and applying.meant else None

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The changes that were sent, and whose end is not known: whoever leaves now does not stop them."""
        sent = ((name, one.change) for name, one in self._applying.items() if one.meant and one.step.sent)
        return tuple(f"{name}: {change.show(masked=True)}" for name, change in sent)

    def looks_at(self, name: str) -> bool:
        """Whether the function `name` is the selected one."""
        return self.function is not None and self.function.name == name

    def undo(self) -> None:
        """Take the last change of the selected function back."""
        if self.function and self.can_undo:
            change = self._done[self.function.name][-1]
            self.change(self.function.name, change.inverse, undoing=True)

    def change(self, name: str, change: Change, *, ask: bool = False, undoing: bool = False) -> None:
        """Make a change, once it is confirmed where that is asked for; `ask` shows its difference first."""
        if name in self._applying:
            self.toast("A change of it is on its way: wait, or x stops waiting", title=name, severity="warning")
            return
        self._applying[name] = Applying(change, self._clock(), undoing=undoing)
        self._workers[name] = self._apply(name, ask)

    @work(group="configuration-apply")
    async def _apply(self, name: str, ask: bool) -> None:
        applying = self._applying[name]
        try:
            if not await self._meant(name, applying, ask):
                self.was_refused(name, None)
                return
            self._applying[name] = applying = replace(applying, began_at=self._clock(), meant=True)
            self.refresh_bindings()
            store = (await self.backend()).configuration
            before = await self.revision_of(name)
            after = await store.apply(name, (applying.change,), before, lambda step: self._heard(name, step))
        except WorkbenchError as error:
            self._failed(name, applying, error)
            return
        finally:
            self._applying.pop(name, None)
            self._workers.pop(name, None)
            self.tell_progress()
            self.refresh_bindings()
        made = after.outcome(applying.change)
        self._keep(name, applying, made)
        self.took_effect(name, made, after, undone=applying.undoing)
        self.refresh_bindings()

    @abstractmethod
    async def revision_of(self, name: str) -> str:
        """The revision that the settings of a function were read at."""

    async def _meant(self, name: str, applying: Applying, ask: bool) -> bool:
        """Ask what has to be asked before a change."""
        change, undoing = applying.change, applying.undoing
        production = self.target.production
        title = needs_the_name(name, change, remote=self.remote, production=production, undoing=undoing)
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
            self.tell_progress()

    def _failed(self, name: str, applying: Applying, error: WorkbenchError) -> None:
        lines = [error.detail, error.hint]
        if isinstance(error, Conflict) and error.mine:
            lines = [error.detail, f"yours: {error.mine}", f"now: {error.theirs}"]
        if isinstance(error, PartlyApplied) and applying.change.key in error.applied:
            self._keep(name, applying, applying.change)
        self.toast("\n".join(line for line in lines if line), title=error.title, severity="error")
        self.was_refused(name, error)

    def _keep(self, name: str, applying: Applying, made: Change) -> None:
        done = self._done.setdefault(name, [])
        if applying.undoing:
            done.pop()
        else:
            done.append(made)

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
        self.toast(stopped_text(applying), title=title, severity="warning")
        if applying.step.sent:
            self.was_left()

    def tell_progress(self) -> None:
        """Show where the change of the selected function is."""
        applying = self.changing
        self.show_progress(progress_text(applying, self._clock()) if applying else "")

    def toast(self, text: str, *, title: str = "", severity: Literal["warning", "error"]) -> None:
        """Say something in passing."""
        self.notify(text, title=title, severity=severity, markup=False)
