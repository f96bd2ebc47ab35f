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

from lambdatui.core.log_query import Case
from lambdatui.core.remembered import filters_with
from lambdatui.ui.field import Field


class FilterBar(Horizontal):
    """Takes a filter as it is typed, recalls those before it, and says what came of it. Searches nothing itself.

    `history` holds the filters that were used, the newest first.
    """

    DEFAULT_CSS = """
    FilterBar {
        height: auto; width: 1fr;
        display: none;
        background: $panel;
        &.-open { display: block; }
        & > #sign { width: 2; height: 1; color: $accent; text-style: bold; }
        & > Input, & > Input.-textual-compact { width: 1fr; padding: 0; background: transparent; color: $foreground; }
        & > #found { width: auto; max-width: 60%; height: auto; padding: 0 1; color: $text-muted; }
        &.-invalid > #found { color: $error; }
    }
    """
    BINDINGS = [
        Binding("escape", "clear", "Clear filter", id="logs.filter_clear", tooltip="Show every line again"),
        Binding("up", "older", "Filter before", id="logs.filter_older", show=False, tooltip="The filter before"),
        Binding("down", "newer", "To the lines", id="logs.filter_keep", show=False, tooltip="The next, or the lines"),
        Binding("alt+c", "case", "Case", id="logs.filter_case", tooltip="Small letters find: both, their own, any"),
        Binding(
            "f2", "show_all", "All lines", id="logs.filter_all", tooltip="Hide what does not match, or only mark it"
        ),
    ]

    @dataclass
    class Changed(Message):
        """Something else is typed now, "" for no filter; or the case means something else."""

        text: str
        case: Case

    @dataclass
    class Used(Message):
        """A filter was typed to its end: it is worth remembering."""

        text: str

    @dataclass
    class Left(Message):
        """The reader goes back to the lines; the filter stays as it is."""

    @dataclass
    class HidingToggled(Message):
        """What does not match is to be hidden, or to show again."""

    case = Case.SMART
    _said = ("", False)

    def __init__(self) -> None:
        super().__init__()
        self.history: tuple[str, ...] = ()
        self._back = 0

    def compose(self) -> ComposeResult:
        """A sign, the input, what was found."""
        yield Static("/", id="sign")
        yield Field(placeholder="text  /regex/  !without  level=error  request=ID  field=value")
        yield Static("", id="found")

    def open(self) -> None:
        """Show the bar and type into it."""
        self.add_class("-open")
        self._back = 0
        self.query_one(Input).focus()

    @property
    def opened(self) -> bool:
        """Whether the bar shows: while it is typed into, and as long as a filter holds."""
        return self.has_class("-open")

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
        self._remember()
        self.query_one(Input).value = ""
        self.remove_class("-open")
        self.post_message(self.Left())

    def action_keep(self) -> None:
        """Back to the lines; an empty filter goes away."""
        self._remember()
        if not self.text.strip():
            self.remove_class("-open")
        self.post_message(self.Left())

    def action_older(self) -> None:
        """The filter that was used before."""
        self._recall(self._back + 1)

    def action_newer(self) -> None:
        """The one after it; after the last one, the lines."""
        if self._back:
            self._recall(self._back - 1)
        else:
            self.action_keep()

    def action_case(self) -> None:
        """Let capitals count, or not."""
        cases = list(Case)
        self.case = cases[(cases.index(self.case) + 1) % len(cases)]
        self.post_message(self.Changed(self.text, self.case))

    def action_show_all(self) -> None:
        """Hide what does not match, or only mark what does."""
        self.post_message(self.HidingToggled())

    def _remember(self) -> None:
        if self.text.strip():
            self.history = filters_with(self.text, self.history)
            self.post_message(self.Used(self.text))
        self._back = 0

    def _recall(self, back: int) -> None:
        if back == 1 and self._back == 0 and self.text.strip():
            self.history = filters_with(self.text, self.history)  # what is being typed can be come back to
            back = 2 if self.history[:1] == (self.text,) else 1
        if 0 <= back <= len(self.history):
            self._back = back
            field = self.query_one(Input)
            field.value = self.history[back - 1] if back else ""
            field.cursor_position = len(field.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value, self.case))

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()
