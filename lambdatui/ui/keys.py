"""The active bindings as a person sees them: one row an action, with the keys that work where the focus is."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import App
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode
from textual.keys import format_key, key_to_character
from textual.screen import Screen
from textual.widget import Widget

_MOVING = frozenset({"↑", "↓", "←", "→", "pgup", "pgdn", "home", "end", "tab", "shift+tab"})
_SCROLLING = frozenset(
    f"{verb}_{way}"
    for verb, ways in (
        ("scroll", ("up", "down", "left", "right", "home", "end")),
        ("page", ("up", "down", "left", "right")),
    )
    for way in ways
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One action that a key runs now. `keys` are as shown ("i", "^s"), the best first; `scope` names its owner."""

    active: ActiveBinding
    keys: tuple[str, ...]
    description: str
    tooltip: str
    scope: str

    @property
    def enabled(self) -> bool:
        """Whether pressing the key does something now."""
        return self.active.enabled

    @property
    def binding(self) -> Binding:
        """The binding behind it."""
        return self.active.binding


def shortcuts(screen: Screen[object], *, all_keys: bool = False) -> list[Shortcut]:
    """The active bindings of `screen`, one an action, nearest the focus first.

    Keys that the focused widget takes as text (a letter while an editor has the focus) are left out, unless
    `all_keys`; an action without any other key is left out with them.
    """
    app: App[object] = screen.app
    focused = screen.focused
    grouped: dict[tuple[object, str], list[ActiveBinding]] = {}
    for active in screen.active_bindings.values():
        if active.binding.description and not _taken_for_granted(active):
            grouped.setdefault((active.node, active.binding.id or active.binding.action), []).append(active)
    found = []
    for actives in grouped.values():
        usable = [active for active in actives if all_keys or not _typed(active.binding.key, focused)]
        if not usable:
            continue
        first = usable[0]
        keys = dict.fromkeys(app.get_key_display(active.binding) for active in usable)
        found.append(Shortcut(first, tuple(keys), first.binding.description, first.binding.tooltip, _scope(first.node)))
    return found


def is_movement(shortcut: Shortcut) -> bool:
    """Whether it only moves the cursor or the focus: what the help and the palette put last."""
    return any(key in _MOVING for key in shortcut.keys)


def _taken_for_granted(active: ActiveBinding) -> bool:
    """Whether it is Textual's own: what every text field does, and the scrolling of a screen that never scrolls."""
    if active.binding.id:
        return False
    # By name: importing the text area would cost the first screen what it saves by mounting the editor later.
    kinds = {kind.__name__ for kind in type(active.node).__mro__}
    return bool(kinds & {"Input", "TextArea"}) or active.binding.action in _SCROLLING


def _typed(key: str, focused: Widget | None) -> bool:
    if focused is None:
        return False
    shown = format_key(key)
    # Textual names some characters (slash, plus, minus) without a way back from the name.
    character = key_to_character(key) or (shown if len(shown) == 1 and shown.isascii() else None)
    return focused.check_consume_key(key, character)


def _scope(node: DOMNode) -> str:
    titles = (getattr(ancestor, "SHORTCUT_SCOPE", "") for ancestor in node.ancestors_with_self)
    return next((str(title) for title in titles if title), "Everywhere")
