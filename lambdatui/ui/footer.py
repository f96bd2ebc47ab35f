"""The line at the bottom: the keys that work here, derived from the active bindings."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from lambdatui.ui.keys import Shortcut, shortcuts

_LAST = ("app.help", "app.palette")


class FooterBar(Widget):
    """Shows as many keys as fit, those of the focused pane first, help and palette always; a click runs one."""

    DEFAULT_CSS = """
    FooterBar {
        height: 1;
        background: $panel;
        color: $foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, Shortcut]] = []

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def _bindings_updated(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """The keys, cut to the width."""
        shown = [shortcut for shortcut in shortcuts(self.screen) if shortcut.binding.show]
        last = [shortcut for shortcut in shown if shortcut.binding.id in _LAST]
        first = [shortcut for shortcut in shown if shortcut.binding.id not in _LAST]
        room = self.size.width - sum(_width(shortcut) for shortcut in last)
        line: list[Content] = []
        self._spans = []
        x = 0
        for shortcut in first:
            if x + _width(shortcut) <= room:
                x = self._place(line, shortcut, x)
        if last:
            line.append(Content(" " * max(room - x, 0)))
            x = max(room, x)
            for shortcut in last:
                x = self._place(line, shortcut, x)
        return Content("").join(line)

    def _place(self, line: list[Content], shortcut: Shortcut, x: int) -> int:
        key_style = "bold $accent" if shortcut.enabled else "$text-disabled"
        text_style = "$foreground" if shortcut.enabled else "$text-disabled"
        line.append(Content.assemble((f" {shortcut.keys[0]} ", key_style), (f"{shortcut.description} ", text_style)))
        end = x + _width(shortcut)
        self._spans.append((x, end, shortcut))
        return end

    async def on_click(self, event: events.Click) -> None:
        """Run what was clicked."""
        for start, end, shortcut in self._spans:
            if start <= event.x < end and shortcut.enabled:
                event.stop()
                await self.app.run_action(shortcut.binding.action, shortcut.active.node)
                return


def _width(shortcut: Shortcut) -> int:
    return Content(f" {shortcut.keys[0]} {shortcut.description} ").cell_length
