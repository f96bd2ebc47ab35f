"""The reading half of a tab made of sections: reads when it is looked at, and follows what is under way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Generic, Literal, assert_never

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.target import Backend, Target
from lambdatui.ui.sections.list import SectionList
from lambdatui.ui.sections.rows import Line
from lambdatui.ui.sections.state import Absent, Failed, Nothing, Reading, Shown, State
from lambdatui.ui.sections.store import Edit, Read, Store


class ReadingView(Vertical, Generic[Read, Edit]):
    """Owns what was read of the selected function. Reads nothing while it is hidden; changes nothing.

    A subclass says what is read and how it is drawn.
    """

    DEFAULT_CSS = """
    ReadingView { height: 1fr; }
    ReadingView > .note { height: auto; padding: 0 1; color: $text-muted; display: none; }
    ReadingView.-noted > .note { display: block; }
    ReadingView > .more {
        dock: bottom; height: auto; max-height: 25%; padding: 0 1; color: $text-muted; display: none;
    }
    ReadingView.-more > .more { display: block; }
    """
    WHAT: ClassVar[str] = ""
    ABSENT: ClassVar[str] = ""
    OWN: ClassVar[Sequence[Binding]] = ()
    """The bindings of the subclass: what is hidden where the target has no such thing."""

    function: reactive[FunctionSummary | None] = reactive(None)
    state: reactive[State[Read]] = reactive(Nothing(), always_update=True)

    def __init__(self, backend: Callable[[], Awaitable[Backend]], target: Target) -> None:
        super().__init__()
        self.backend = backend
        self.target = target
        # Held, not looked up: an answer may come while the view is being taken down.
        self.list = SectionList()
        self._note = Static("", classes="note", markup=False)
        self._more = Static("", classes="more", markup=False)
        self._looked_at = False

    def compose(self) -> ComposeResult:
        """The note of a state, the sections, more of the row under the cursor."""
        yield self._note
        yield self.list
        yield self._more

    # -- what a subclass says ----------------------------------------------------------------------------------------

    @abstractmethod
    def store_of(self, backend: Backend) -> Store[Read, Edit] | None:
        """The store behind the tab, None on a target without one."""

    @abstractmethod
    def lines_of(self, read: Read) -> tuple[Line, ...]:
        """What was read, as lines."""

    @abstractmethod
    def under_way(self, read: Read) -> str:
        """What AWS is doing, in a line; asked while it is not settled."""

    @abstractmethod
    def ended(self, before: Read, after: Read) -> None:
        """Tell what came of what was under way."""

    def forget(self) -> None:
        """Another function is selected: what belongs to the last one ends."""

    def was_read(self, backend: Backend, function_name: str) -> None:
        """It was read, and drawn."""

    def was_drawn(self) -> None:
        """What stands on the screen is new."""

    # -- public ------------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> Read | None:
        """What stands on the screen."""
        return self.state.read if isinstance(self.state, Shown) else None

    @property
    def watching(self) -> bool:
        """Whether something under way is looked at."""
        return isinstance(self.state, Shown) and bool(self.state.under_way)

    @property
    def coming(self) -> bool:
        """Whether what the keys need will be there by itself."""
        return isinstance(self.state, Reading) or (isinstance(self.state, Nothing) and self.function is not None)

    def turn_of(self, key: str) -> bool | None:
        """A dimmed key of the tab waits for what is being read, and is never taken for one of the whole screen."""
        active = self.screen.active_bindings.get(key)
        if active is None or active.node is not self or active.enabled:
            return True
        return None if self.coming and not self.target.read_only else False

    def on_mount(self) -> None:
        """It is made when it is looked at: the first layout may be over before it hears of it."""
        if self.display:
            self._look()

    def on_show(self) -> None:
        """It is looked at again."""
        self._look()

    def try_again(self) -> None:
        """Read what could not be read."""
        if isinstance(self.state, Failed) or (isinstance(self.state, Shown) and self.state.stale):
            self.reload()

    def on_hide(self) -> None:
        """Nobody looks: ask AWS nothing."""
        self._looked_at = False
        self.workers.cancel_group(self, "follow")

    def _look(self) -> None:
        """Read what was not read yet; go on with what is under way."""
        self._looked_at = True
        if isinstance(self.state, Shown):
            self._follow()
        elif not isinstance(self.state, Reading):
            self.reload()

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: read it when it is looked at; what was being typed for the other is closed."""
        if not self.is_mounted or (old and new and old.name == new.name):
            return
        for group in ("read", "follow"):
            self.workers.cancel_group(self, group)
        self.forget()
        self.state = Nothing()
        if self._looked_at:
            self.reload()

    def watch_state(self, state: State[Read]) -> None:
        """Draw."""
        if not self.is_mounted:
            return
        match state:
            case Nothing():
                self.tell("" if self.function else "Select a function.")
            case Reading(name):
                self.tell(f"Reading {self.WHAT} of {name} …")
            case Absent(why):
                self.tell(why)
            case Failed(_, error):
                rest = [part for part in (error.detail, error.hint, "r reads again") if part]
                self.tell(Content.assemble((error.title, "bold $error"), "\n", "\n".join(rest)))
            case Shown(_, read, under_way, stale):
                self.list.lines = self.lines_of(read)
                self.was_drawn()
                self.tell(under_way or Content.styled(stale, "$warning"))
            case _:
                assert_never(state)
        if not isinstance(state, Shown):
            self.list.lines = ()
        self.refresh_bindings()

    @work(group="read", exclusive=True)
    async def reload(self) -> None:
        """Read the selected function again; what stands on the screen stays until the answer is there."""
        function = self.function
        if function is None:
            self.watch_state(self.state)
            return
        name = function.name
        self.workers.cancel_group(self, "follow")
        if self.shown is None:
            self.state = Reading(name)
        try:
            backend = await self.backend()
            store = self.store_of(backend)
            if store is None:
                self.state = Absent(self.ABSENT)
                return
            read = await store.read(name)
        except WorkbenchError as error:
            shown = self.shown
            old = f"{error.title} · this was read before · r reads again"
            self.state = Failed(name, error) if shown is None else Shown(name, shown, stale=old)
            return
        self.state = Shown(name, read)
        self._follow()
        self.was_read(backend, name)

    @work(group="follow", exclusive=True)
    async def _follow(self) -> None:
        """Look at what is under way until it has ended, nobody looks, or `x`."""
        state = self.state
        if not isinstance(state, Shown) or state.read.settled:
            return
        before = state.read
        self.state = replace(state, under_way=self._under_way(before))
        try:
            store = self.store_of(await self.backend())
            if store is None:
                return
            async for read in store.watch(before):
                if read == before:
                    continue
                self.state = Shown(state.function_name, read, "" if read.settled else self._under_way(read))
                self.ended(before, read)
                before = read
        except WorkbenchError as error:
            self.state = replace(state, read=before, under_way="")
            self.toast("Looking at it failed; AWS goes on. r reads again.", title=error.title, severity="warning")

    def _under_way(self, read: Read) -> str:
        return f"◐ {self.under_way(read)}  x stops looking: AWS goes on"

    def action_reload(self) -> None:
        """Read it again."""
        self.reload()

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.list.move(step)

    def action_page(self, step: int) -> None:
        """Move by a page."""
        self.list.action_page(step)

    def action_edge(self, step: int) -> None:
        """Go to the first row or to the last."""
        self.list.action_edge(step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do is hidden, and everything on a target that has no such thing."""
        if isinstance(self.state, Absent) and action in {one.action.partition("(")[0] for one in self.OWN}:
            return False
        if action == "stop":
            return self.watching
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop looking at what is under way."""
        self.workers.cancel_group(self, "follow")
        if isinstance(self.state, Shown):
            self.state = replace(self.state, under_way="")
            self.toast("Not looking any more. AWS goes on with it; r reads again.", severity="information")

    @on(SectionList.Moved)
    def _moved(self, event: SectionList.Moved) -> None:
        event.stop()
        self._more.update(Content(self.list.more))
        self.set_class(bool(self.list.more), "-more")
        self.refresh_bindings()

    def toast(
        self, text: str, *, title: str = "", severity: Literal["information", "warning", "error"] = "information"
    ) -> None:
        """Say something in passing."""
        self.notify(text, title=title, severity=severity, markup=False)

    def tell(self, text: str | Content) -> None:
        """Write the note above the sections."""
        content = Content(text) if isinstance(text, str) else text
        self._note.update(content)
        self.set_class(bool(content), "-noted")
