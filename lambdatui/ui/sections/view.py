"""The changing half of a tab made of sections: one change at a time, guarded, and taken back with `u`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from lambdatui.core.errors import Conflict, MayHaveRun, WorkbenchError
from lambdatui.core.ownership import owner_of
from lambdatui.core.reading import Made
from lambdatui.core.target import Backend, Target
from lambdatui.ui.dialogs.typed import name_is_typed
from lambdatui.ui.sections.line import TypedLine
from lambdatui.ui.sections.list import SectionList
from lambdatui.ui.sections.reading import ReadingView
from lambdatui.ui.sections.store import Edit, Read


class StoreView(ReadingView[Read, Edit]):
    """Owns the change in flight, and the undo of each function. Shows the server's answer, never a hope.

    A subclass says what the keys do.
    """

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

    def __init__(self, backend: Callable[[], Awaitable[Backend]], target: Target) -> None:
        super().__init__(backend, target)
        self.line: TypedLine[Edit] = TypedLine()
        self._sending = False
        self.unfinished: tuple[str, ...] = ()
        """The change that was sent, and whose end is not known."""
        self._owner: str | None = None
        self._undo: dict[str, list[Edit]] = {}

    def compose(self) -> ComposeResult:
        """What is read, and the line to change one thing of it."""
        yield from super().compose()
        yield self.line

    # -- what a subclass says ----------------------------------------------------------------------------------------

    @abstractmethod
    def told(self, edit: Edit) -> str:
        """A change in a line."""

    async def allowed(self, edit: Edit) -> bool:
        """Whether the change is really meant. A subclass asks besides where it is hard to take back."""
        if not self.target.production or self.function is None:
            return True
        return await self.typed(self.function.name, f"Production: {self.told(edit)}")

    async def typed(self, word: str, title: str) -> bool:
        """Ask for `word` to be typed: what must not happen by habit."""
        return await name_is_typed(self.app, word, title)

    def rebased(self, edit: Edit, read: Read) -> Edit:
        """`edit` on what stands now, where that differs by nothing but its revision."""
        del read
        return edit

    # -- public ------------------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Whether nothing may be changed here."""
        return self.target.read_only

    @property
    def can_change(self) -> bool:
        """Whether there is something, and it may be changed."""
        return self.shown is not None and not self.read_only and not self._sending

    @property
    def coming(self) -> bool:
        """What is being sent is waited for, too."""
        return self._sending or super().coming

    @property
    def can_undo(self) -> bool:
        """Whether a change of the selected function can be taken back."""
        return bool(self.function and self._undo.get(self.function.name)) and self.can_change

    @property
    def caution(self) -> str:
        """What whoever changes something should know: who else owns it."""
        return f"{self._owner} owns this function: its next deployment may undo it" if self._owner else ""

    @property
    def caution_sentence(self) -> str:
        """See `caution`."""
        return f"{self.caution[:1].upper()}{self.caution[1:]}." if self.caution else ""

    def forget(self) -> None:
        """What was being typed for the other function is closed."""
        self.line.close()
        self.workers.cancel_group(self, "owner")
        self._owner = None

    def was_read(self, backend: Backend, function_name: str) -> None:
        """See who else changes it."""
        self._find_owner(backend, function_name)

    def was_drawn(self) -> None:
        """The difference begins at what stands now."""
        self.line.judge()

    def looks_at(self, name: str) -> bool:
        """Whether the function `name` is the selected one."""
        return self.function is not None and self.function.name == name

    def undo(self) -> None:
        """Take the last change of the selected function back."""
        read = self.shown
        if self.function and read is not None and self.can_undo:
            self.change(self.rebased(self._undo[self.function.name][-1], read), undoing=True)

    def action_undo(self) -> None:
        """See `undo`."""
        self.undo()

    def change(self, edit: Edit, *, undoing: bool = False) -> None:
        """Make a change whose difference was seen: asks where it must, sends it once, shows what AWS says then."""
        if self.function is not None:
            self._change(self.function.name, edit, undoing=undoing)

    @work(group="apply")
    async def _change(self, name: str, edit: Edit, *, undoing: bool) -> None:
        # Another function may be selected by the time that this begins: the difference was that of the first.
        if not self.looks_at(name) or self._sending or not await self.allowed(edit):
            return
        self._sending = True
        self.unfinished = (f"{name}: {self.told(edit)}",)
        self.tell(f"◐ Sending: {self.told(edit)} …")
        try:
            store = self.store_of(await self.backend())
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
            self.toast(error.more, title=error.title, severity="error")
            self.watch_state(self.state)
            return
        finally:
            self._sending = False
            self.unfinished = ()
            self.refresh_bindings()
        self._remember(name, made, undoing=undoing)
        if self.looks_at(name) and self.line.is_open:
            self.line.close()
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
        if self.looks_at(name):
            self.reload()

    @abstractmethod
    def action_edit(self) -> None:
        """Change what is under the cursor, or go where that can be done."""

    @on(SectionList.Opened)
    def _opened(self, event: SectionList.Opened) -> None:
        event.stop()
        self.action_edit()

    @on(TypedLine.Submitted)
    def _submitted(self, event: TypedLine.Submitted) -> None:
        event.stop()
        if not self.line.is_open:
            return  # closed since: it was typed for a function that is not selected any more
        edit: Edit = event.edit  # type: ignore[assignment]  # the line's edits are those that it was given a judge for
        self.change(edit)

    @on(TypedLine.Cancelled)
    def _cancelled(self, event: TypedLine.Cancelled) -> None:
        event.stop()
        self.list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Undo is there when there is something to take back."""
        return self.can_undo if action == "undo" else super().check_action(action, parameters)

    @work(group="owner", exclusive=True)
    async def _find_owner(self, backend: Backend, name: str) -> None:
        if self._owner is not None or self.read_only:
            return
        try:
            self._owner = owner_of((await backend.catalogue.detail(name)).tags)
        except WorkbenchError:
            self._owner = ""  # not known: what may not be read is told by the list
        self.line.judge()
