"""Stands for a pane until it is mounted."""

from __future__ import annotations

from lambdatui.ui.pane import Pane


class ComingPane(Pane):
    """Has the frame and the title of a pane, and nothing in it: the first paint waits for no more."""

    def __init__(self, name: str, number: str, title: str) -> None:
        super().__init__(id=name)
        self.number = number
        self._title = title

    def on_mount(self) -> None:
        """Write the frame."""
        self.set_frame(self._title)
