"""The palette's commands: every active binding by its name, and the themes. Derived, so it can't lie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from textual.app import App
from textual.screen import Screen

from lambdatui.ui.keys import Shortcut, is_movement, shortcuts
from lambdatui.ui.themes import THEMES

PALETTE_ID = "app.palette"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done now. `key` is its key as shown, "" when it has none."""

    title: str
    explanation: str
    key: str
    run: Callable[[], Awaitable[object]]


def commands(screen: Screen[object], choose_theme: Callable[[str], None]) -> list[Command]:
    """What the keys offer where the focus is, moving about last; then the themes."""
    app: App[object] = screen.app
    found: list[tuple[bool, Command]] = []
    # What is done to a function comes before what is done to the panes.
    for shortcut in sorted(shortcuts(screen, all_keys=True), key=_of_panes):
        binding = shortcut.binding
        if not shortcut.enabled or binding.system or binding.id == PALETTE_ID:
            continue
        run = partial(app.run_action, binding.action, shortcut.active.node)
        explanation = shortcut.tooltip if shortcut.tooltip != shortcut.description else ""
        found.append((is_movement(shortcut), Command(shortcut.description, explanation, shortcut.keys[0], run)))
    doing = [command for moving, command in found if not moving]
    moving_about = [command for moving, command in found if moving]

    async def choose(name: str) -> None:
        choose_theme(name)

    themes = [
        Command(f"Theme: {theme.name}", "Use these colours from now on", "", partial(choose, theme.name))
        for theme in THEMES
    ]
    return doing + themes + moving_about


def _of_panes(shortcut: Shortcut) -> bool:
    return (shortcut.binding.id or "").startswith("pane.")
