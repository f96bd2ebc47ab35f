"""The line that says that nobody is signed in, and what to run."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from lambdatui.core.errors import CredentialsExpired
from lambdatui.core.text import clean


class SignInBanner(Widget):
    """Shows why nobody is signed in, with the command and the keys; takes no room otherwise. Runs nothing."""

    DEFAULT_CSS = """
    SignInBanner { display: none; height: 1; background: $error 25%; color: $foreground; }
    SignInBanner.-shown { display: block; }
    """

    error: reactive[CredentialsExpired | None] = reactive(None)
    trying: reactive[bool] = reactive(False)
    """Whether it is being tried again right now."""

    def watch_error(self, error: CredentialsExpired | None) -> None:
        """Take a line only while there is something to say."""
        self.set_class(error is not None, "-shown")

    def render(self) -> Content:
        """What happened, what to do, the keys: what matters least is left out first."""
        if self.error is None:
            return Content("")
        return banner_line(self.error, self.size.width, trying=self.trying)


def banner_line(error: CredentialsExpired, width: int, *, trying: bool) -> Content:
    """The line in `width` cells: the command is never cut while there is room for it alone."""
    command, title = _line(error.command), _line(error.title)
    what = Content.assemble(("run ", "$text-muted"), (command, "bold")) if command else Content(_line(error.hint))
    if trying:
        keys = Content.styled("trying again … ", "$text-muted")
    else:
        copy = (("^g", "bold $accent"), (" copy  ", "$text-muted")) if command else ()
        keys = Content.assemble(*copy, ("^r", "bold $accent"), (" retry ", "$text-muted"))
    for said in (f" ✗ {title} · ", " ✗ signed out · ", " ✗ "):
        left = Content.assemble((said, "bold $error"), what)
        if left.cell_length + 2 + keys.cell_length <= width:
            break
    room = max(width - keys.cell_length, 1)
    return Content.assemble(left.truncate(room, ellipsis=True, pad=True), keys)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
