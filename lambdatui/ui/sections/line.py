"""The line in which a change is typed: its difference and its problem are shown as one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from lambdatui.core.errors import InvalidInput
from lambdatui.ui.field import Field

Edit = TypeVar("Edit")


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing would change; `hint` says what may be typed."""

    hint: str


@dataclass(frozen=True, slots=True)
class Proposed(Generic[Edit]):
    """What is typed means `edit`. `warning` is what speaks against it, "" when nothing."""

    edit: Edit
    old: str
    new: str
    warning: str = ""


Verdict: TypeAlias = Same | Proposed[Edit]
Judge: TypeAlias = Callable[[str], Verdict[Edit]]
"""What a typed text means. Raises InvalidInput when it can't be meant."""


class TypedInput(Field):
    """The input of a change, which says what Enter does."""

    BINDINGS = [Binding("enter", "submit", "Apply", id="line.apply", tooltip="Make the change that is shown")]


class TypedLine(Vertical, Generic[Edit]):
    """Owns the text that is typed. Sends nothing: says which change is meant."""

    DEFAULT_CSS = """
    TypedLine {
        dock: bottom; height: auto; display: none;
        border-top: solid $accent;
        padding: 0 1;
    }
    TypedLine.-open { display: block; }
    TypedLine Horizontal { height: 1; }
    TypedLine .label { width: auto; color: $foreground; text-style: bold; }
    TypedLine Input, TypedLine Input:focus { width: 1fr; border: none; height: 1; padding: 0 1;
        background: $boost; background-tint: transparent; }
    TypedLine .verdict { height: auto; min-height: 1; max-height: 2; width: 1fr; color: $text-muted; }
    """
    BINDINGS = [Binding("escape", "cancel", "Cancel", id="line.cancel", tooltip="Leave it as it is")]

    @dataclass
    class Submitted(Message):
        """The change is to be made; its difference was seen."""

        edit: object

    @dataclass
    class Cancelled(Message):
        """Nothing is to change."""

    def __init__(self) -> None:
        super().__init__()
        self._judge: Judge[Edit] | None = None
        # Held, not looked up: an answer may come while the line is being taken down.
        self._label = Static("", classes="label", markup=False)
        self._input = TypedInput()
        self._verdict = Static("", classes="verdict", markup=False)

    def compose(self) -> ComposeResult:
        """Label and input, the difference below."""
        with Horizontal():
            yield self._label
            yield self._input
        yield self._verdict

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self._judge is not None

    def open(self, label: str, text: str, placeholder: str, judge: Judge[Edit]) -> None:
        """Ask for a text that `judge` understands, beginning with `text`."""
        self._judge = judge
        self._label.update(f"{label} ")
        self._input.placeholder = placeholder
        self._input.value = text
        self._input.select_on_focus = True
        self.add_class("-open")
        self._input.focus()
        self.judge()

    def close(self) -> None:
        """Hide, and forget what was typed."""
        self._judge = None
        self.remove_class("-open")

    def judge(self) -> None:
        """Show what the text means by now."""
        self._verdict.update(self._shown())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.judge()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if self._judge is None:
            return
        try:
            verdict = self._judge(self._input.value)
        except InvalidInput:
            return  # the problem stands below the input
        if isinstance(verdict, Same):
            self.action_cancel()
        else:
            self.post_message(self.Submitted(verdict.edit))

    def action_cancel(self) -> None:
        """Close without a change."""
        self.close()
        self.post_message(self.Cancelled())

    def _shown(self) -> Content:
        if self._judge is None:
            return Content("")
        try:
            verdict = self._judge(self._input.value)
        except InvalidInput as error:
            return Content.assemble(("✗ ", "$error"), (error.title, "$error"), f"  {error.detail}")
        match verdict:
            case Same(hint):
                return Content(hint)
            case Proposed(old=old, new=new, warning=warning):
                note = (f"  ⚠ {warning}", "$warning") if warning else ("  enter applies · esc cancels", "$text-muted")
                return Content.assemble((old, "$error"), (" → ", "$text-muted"), (new, "bold $success"), note)
            case _:
                assert_never(verdict)
