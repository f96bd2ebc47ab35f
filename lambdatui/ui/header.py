"""The line at the top: which target, how many functions, read-only or not, what just reloaded."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.core.target import Target


class HeaderBar(Widget):
    """Shows the target and what the workbench last noticed about it. Fetches nothing."""

    DEFAULT_CSS = """
    HeaderBar {
        height: 1;
        background: $panel;
        color: $foreground;
    }
    """

    functions: reactive[int | None] = reactive(None)
    """How many functions the target has; None while the list is still the one from the last start."""
    news: reactive[str] = reactive("")
    """What was noticed last, such as "app.py changed: the next invocation is cold"."""
    clock: reactive[str] = reactive("")
    """The time of day, as shown."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target

    def render(self) -> Content:
        """The line, its right end kept and its middle cut when it is too long."""
        return self._line(self.functions, self.news, self.clock)

    def last_known(self) -> Content:
        """The line over a picture of the last start: it says so, and tells no time."""
        return self._line(None, "starting …", "")

    def _line(self, functions: int | None, news: str, clock: str) -> Content:
        target = self.target
        mode = "read-only" if target.read_only else "read-write"
        right = Content.assemble(
            (mode, "$warning" if target.read_only else "$text-muted"),
            (f"  {clock} " if clock else " ", "$text-muted"),
        )
        count = "last known list" if functions is None else f"{functions:,} functions"
        if functions == 1:
            count = "1 function"
        left = Content.assemble(
            (" λ lambdatui ", "bold $accent"),
            ("▸ ", "$text-muted"),
            (target.kind.value, "bold"),
            (f"  {target.label}", "$foreground"),
            (f"  {count}", "$text-muted"),
            (f"  {news}" if news else "", "$text-muted"),
        )
        room = max(self.size.width - right.cell_length, 0)
        left = left.truncate(room, ellipsis=True, pad=True) if room else Content("")
        return Content.assemble(left, right)
