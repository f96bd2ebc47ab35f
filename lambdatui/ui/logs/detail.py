"""One log event, whole: its lines, or its JSON record indented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from lambdatui.core.log_buffer import LogLine
from lambdatui.core.log_masks import mask
from lambdatui.core.log_unfolding import opened, record_in
from lambdatui.core.text import clean
from lambdatui.ui.logs.painter import breaks


class TextRows(Widget, can_focus=True):
    """A text of any size in wrapped rows. Draws the visible ones; breaks the text once for each width."""

    DEFAULT_CSS = "TextRows { height: 1fr; width: 1fr; }"
    BINDINGS = [
        Binding("j,down", "scroll_rows(1)", "Down", show=False, id="event.down"),
        Binding("k,up", "scroll_rows(-1)", "Up", show=False, id="event.up"),
        Binding("pagedown,space", "scroll_pages(1)", "Page down", show=False, id="event.page_down"),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False, id="event.page_up"),
        Binding("g,home", "scroll_pages(-1000000)", "Start", show=False, id="event.start"),
        Binding("G,end", "scroll_pages(1000000)", "End", show=False, id="event.end"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._lines = [line.expandtabs(4) for line in text.split("\n")]
        self._rows: list[str] = []
        self._top = 0

    @property
    def progress(self) -> str:
        """Which part of the rows shows, "" when all do."""
        height = self.size.height
        if len(self._rows) <= height:
            return ""
        return f"{self._top + 1:,}–{min(self._top + height, len(self._rows)):,} of {len(self._rows):,}"

    @dataclass
    class Scrolled(Message):
        """Another part of the text shows."""

        progress: str

    def on_resize(self) -> None:
        """Break the text for the new width."""
        width = max(self.size.width, 1)
        self._rows = [line[start:stop] for line in self._lines for start, stop in breaks(line, width)]
        self.action_scroll_rows(0)

    def render_line(self, y: int) -> Strip:
        """One row."""
        row = self._top + y
        text = self._rows[row] if row < len(self._rows) else ""
        style = self.rich_style
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll, as far as there is text."""
        self._top = min(max(self._top + rows, 0), max(len(self._rows) - self.size.height, 0))
        self.post_message(self.Scrolled(self.progress))
        self.refresh()

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by screenfuls."""
        self.action_scroll_rows(pages * max(self.size.height - 1, 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down."""
        event.stop()
        self.action_scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up."""
        event.stop()
        self.action_scroll_rows(-3)


class Wish(Enum):
    """What the reader wants with the event."""

    COPY = "copy"
    EVENT = "event"
    INVOCATION = "invocation"


@dataclass(frozen=True, slots=True)
class Answer:
    """A wish, and its text: the event as it arrived, its JSON record indented, or a request id."""

    wish: Wish
    text: str


class EventDetail(ModalScreen[Answer | None]):
    """Shows one event. Its answer says what to do with it, None for nothing."""

    DEFAULT_CSS = """
    EventDetail {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 90%; height: 80%;
            border: round $accent;
            border-title-color: $foreground;
            border-subtitle-color: $text-muted;
            background: $surface;
            padding: 0 1;
        }
        &:ansi > Vertical { background: ansi_default; }
    }
    """
    BINDINGS = [
        Binding("escape,q,enter,o", "dismiss", "Close", id="event.close", tooltip="Back to the log"),
        Binding("y", "copy", "Copy", id="event.copy", tooltip="Copy the event as it arrived"),
        Binding("e", "event", "As an event", id="event.adopt", tooltip="Edit this record as an event to invoke with"),
        Binding(
            "f", "invocation", "Its invocation", id="event.invocation", tooltip="Only the lines of this invocation"
        ),
    ]

    def __init__(self, lines: list[LogLine], *, utc: bool, masked: bool = False) -> None:
        super().__init__()
        raw = "\n".join(line.text for line in lines)
        self._record = record_in(raw)
        self._raw = mask(raw) if masked else raw
        self._request_id = lines[0].request_id
        self._title = _heading(lines[0], utc=utc)

    def compose(self) -> ComposeResult:
        """The text in a frame."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            # What was escaped inside JSON is text from outside once more.
            yield TextRows(clean(opened(self._raw)))

    def on_text_rows_scrolled(self, event: TextRows.Scrolled) -> None:
        """Say which part shows, and what can be done."""
        parts = [event.progress, "y copies"]
        parts += ["e edits it as an event"] if self._record else []
        parts += ["f its invocation"] if self._request_id else []
        self.query_one(Vertical).border_subtitle = Content(" · ".join(part for part in (*parts, "esc closes") if part))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Only a record can be an event, and only some lines belong to an invocation."""
        if action == "event":
            return bool(self._record)
        return bool(self._request_id) if action == "invocation" else True

    def action_copy(self) -> None:
        """Close, and hand out the event as it arrived."""
        self.dismiss(Answer(Wish.COPY, self._raw))

    def action_event(self) -> None:
        """Close, and hand out the record."""
        self.dismiss(Answer(Wish.EVENT, self._record))

    def action_invocation(self) -> None:
        """Close, and hand out the request id."""
        self.dismiss(Answer(Wish.INVOCATION, self._request_id))


def _heading(line: LogLine, *, utc: bool) -> str:
    try:
        moment = datetime.fromtimestamp(line.timestamp_ms / 1000, tz=UTC)
        shown = (moment if utc else moment.astimezone()).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    except (OverflowError, OSError, ValueError):
        shown = str(line.timestamp_ms)
    return " · ".join(part for part in (shown + (" UTC" if utc else ""), line.request_id) if part)
