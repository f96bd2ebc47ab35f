"""The keys that work here, as a text: derived from the active bindings, so it can't lie."""

from __future__ import annotations

from textual.content import Content
from textual.screen import Screen

from lambdatui.ui.keys import shortcuts


def help_text(screen: Screen[object]) -> Content:
    """Every action with its keys and what it does, the focused pane's first."""
    scopes: dict[str, list[Content]] = {}
    for shortcut in shortcuts(screen, all_keys=True):
        if shortcut.binding.system:
            continue
        keys = "  ".join(shortcut.keys)
        line = Content.assemble(
            (f"  {keys:<14} ", "bold $accent" if shortcut.enabled else "$text-disabled"),
            (shortcut.tooltip or shortcut.description, "$foreground" if shortcut.enabled else "$text-disabled"),
        )
        scopes.setdefault(shortcut.scope, []).append(line)
    blocks: list[Content] = []
    for scope, lines in scopes.items():
        blocks += [Content.styled(scope, "bold $primary"), *lines, Content("")]
    return Content("\n").join(blocks[:-1])
