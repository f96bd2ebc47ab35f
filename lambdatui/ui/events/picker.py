"""Opens an event: a list that narrows as one types, with a preview."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import EventEntry, EventStore
from lambdatui.core.fuzzy import FuzzyFilter, matched_positions
from lambdatui.core.json_text import spans
from lambdatui.core.text import clean
from lambdatui.ui.events.status import size_text
from lambdatui.ui.field import Field

_PREVIEW_LINES = 60
_INK = {"key": "$text-primary", "string": "$text-success", "number": "$text-warning", "word": "$text-warning"}


class EventPicker(ModalScreen[EventEntry | None]):
    """Answers with the event to open, or None. Reads events to preview them; opens none itself."""

    DEFAULT_CSS = """
    EventPicker {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 112; max-width: 96%; height: 80%;
            border: round $accent; background: $surface;
            border-subtitle-color: $text-muted;
        }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $boost; background-tint: transparent; }
        & OptionList, & OptionList:focus { width: 50; height: 1fr; border: none; padding: 0; background: $surface; }
        & Static { width: 1fr; height: 1fr; padding: 0 1; border-left: vkey $border-blurred; }
        &.-narrow OptionList { width: 1fr; }
        &.-narrow Static { display: none; }
    }
    """  # noqa: E501

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="picker.cancel", tooltip="Open nothing"),
        Binding("down", "move('down')", "Down", show=False),
        Binding("up", "move('up')", "Up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
    ]

    def __init__(self, store: EventStore, entries: tuple[EventEntry, ...], current_path: str = "") -> None:
        super().__init__()
        self._store = store
        self._entries = entries
        self._current_path = current_path
        self._names = [" ".join(clean(entry.name).split()) for entry in entries]
        self._texts = [f"{name} {entry.source.value}" for name, entry in zip(self._names, entries, strict=True)]
        self._filter = FuzzyFilter(self._texts)
        self._shown: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """The filter above the list; the preview beside it."""
        with Vertical() as box:
            box.border_title = Content("Open event")
            box.border_subtitle = Content("enter opens · esc cancels")
            yield Field(placeholder="filter")
            with Horizontal():
                yield OptionList(markup=False)
                yield Static("", markup=False)

    def on_mount(self) -> None:
        """Start on the event that is open."""
        self.query_one(OptionList).can_focus = False
        self._fill("")
        paths = [entry.path for entry in self._entries]
        if self._current_path in paths:
            self.query_one(OptionList).highlighted = paths.index(self._current_path)

    def on_resize(self) -> None:
        """Without room there is no preview."""
        self.set_class(self.size.width < 84, "-narrow")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _open(self) -> None:
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._entries[self._shown[highlighted]])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._entries[self._shown[event.option_index]])

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._preview(self._entries[self._shown[event.option_index]])

    def action_move(self, direction: str) -> None:
        """Move in the list while the keys are in the filter."""
        getattr(self.query_one(OptionList), f"action_{'cursor_' if direction in ('up', 'down') else ''}{direction}")()

    @work(group="picker.preview", exclusive=True)
    async def _preview(self, entry: EventEntry) -> None:
        try:
            text = (await self._store.load(entry)).text
        except WorkbenchError as error:
            self.query_one(Static).update(Content.styled(clean(str(error)), "$text-error"))
            return
        self.query_one(Static).update(coloured(text))

    def _fill(self, query: str) -> None:
        self._shown = self._filter.search(query)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._row(index, query)) for index in self._shown])
        if self._shown:
            options.highlighted = 0
        else:
            none = "No event matches." if query else "No events yet: write one, ctrl+s saves it."
            self.query_one(Static).update(Content.styled(none, "$text-muted"))

    def _row(self, index: int, query: str) -> Content:
        entry, name = self._entries[index], self._names[index]
        label = Content(name)
        for position in matched_positions(self._texts[index], query):
            label = label.stylize("$text-accent bold", position, position + 1)
        side = f"{entry.source.value}  {size_text(entry.size_bytes):>7}"
        return Content.assemble(" ", label.truncate(28, ellipsis=True, pad=True), " ", (side.rjust(17), "$text-muted"))


def coloured(text: str) -> Content:
    """The beginning of a JSON text, in the editor's colours."""
    lines = clean(text[:20_000]).split("\n")[:_PREVIEW_LINES]
    shown = []
    for line in lines:
        content = Content(line[:300])
        for start, end, kind in spans(line[:300]):
            if kind in _INK:
                content = content.stylize(_INK[kind], start, end)
        shown.append(content)
    return Content("\n").join(shown)
