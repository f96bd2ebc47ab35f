"""Opens an event: a list that narrows as one types, with a preview."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import EventEntry, EventStore
from lambdatui.core.json_text import spans
from lambdatui.core.text import clean
from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.events.status import size_text

_PREVIEW_LINES = 60
_INK = {"key": "$text-primary", "string": "$text-success", "number": "$text-warning", "word": "$text-warning"}


class EventPicker(Choose):
    """Answers with the index of the event to open, or None. Reads events to preview them; opens none itself."""

    DEFAULT_CSS = """
    EventPicker {
        & > Vertical { width: 112; height: 80%; }
        & OptionList, & OptionList:focus { width: 50; height: 1fr; scrollbar-size-vertical: 2; }
        & Static { display: block; width: 1fr; height: 1fr; border-left: vkey $border-blurred; }
        &.-none OptionList { display: block; }
        &.-narrow OptionList { width: 1fr; }
        &.-narrow Static { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="picker.cancel", tooltip="Open nothing"),
    ]

    def __init__(self, store: EventStore, entries: tuple[EventEntry, ...], current_path: str = "") -> None:
        """The event at `current_path`, the one that is open, is where the cursor begins."""
        super().__init__(
            "Open event",
            [_choice(entry) for entry in entries],
            keys="enter opens · esc cancels",
            empty="No events yet: write one, ctrl+s saves it.",
            start=next((index for index, entry in enumerate(entries) if entry.path == current_path), 0),
        )
        self._store = store
        self._entries = entries

    def below(self) -> Iterable[Widget]:
        """The preview stands beside the list."""
        with Horizontal():
            yield from super().below()

    @property
    def row_width(self) -> int:
        """Beside a preview a row is as wide on every screen."""
        return 48

    def on_resize(self) -> None:
        """Without room there is no preview."""
        self.set_class(self.size.width < 84, "-narrow")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._preview(self._entries[self._shown[event.option_index]])

    @work(group="picker.preview", exclusive=True)
    async def _preview(self, entry: EventEntry) -> None:
        try:
            text = (await self._store.load(entry)).text
        except WorkbenchError as error:
            self.query_one(Static).update(Content.styled(clean(str(error)), "$text-error"))
            return
        self.query_one(Static).update(coloured(text))


def _choice(entry: EventEntry) -> Choice:
    side = f"{entry.source.value}  {size_text(entry.size_bytes):>7}"
    return Choice(entry.name, side=side.rjust(17), tone="$text-muted", also=entry.source.value)


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
