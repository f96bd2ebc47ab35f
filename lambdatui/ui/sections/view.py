"""A tab over a store of a function's parts: reads when it is looked at, follows what is under way, makes one change."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Generic, Literal, Protocol, TypeVar, assert_never

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from lambdatui.core.errors import Conflict, MayHaveRun, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.ownership import owner_of
from lambdatui.core.reading import Made
from lambdatui.core.target import Backend, Target
from lambdatui.ui.dialogs.typed import name_is_typed
from lambdatui.ui.sections.line import TypedLine
from lambdatui.ui.sections.list import SectionList
from lambdatui.ui.sections.rows import Line
from lambdatui.ui.sections.state import Absent, Failed, Nothing, Reading, Shown, State


class Settling(Protocol):
    """What was read, and whether AWS is done with it."""

    @property
    def settled(self) -> bool:
        """Whether there is nothing to wait for."""
        ...


Read = TypeVar("Read", bound=Settling)
Edit = TypeVar("Edit")


class Store(Protocol[Read, Edit]):
    """What `VersionStore` and `TriggerStore` have in common; see there."""

    async def read(self, function_name: str) -> Read:
        """Everything of one function."""
        ...

    async def apply(self, function_name: str, edit: Edit) -> Made[Edit]:
        """Make one change."""
        ...

    def watch(self, read: Read) -> AsyncIterator[Read]:
        """What was read, as it goes on."""
        ...


class StoreView(Vertical, Generic[Read, Edit]):
    """Owns what was read of the selected function, the change in flight, and the undo.

    Reads nothing while it is hidden. Shows the server's answer, never a hope. A subclass draws what was read, and
    says what the keys do.
    """

    DEFAULT_CSS = """
    StoreView { height: 1fr; }
    StoreView > .note { height: auto; padding: 0 1; color: $text-muted; display: none; }
    StoreView.-noted > .note { display: block; }
    StoreView > .more { dock: bottom; height: auto; max-height: 25%; padding: 0 1; color: $text-muted; display: none; }
    StoreView.-more > .more { display: block; }
    """
    WHAT: ClassVar[str] = ""
    ABSENT: ClassVar[str] = ""
    OWN: ClassVar[Sequence[Binding]] = ()
    """The bindings of the subclass: what is hidden where the target has no such thing."""

    @dataclass
    class Applied(Message):
        """A change was made, or taken back."""

        function_name: str
        told: str
        undone: bool

    @dataclass
    class Copied(Message):
        """A text is for the clipboard."""

        text: str

    function: reactive[FunctionSummary | None] = reactive(None)
    state: reactive[State[Read]] = reactive(Nothing(), always_update=True)

    def __init__(self, backend: Callable[[], Awaitable[Backend]], target: Target) -> None:
        super().__init__()
        self._backend = backend
        self._target = target
        # Held, not looked up: an answer may come while the view is being taken down.
        self.list = SectionList()
        self._line: TypedLine[Edit] = TypedLine()
        self._note = Static("", classes="note", markup=False)
        self._more = Static("", classes="more", markup=False)
        self._looked_at = False
        self._sending = False
        self._owner: str | None = None
        self._undo: dict[str, list[Edit]] = {}

    def compose(self) -> ComposeResult:
        """The note of a state, the sections, more of the row under the cursor, the line to change one."""
        yield self._note
        yield self.list
        yield self._more
        yield self._line

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

    @abstractmethod
    def told(self, edit: Edit) -> str:
        """A change in a line."""

    async def allowed(self, edit: Edit) -> bool:
        """Whether the change is really meant. A subclass asks besides where it is hard to take back."""
        if not self._target.production or self.function is None:
            return True
        return await self.typed(self.function.name, f"Production: {self.told(edit)}")

    async def typed(self, word: str, title: str) -> bool:
        """Ask for `word` to be typed: what must not happen by habit."""
        return await name_is_typed(self.app, word, title)

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed here."""
        return self._target.read_only

    @property
    def shown(self) -> Read | None:
        """What stands on the screen."""
        return self.state.read if isinstance(self.state, Shown) else None

    @property
    def can_change(self) -> bool:
        """Whether there is something, and it may be changed."""
        return self.shown is not None and not self.read_only and not self._sending

    @property
    def can_undo(self) -> bool:
        """Whether a change of the selected function can be taken back."""
        return bool(self.function and self._undo.get(self.function.name)) and self.can_change

    @property
    def watching(self) -> bool:
        """Whether something under way is looked at."""
        return isinstance(self.state, Shown) and bool(self.state.under_way)

    @property
    def caution(self) -> str:
        """What whoever changes something should know: who else owns it."""
        return f"{self._owner} owns this function: its next deployment may undo it" if self._owner else ""

    @property
    def caution_sentence(self) -> str:
        """See `caution`."""
        return f"{self.caution[:1].upper()}{self.caution[1:]}." if self.caution else ""

    def on_show(self) -> None:
        """Read what was not looked at yet; go on with what is under way."""
        self._looked_at = True
        if self.shown is None:
            self.reload()
        else:
            self._follow()

    def try_again(self) -> None:
        """Read what could not be read."""
        if isinstance(self.state, Failed) or (isinstance(self.state, Shown) and self.state.stale):
            self.reload()

    def on_hide(self) -> None:
        """Nobody looks: ask AWS nothing."""
        self._looked_at = False
        self.workers.cancel_group(self, "follow")

    def watch_function(self, old: FunctionSummary | None, new: FunctionSummary | None) -> None:
        """Another function: read it when it is looked at; what was being typed for the other is closed."""
        if not self.is_mounted or (old and new and old.name == new.name):
            return
        self._line.close()
        for group in ("read", "follow", "owner"):
            self.workers.cancel_group(self, group)
        self._owner = None
        self.state = Nothing()
        if self._looked_at:
            self.reload()

    def watch_state(self, state: State[Read]) -> None:
        """Draw."""
        if not self.is_mounted:
            return
        match state:
            case Nothing():
                self._tell("" if self.function else "Select a function.")
            case Reading(name):
                self._tell(f"Reading {self.WHAT} of {name} …")
            case Absent(why):
                self._tell(why)
            case Failed(_, error):
                rest = [part for part in (error.detail, error.hint, "r reads again") if part]
                self._tell(Content.assemble((error.title, "bold $error"), "\n", "\n".join(rest)))
            case Shown(_, read, under_way, stale):
                self.list.lines = self.lines_of(read)
                self._line.judge()
                self._tell(under_way or Content.styled(stale, "$warning"))
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
            return
        name = function.name
        self.workers.cancel_group(self, "follow")
        if self.shown is None:
            self.state = Reading(name)
        try:
            backend = await self._backend()
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
        self._find_owner(backend, name)

    @work(group="owner", exclusive=True)
    async def _find_owner(self, backend: Backend, name: str) -> None:
        if self._owner is not None or self.read_only:
            return
        try:
            self._owner = owner_of((await backend.catalogue.detail(name)).tags)
        except WorkbenchError:
            self._owner = ""  # not known: what may not be read is told by the list
        self._line.judge()

    @work(group="follow", exclusive=True)
    async def _follow(self) -> None:
        """Look at what is under way until it has ended, nobody looks, or `x`."""
        state = self.state
        if not isinstance(state, Shown) or state.read.settled:
            return
        before = state.read
        self.state = replace(state, under_way=self._under_way(before))
        try:
            store = self.store_of(await self._backend())
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do is hidden, and everything on a target that has no such thing."""
        if isinstance(self.state, Absent) and action in {one.action.partition("(")[0] for one in self.OWN}:
            return False
        if action == "stop":
            return self.watching
        if action == "undo":
            return self.can_undo
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """Stop looking at what is under way."""
        self.workers.cancel_group(self, "follow")
        if isinstance(self.state, Shown):
            self.state = replace(self.state, under_way="")
            self.toast("Not looking any more. AWS goes on with it; r reads again.", severity="information")

    # -- changing ----------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last change of the selected function back."""
        read = self.shown
        if self.function and read is not None and self.can_undo:
            self.change(self.rebased(self._undo[self.function.name][-1], read), undoing=True)

    def rebased(self, edit: Edit, read: Read) -> Edit:
        """`edit` on what stands now, where that differs by nothing but its revision."""
        del read
        return edit

    def action_undo(self) -> None:
        """See `undo`."""
        self.undo()

    @work(group="apply")
    async def change(self, edit: Edit, *, undoing: bool = False) -> None:
        """Make a change whose difference was seen: asks where it must, sends it once, shows what AWS says then."""
        function = self.function
        if function is None or self._sending or not await self.allowed(edit):
            return
        name = function.name
        self._sending = True
        self._tell(f"◐ Sending: {self.told(edit)} …")
        try:
            store = self.store_of(await self._backend())
            if store is None:
                return
            made = await store.apply(name, edit)
        except Conflict as error:
            both = [f"yours: {error.mine}", f"now: {error.theirs}"] if error.mine or error.theirs else []
            self.toast("\n".join(filter(None, [error.detail, *both, error.hint])), title=error.title, severity="error")
            self._again(name)
            return
        except MayHaveRun as error:
            self.toast(f"{error.detail}\nIt is read again.", title="Sent, and its answer was lost", severity="error")
            self._again(name)
            return
        except WorkbenchError as error:
            self.toast("\n".join(filter(None, [error.detail, error.hint])), title=error.title, severity="error")
            self._tell("")
            return
        finally:
            self._sending = False
            self.refresh_bindings()
        self._remember(name, made, undoing=undoing)
        if self.function and self.function.name == name and self._line.is_open:
            self._line.close()
            self.list.focus()
        self.post_message(self.Applied(name, made.told, undoing))
        self._again(name)

    def _remember(self, name: str, made: Made[Edit], *, undoing: bool) -> None:
        done = self._undo.setdefault(name, [])
        if undoing:
            done.pop()
        elif made.inverse is not None:
            done.append(made.inverse)

    def _again(self, name: str) -> None:
        if self.function and self.function.name == name:
            self.reload()

    @on(TypedLine.Submitted)
    def _submitted(self, event: TypedLine.Submitted) -> None:
        event.stop()
        edit: Edit = event.edit  # type: ignore[assignment]  # the line's edits are those that it was given a judge for
        self.change(edit)

    @on(TypedLine.Cancelled)
    def _cancelled(self, event: TypedLine.Cancelled) -> None:
        event.stop()
        self.list.focus()

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

    def _tell(self, text: str | Content) -> None:
        content = Content(text) if isinstance(text, str) else text
        self._note.update(content)
        self.set_class(bool(content), "-noted")
