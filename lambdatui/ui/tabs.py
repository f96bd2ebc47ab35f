"""The line of pane names on a small screen, where one pane shows at a time."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.ui.layout import PANES

_NAMES = {"functions": "Functions", "edit": "Event", "result": "Result", "logs": "Logs"}


class PaneTabs(Widget):
    """Shows the panes with their numbers; a click goes to one."""

    DEFAULT_CSS = "PaneTabs { color: $text-muted; }"

    @dataclass
    class Chosen(Message):
        """The pane was clicked."""

        pane: str

    current: reactive[str] = reactive("functions")

    def render(self) -> Content:
        """The names in a row, the current one lit."""
        parts: list[Content | tuple[str, str]] = []
        for number, pane in enumerate(PANES, 1):
            lit = pane == self.current
            parts.append((f" {number} ", "bold $accent"))
            parts.append((f"{_NAMES[pane]}  ", "bold $foreground" if lit else "$text-muted"))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Go to the pane that was clicked."""
        x = 0
        for pane in PANES:
            x += len(_NAMES[pane]) + 5
            if event.x < x:
                self.post_message(self.Chosen(pane))
                return
