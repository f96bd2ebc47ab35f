"""The palette: every active binding by its name, and the themes."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from lambdatui.ui.keys import shortcuts
from lambdatui.ui.themes import THEMES


class WorkbenchCommands(Provider):
    """Offers what the keys offer."""

    def _commands(self) -> list[tuple[str, str, object]]:
        screen = self.screen
        found: list[tuple[str, str, object]] = []
        for shortcut in shortcuts(screen, all_keys=True):
            if shortcut.enabled and not shortcut.binding.system and shortcut.binding.id != "app.palette":
                run = partial(self.app.run_action, shortcut.binding.action, shortcut.active.node)
                title = f"{shortcut.description}  ({shortcut.keys[0]})"
                found.append((title, shortcut.tooltip, run))
        for theme in THEMES:
            choose = partial(self.app.remember_theme, theme.name)  # type: ignore[attr-defined]
            found.append((f"Theme: {theme.name}", "Use these colours from now on", choose))
        return found

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for title, help_line, run in self._commands():
            yield DiscoveryHit(title, run, help=help_line or None)  # type: ignore[arg-type]

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        for title, help_line, run in self._commands():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), run, help=help_line or None)  # type: ignore[arg-type]
