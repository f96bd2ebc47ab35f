"""The look of a dialog that is read: a frame in the middle, as high as its text, scrolling when that is too high."""

from __future__ import annotations

from textual.screen import ModalScreen


class ScrollingDialog(ModalScreen[None]):
    """Owns the look alone. A subclass composes one `VerticalScroll` and what stands in it."""

    DEFAULT_CSS = """
    ScrollingDialog {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 84; max-width: 96%;
            height: auto; max-height: 90%;
            border: round $accent;
            border-subtitle-color: $text-muted;
            background: $surface;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
    }
    """
