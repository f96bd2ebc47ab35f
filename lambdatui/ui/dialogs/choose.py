"""A list that narrows as one types, to choose one row of: the palette, the history, the events are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lambdatui.core.fuzzy import FuzzyFilter, matched_positions
from lambdatui.core.text import clean
from lambdatui.ui.field import Field

_COLUMNS = 92
_TEXT_COLUMNS = 32


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `text` is searched, `note` explains it, `side` stands at the right end.

    `tone` colours `mark`, or where there is none `side`; `also` is searched, and not shown.
    """

    text: str
    note: str = ""
    side: str = ""
    mark: str = ""
    tone: str = "$accent"
    also: str = ""


class Choose(ModalScreen[int | None]):
    """Answers with the index of the chosen row, or None. Knows nothing of what the rows stand for."""

    DEFAULT_CSS = """
    Choose {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 92; max-width: 96%; height: auto; max-height: 80%;
            border: round $accent; background: $surface;
            border-subtitle-color: $text-muted;
        }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $boost; background-tint: transparent; }
        & OptionList, & OptionList:focus {
            width: 1fr; height: auto; max-height: 100%; border: none; padding: 0; background: $surface;
            scrollbar-size-vertical: 1;
        }
        & Static { display: none; padding: 0 1; }
        &.-none Static { display: block; }
        &.-none OptionList { display: none; }
    }
    """  # noqa: E501

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="choose.cancel", tooltip="Choose nothing"),
        Binding("down", "move('cursor_down')", "Down", show=False),
        Binding("up", "move('cursor_up')", "Up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, keys: str, empty: str, start: int = 0) -> None:
        """`keys` tells the keys below; `empty` what to do when there is no row at all. The cursor begins at `start`."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._texts = [" ".join(clean(choice.text).split()) for choice in choices]
        self._notes = [" ".join(clean(choice.note).split()) for choice in choices]
        # The notes stand below each other, unless one long text would push them away.
        self._column = max((cell_len(text) for text in self._texts if cell_len(text) <= _TEXT_COLUMNS), default=0)
        self._searched = [
            " ".join((text, *choice.also.split())) for text, choice in zip(self._texts, choices, strict=True)
        ]
        self._filter = FuzzyFilter(self._searched)
        self._start = start
        self._keys = keys
        self._empty = empty
        self._query = ""
        self._shown: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """The filter above the list."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(self._keys)
            yield Field(placeholder="filter")
            yield from self.below()

    def below(self) -> Iterable[Widget]:
        """What stands below the filter: the list, and what is told where it is empty."""
        yield OptionList(markup=False)
        yield Static("", markup=False)

    @property
    def row_width(self) -> int:
        """The cells of a row: without two of frame, one of scrollbar, one of air."""
        return min(_COLUMNS, self.size.width * 96 // 100) - 4

    def on_mount(self) -> None:
        """The keys are the filter's; the list follows."""
        self.query_one(OptionList).can_focus = False
        self._fill("", self._start)

    def on_resize(self) -> None:
        """The rows fit the width."""
        self._fill(self._query, self.query_one(OptionList).highlighted or 0)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and self._shown:
            self.dismiss(self._shown[highlighted])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index])

    def action_move(self, action: str) -> None:
        """Move in the list while the keys are in the filter."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def _fill(self, query: str, at: int = 0) -> None:
        self._query = query
        self._shown = self._filter.search(query)
        self.set_class(not self._shown, "-none")
        options = self.query_one(OptionList)
        options.clear_options()
        width = self.row_width
        options.add_options([Option(self._row(index, query, width)) for index in self._shown])
        if self._shown:
            options.highlighted = at
        else:
            none = f"Nothing matches “{query}”." if self._choices else self._empty
            self.query_one(Static).update(Content.styled(none, "$text-muted"))

    def _row(self, index: int, query: str, width: int) -> Content:
        choice, text = self._choices[index], self._texts[index]
        label = Content(text)
        for position in matched_positions(self._searched[index], query):
            label = label.stylize("$text-accent bold", position, position + 1)
        if choice.mark:
            label = Content.assemble((f"{choice.mark} ", choice.tone), label)
        left = Content.assemble(" ", label)
        if note := self._notes[index]:
            left = Content.assemble(left, " " * (self._column - cell_len(text)), (f"  {note}", "$text-muted"))
        ink = "$text-muted" if choice.mark else choice.tone
        side = Content.styled(f" {choice.side} ", ink) if choice.side else Content(" ")
        return Content.assemble(left.truncate(max(width - side.cell_length, 1), ellipsis=True, pad=True), side)
