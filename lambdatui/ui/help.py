"""The keys that work here, as a text: derived from the active bindings, so it can't lie."""

from __future__ import annotations

from textwrap import wrap

from textual.content import Content
from textual.screen import Screen

from lambdatui.ui.keys import Shortcut, is_movement, shortcuts

_KEYS_COLUMNS = 17
_SECTIONS = {"invoke": "Invoke", "configuration": "Change a setting", "pane": "Panes"}


def help_text(screen: Screen[object], width: int) -> Content:
    """Every action with its keys and what it does, in `width` cells: the focused pane's first, moving at the end."""
    scopes: dict[str, list[Content]] = {}
    moving: list[Content] = []
    for shortcut in shortcuts(screen, all_keys=True):
        if shortcut.binding.system:
            continue
        keys = "  ".join(shortcut.keys)
        told = wrap(shortcut.tooltip or shortcut.description, max(width - _KEYS_COLUMNS, _KEYS_COLUMNS))
        line = Content.assemble(
            (f"  {keys:<{_KEYS_COLUMNS - 3}} ", "bold $accent" if shortcut.enabled else "$text-disabled"),
            (f"\n{' ' * _KEYS_COLUMNS}".join(told), "$foreground" if shortcut.enabled else "$text-disabled"),
        )
        if is_movement(shortcut):
            moving.append(line)
        else:
            scopes.setdefault(_section(shortcut), []).append(line)
    blocks: list[Content] = []
    everywhere = scopes.pop("Everywhere", [])
    sections = [(title, scopes.pop(title, [])) for title in _SECTIONS.values()]
    for scope, lines in [*scopes.items(), *sections, ("Everywhere", everywhere), ("Moving about", moving)]:
        if not lines:
            continue
        blocks += [Content.styled(scope, "bold $primary"), *lines, Content("")]
    return Content("\n").join(blocks[:-1])


def _section(shortcut: Shortcut) -> str:
    if shortcut.scope != "Everywhere":
        return shortcut.scope
    # What works everywhere is the longest part: by what it is about, as its id says.
    feature = (shortcut.binding.id or "").partition(".")[0]
    return _SECTIONS.get(feature, "Everywhere")
