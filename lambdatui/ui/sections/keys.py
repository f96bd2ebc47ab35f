"""The keys that every tab made of sections has, each with an id of the tab's own."""

from __future__ import annotations

from textual.binding import Binding


def common_keys(feature: str, what: str) -> list[Binding]:
    """Undo, reading again, to stop looking at what is under way, and moving about."""
    return [
        Binding("u", "undo", "Undo", id=f"{feature}.undo", tooltip="Take the last change of this tab back"),
        Binding("r", "reload", "Read again", id=f"{feature}.refresh", show=False, tooltip=f"Read {what} again"),
        Binding(
            "x", "stop", "Stop looking", id=f"{feature}.stop", tooltip="Stop looking at what is under way: AWS goes on"
        ),
        Binding("up,k", "move(-1)", "Up", id=f"{feature}.up", show=False),
        Binding("down,j", "move(1)", "Down", id=f"{feature}.down", show=False),
        Binding("pageup", "move(-10)", "Page up", id=f"{feature}.page_up", show=False),
        Binding("pagedown", "move(10)", "Page down", id=f"{feature}.page_down", show=False),
        Binding("home,g", "move(-9999)", "Top", id=f"{feature}.top", show=False),
        Binding("end,G", "move(9999)", "Bottom", id=f"{feature}.bottom", show=False),
    ]
