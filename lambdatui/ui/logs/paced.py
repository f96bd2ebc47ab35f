"""A view of a log that draws its own rows: how often lines that come repaint it, and how its cursor looks."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from lambdatui.ui.later import Later
from lambdatui.ui.output.hooks import LightOutput
from lambdatui.ui.scrollbar import WithScrollbar

FRAME_S = 0.25
"""Log traffic repaints four times a second at most, the first line at once: a slow line must stay free for the answers
to keys. A frame takes two hundred bytes whatever is in it, and nobody reads faster."""


class PacedView(WithScrollbar):
    """Owns when lines that come are drawn. A subclass draws in `repaint`, and begins it with `begin_frame`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.beside: Callable[[], None] | None = None
        """Called when lines that came are drawn: what else they change is cheap in the same frame."""
        self._clock = clock
        self._next_frame = Later(self)
        self._painted_at = -FRAME_S

    def repaint(self) -> None:
        """Lay out what is visible now, and draw what of it has changed."""
        raise NotImplementedError

    def lines_came(self) -> None:
        """The log has changed: draw it, now or with the next frame, once the terminal shows the last one."""
        if not self.display:
            return
        wait = self._painted_at + FRAME_S - self._clock()
        if wait <= 0:
            self._repaint_when_free()
        elif not self._next_frame.due:
            self._next_frame.call(wait, self._repaint_when_free)

    def on_show(self) -> None:
        """What came while the view was away is drawn now."""
        self.repaint()

    def begin_frame(self) -> None:
        """A frame is drawn now: no other is due."""
        self._next_frame.stop()
        self._painted_at = self._clock()

    def over_row(self, cursor: Style) -> Style:
        """What the style of the cursor puts over those of a row; a terminal's own colours can't be mixed."""
        if not self.app.native_ansi_color:
            return Style(bgcolor=cursor.bgcolor)
        if cursor.reverse:
            return Style(color="default", bgcolor="default", reverse=True)
        return Style(bold=cursor.bold)

    def _repaint_when_free(self) -> None:
        if isinstance(self.app, LightOutput):
            self.app.paint_traffic(self._paint_lines)
        else:
            self._paint_lines()

    def _paint_lines(self) -> None:
        self.repaint()
        if self.beside is not None:
            self.beside()
