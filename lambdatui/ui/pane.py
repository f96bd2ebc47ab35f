"""The frame of every pane: number, title, one look of focus."""

from __future__ import annotations

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget


class Pane(Vertical):
    """A titled frame around the leaves of one feature.

    Owns the frame's texts. A subclass owns the feature's state and its workers. The frame is the one place
    where focus shows: its border takes the accent colour while the focus is within.
    """

    DEFAULT_CSS = """
    Pane {
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0;
        &:focus-within {
            border: round $accent;
            border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
    }
    """

    number: str = ""
    """The key that focuses this pane, shown before its title."""

    def set_frame(self, title: str | Content, subtitle: str | Content = "") -> None:
        """Write the frame's upper and lower text. Strings are plain text, never markup."""
        text = title if isinstance(title, Content) else Content(title)
        if self.number:
            text = Content.assemble((f"{self.number} ", "$accent bold"), text)
        self.border_title = text
        self.border_subtitle = subtitle if isinstance(subtitle, Content) else Content(subtitle)

    def focus_pane(self) -> None:
        """Give the focus to the first of the pane's leaves that is shown and takes it."""
        for widget in self.query("*"):
            if (
                widget.focusable
                and widget.display
                and all(parent.display for parent in widget.ancestors if isinstance(parent, Widget))
            ):
                widget.focus()
                return
