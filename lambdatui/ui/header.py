"""The line at the top: which target and whose, how many functions, production or not, what just reloaded."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.core.target import Identity, Target
from lambdatui.ui.later import Later

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
    identity: reactive[Identity | None] = reactive(None)
    """Whose functions these are, once it is known."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self._fading = Later(self)

    def watch_news(self, news: str) -> None:
        """What was noticed is news for a while."""
        self._fading.stop()
        if news:
            self._fading.call(NEWS_S, self._fade)

    def _fade(self) -> None:
        self.news = ""

    def render(self) -> Content:
        """The line; what matters least is left out first when it is too long."""
        return self._line(self.functions, self.news, self.clock)

    def last_known(self) -> Content:
        """The line over a picture of the last start: it says so, and tells no time."""
        return self._line(None, "starting …", "")

    def _line(self, functions: int | None, news: str, clock: str) -> Content:
        width = self.size.width
        count = "last known list" if functions is None else f"{functions:,} functions"
        if functions == 1:
            count = "1 function"
        label = self._label()
        # From all of it to what can't be done without: which account, which region, and how dangerous it is here.
        tries = [
            ("lambdatui ", label, count, clock),
            ("lambdatui ", label, "", clock),
            ("", label, "", clock),
            ("", self._label(short=True), "", clock),
            ("", self._label(short=True), "", ""),
        ]
        left, right = Content(""), Content("")
        for name, said, counted, time in tries:
            left, right = self._left(name, said, counted, news), self._right(time)
            if self._left(name, said, counted, "").cell_length + right.cell_length + 1 < width:
                break
        room = max(width - right.cell_length, 0)
        # One cell of air before the right end.
        left = Content.assemble(left.truncate(room - 1, ellipsis=True, pad=True), " ") if room > 1 else Content("")
        return Content.assemble(left, right)

    def _label(self, *, short: bool = False) -> str:
        label, identity = self.target.label, self.identity
        if short:
            label = label.replace(" · profile ", " · ")
        if identity is None:
            return label
        alias = f" {identity.alias}" if identity.alias and not short else ""
        return f"{identity.account}{alias} · {label}"

    def _left(self, name: str, label: str, count: str, news: str) -> Content:
        return Content.assemble(
            (f" λ {name}", "bold $accent"),
            ("▸ ", "$text-muted"),
            (self.target.kind.value, "bold"),
            (f"  {label}", "$foreground"),
            (f"  {count}" if count else "", "$text-muted"),
            (f"  {news}" if news else "", "$accent"),
        )

    def _right(self, clock: str) -> Content:
        target = self.target
        mode = "read-only" if target.read_only else "read-write"
        return Content.assemble(
            (" PRODUCTION " if target.production else "", "bold $background on $error"),
            (" " if target.production else "", ""),
            (mode, "$warning" if target.read_only else "$text-muted"),
            (f"  {clock} " if clock else " ", "$text-muted"),
        )
