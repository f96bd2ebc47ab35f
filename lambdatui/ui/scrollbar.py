"""The scrollbar of widgets that draw their own rows: one column wide, at the right edge, to click and to drag."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.widget import Widget


def thumb_rows(height: int, total: int, shown: int, first: int) -> tuple[int, int]:
    """The first row of the thumb and the row after its last, on a bar of `height`; (0, 0) when all is shown.

    `shown` of `total` lines are on the screen, beginning with number `first`.
    """
    if shown >= total or height <= 0:
        return 0, 0
    size = max(round(height * shown / total), 1)
    start = round((height - size) * first / max(total - shown, 1))
    return start, start + size


def scrollbar_cell(y: int, top: int, page: int, count: int, style: Style) -> Segment:
    """The scrollbar's cell beside row `y` of a page of `page` rows that begins at row `top` of `count`."""
    start, stop = thumb_rows(page, count, page, top)
    return Segment("▐" if start <= y < stop else " ", style)


class WithScrollbar(Widget):
    """Owns the dragging. A subclass draws the bar, and says whether there is one and what a row of it means."""

    _dragging = False

    def has_scrollbar(self) -> bool:
        """Whether the last column is a scrollbar now."""
        raise NotImplementedError

    def scroll_to_share(self, y: int) -> None:
        """Show what row `y` of the widget stands for; it may lie outside while the mouse is held."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """On the scrollbar: go there, and drag."""
        if event.x == self.size.width - 1 and self.has_scrollbar():
            self._dragging = True
            self.capture_mouse()
            self.scroll_to_share(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """While dragging, the lines follow."""
        if self._dragging:
            self.scroll_to_share(event.y)

    def on_mouse_up(self) -> None:
        """The end of dragging."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
