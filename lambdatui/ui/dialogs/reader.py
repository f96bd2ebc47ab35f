"""Shows a text that is too long for a toast: an error with its detail and hint, a log event, the keys."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from lambdatui.ui.dialogs.scrolling import ScrollingDialog


class Reader(ScrollingDialog):
    """A scrolling text under a title; any of esc, q and enter closes it."""

    DEFAULT_CSS = "Reader Static { width: 100%; height: auto; }"
    BINDINGS = [Binding("escape,q,enter,question_mark,f1", "dismiss", "Close", id="reader.close")]

    @staticmethod
    def columns(screen_columns: int) -> int:
        """How long its lines are: without the frame, the air beside it and the scrollbar."""
        return min(84, screen_columns * 96 // 100) - 5

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with VerticalScroll() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content("esc closes")
            yield Static(self._text)
