"""Asks yes or no before something that is hard to take back."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Confirm(ModalScreen[bool]):
    """Answers True on `y`, False on `n` and escape. Enter does nothing: a habit must not confirm."""

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 70; max-width: 90%;
            height: auto;
            border: round $warning;
            background: $surface;
            padding: 0 1;
        }
        & Static { width: 100%; height: auto; }
    }
    """
    BINDINGS = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The question and its two keys."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            yield Static(self._text, markup=False)
            yield Static(Content.assemble(("\n y ", "bold $accent"), "yes  ", (" n ", "bold $accent"), "no"))

    def action_answer(self, answer: bool) -> None:
        """Close with the answer."""
        self.dismiss(answer)
