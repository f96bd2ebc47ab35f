"""The keys that every tab made of sections has, each with an id of the tab's own."""

from __future__ import annotations

from textual.binding import Binding

from lambdatui.ui.rows import moving_keys


def common_keys(feature: str, what: str) -> list[Binding]:
    """Undo, reading again, to stop looking at what is under way, and moving about."""
    return [
        Binding("u", "undo", "Undo", id=f"{feature}.undo", tooltip="Take the last change of this tab back"),
        Binding("r", "reload", "Read again", id=f"{feature}.refresh", show=False, tooltip=f"Read {what} again"),
        Binding(
            "x", "stop", "Stop looking", id=f"{feature}.stop", tooltip="Stop looking at what is under way: AWS goes on"
        ),
        *moving_keys(feature),
    ]
