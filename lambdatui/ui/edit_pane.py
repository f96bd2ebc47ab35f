"""The upper right pane: the event that goes in, the function's settings, versions and triggers, a tab each."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import AwaitMount, Widget

from lambdatui.ui.pane import Pane

TABS = ("Event", "Configuration", "Versions", "Triggers")


class EditPane(Pane):
    """Shows one of its views. Owns which; the views own everything else. `absent` are tabs that the target has not."""

    number = "2"
    tab: reactive[str] = reactive("Event")

    def __init__(self) -> None:
        super().__init__(id="edit")
        self._views: dict[str, Widget] = {}
        self._offers: dict[str, Callable[[], Widget]] = {}
        self._mounting: dict[str, AwaitMount] = {}
        self._absent: frozenset[str] = frozenset()

    async def add(self, tab: str, view: Widget) -> None:
        """Put a view under its tab."""
        view.display = tab == self.tab
        self._views[tab] = view
        await self.mount(view)

    def offer(self, tab: str, make: Callable[[], Widget]) -> None:
        """Have the view of a tab made when the tab is first shown."""
        self._offers[tab] = make
        if tab == self.tab:
            self.watch_tab()

    async def stands(self, tab: str) -> None:
        """Wait until the view of a tab that is shown is there, and takes keys."""
        if tab in self._mounting:
            await self._mounting.pop(tab)

    def lack(self, *tabs: str) -> None:
        """The target has not what these tabs show: their views say why."""
        self._absent = frozenset(tabs)
        self.watch_tab()

    def on_mount(self) -> None:
        """Start with the event."""
        self.watch_tab()

    def watch_tab(self) -> None:
        """Show the view of the tab, and the tabs in the frame."""
        parts: list[Content | tuple[str, str]] = []
        for name in TABS:
            parts += [(" │ ", "$text-muted")] if parts else []
            muted = "$text-disabled" if name in self._absent else "$text-muted"
            parts.append((name, "bold $foreground" if name == self.tab else muted))
        self.set_frame(Content.assemble(*parts))
        if self.tab in self._offers:
            self._views[self.tab] = view = self._offers.pop(self.tab)()
            self._mounting[self.tab] = self.mount(view)
        for name, view in self._views.items():
            view.display = name == self.tab

    def on_click(self, event: events.Click) -> None:
        """A click on a tab's name in the frame shows it."""
        if event.widget is self and event.y == 0:
            start = 4
            for name in TABS:
                if start <= event.x < start + len(name):
                    self.tab = name
                start += len(name) + 3
