"""The line at the top: which target, how many functions, read-only or not, what just reloaded."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from lambdatui.core.target import Target

NEWS_S = 15.0
"""How long the header tells what it noticed."""


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
    label: reactive[str] = reactive("")
    """What the target is, once more is known than its own label says."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self._fading: Timer | None = None

    def watch_news(self, news: str) -> None:
        """What was noticed is news for a while."""
        if self._fading is not None:
            self._fading.stop()
        self._fading = self.set_timer(NEWS_S, self._fade) if news else None

    def _fade(self) -> None:
        self.news = ""

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
            (f"  {self.label or target.label}", "$foreground"),
            (f"  {count}", "$text-muted"),
            (f"  {news}" if news else "", "$accent"),
        )
        room = max(self.size.width - right.cell_length, 0)
        # One cell of air before the right end.
        left = Content.assemble(left.truncate(room - 1, ellipsis=True, pad=True), " ") if room > 1 else Content("")
        return Content.assemble(left, right)
