"""Asks for one line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from lambdatui.ui.field import Field


class Prompt(ModalScreen[str | None]):
    """Answers with the text, or None. `problem` says why a text can't be taken, "" when it can."""

    DEFAULT_CSS = """
    Prompt {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 70; max-width: 90%;
            height: auto;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1;
        background: $boost; background-tint: transparent; }
        & .problem { color: $error; height: auto; min-height: 1; }
        & .keys { color: $text-muted; height: 1; }
        & .about { color: $text-muted; height: auto; }
    }
    """
    BINDINGS = [Binding("escape", "dismiss", "Cancel", id="prompt.cancel")]

    def __init__(
        self,
        title: str,
        value: str = "",
        problem: Callable[[str], str] | None = None,
        keys: str = "",
        *,
        about: Content | None = None,
    ) -> None:
        """`about` stands above the line: what is asked for, and why the last answer was not taken."""
        super().__init__()
        self._title = title
        self._value = value
        self._problem = problem or (lambda text: "" if text.strip() else "Type something, or press esc")
        self._keys = keys or "enter ok · esc cancel"
        self._about = about

    def compose(self) -> ComposeResult:
        """One input with its problem below."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            if self._about is not None:
                yield Static(self._about, classes="about")
            yield Field(self._value)
            yield Static("", classes="problem", markup=False)
            yield Static(self._keys, classes="keys", markup=False)

    @on(Input.Changed)
    def _check(self, event: Input.Changed) -> None:
        self.query_one(".problem", Static).update(self._problem(event.value))

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if not self._problem(event.value):
            self.dismiss(event.value)
