"""The line in which a filter for log lines is typed."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class FilterBar(Horizontal):
    """Takes a filter as it is typed, and says what came of it. Searches nothing itself."""

    DEFAULT_CSS = """
    FilterBar {
        height: 1; width: 1fr;
        display: none;
        background: $panel;
        &.-open { display: block; }
        & > #sign { width: 2; color: $accent; text-style: bold; }
        & > Input { width: 1fr; background: transparent; color: $foreground; }
        & > #found { width: auto; max-width: 60%; padding: 0 1; color: $text-muted; }
        &.-invalid > #found { color: $error; }
    }
    """
    BINDINGS = [
        Binding("escape", "clear", "Clear filter", id="logs.filter_clear", tooltip="Show every line again"),
        Binding("down", "keep", "To the lines", id="logs.filter_keep", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Something else is typed now, "" for no filter."""

        text: str

    @dataclass
    class Left(Message):
        """The reader goes back to the lines; the filter stays as it is."""

    _said = ("", False)

    def compose(self) -> ComposeResult:
        """A sign, the input, what was found."""
        yield Static("/", id="sign")
        yield Input(placeholder="text, or /regular expression/", compact=True)
        yield Static("", id="found")

    def open(self) -> None:
        """Show the bar and type into it."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def say(self, text: str, *, invalid: bool = False) -> None:
        """Tell what the filter found, or why it is none."""
        if (text, invalid) == self._said:
            return
        self._said = (text, invalid)
        self.set_class(invalid, "-invalid")
        self.query_one("#found", Static).update(Content(text))

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def action_clear(self) -> None:
        """No filter, and away."""
        self.query_one(Input).value = ""
        self.remove_class("-open")
        self.post_message(self.Left())

    def action_keep(self) -> None:
        """Back to the lines; an empty filter goes away."""
        if not self.text.strip():
            self.remove_class("-open")
        self.post_message(self.Left())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()
