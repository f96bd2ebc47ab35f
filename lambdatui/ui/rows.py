"""A list that paints its own rows: where it stands, and the ways to move in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from lambdatui.ui.scrollbar import WithScrollbar, scrollbar_cell


class Rows(WithScrollbar, can_focus=True):
    """Owns the cursor, the first row on the screen, the scrollbar, and what the mouse and the movements do to them.

    A subclass says how many rows there are, paints one, and hears when the cursor has moved. It hands segments out,
    never strips: how wide a painted row is, is measured here and nowhere else.
    """

    SCROLLBAR: ClassVar[bool] = True
    """Where there is none, the wheel moves the cursor."""
    HEADER_ROWS: ClassVar[int] = 0
    """How many rows above the first one never scroll."""
    PAGE_STEP: ClassVar[int] = 0
    """How far a page moves; 0 for a screenful."""

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    top: reactive[int] = reactive(0, init=False)

    # What a subclass says ------------------------------------------------------------------------------------------

    @property
    def row_count(self) -> int:
        """How many rows there are, on the screen or not."""
        raise NotImplementedError

    def paint_row(self, number: int) -> Iterable[Segment]:
        """One row, as wide as it likes: what is too much is cut off."""
        raise NotImplementedError

    def bar_style(self) -> Style:
        """The ink of the scrollbar."""
        return Style.null()

    def cursor_style(self) -> Style:
        """What lies over the cursor's row."""
        return Style.null()

    def paint_header(self, y: int) -> Iterable[Segment]:
        """A row that never scrolls."""
        del y
        return ()

    def paint_below(self, y: int) -> Iterable[Segment]:
        """Row `y` of what is left below the last row."""
        del y
        return ()

    def holds_cursor(self, number: int) -> bool:
        """Whether the cursor can be on this row; one that can't belongs to the row below it."""
        del number
        return True

    def cursor_moved(self) -> None:
        """The cursor is on another row."""

    def row_clicked(self, event: events.Click) -> None:
        """The mouse has put the cursor on its row."""

    # Where it stands -----------------------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """How many rows fit on the screen, one at least."""
        return max(self.size.height - self.HEADER_ROWS, 1)

    def has_scrollbar(self) -> bool:
        """Whether there are more rows than fit."""
        return self.SCROLLBAR and self.row_count > self.page

    @property
    def row_width(self) -> int:
        """The cells that a row has: without the scrollbar."""
        return self.size.width - self.has_scrollbar()

    def move(self, step: int) -> None:
        """Move the cursor by rows, to the next that holds it."""
        if self.row_count:
            wanted = max(0, min(self.cursor + step, self.row_count - 1))
            self.cursor = self.nearest(wanted, step)

    def nearest(self, number: int, step: int) -> int:
        """The row that holds the cursor from `number` on in the direction of `step`, else the other way; else 0."""
        below, above = range(max(number, 0), self.row_count), range(min(number, self.row_count - 1), -1, -1)
        for numbers in (below, above) if step > 0 else (above, below):
            for found in numbers:
                if self.holds_cursor(found):
                    return found
        return 0

    def keep_visible(self) -> None:
        """Show the cursor's row, and what belongs to it above it if there is room."""
        first = self.cursor
        if self.page > 1 and 0 < first <= self.row_count and not self.holds_cursor(first - 1):
            first -= 1
        self.top = max(0, min(max(self.top, self.cursor - self.page + 1), first))

    def show_from(self, top: int) -> None:
        """Scroll; the cursor stays where it is."""
        self.top = max(0, min(top, self.row_count - self.page))

    def scroll_to_share(self, y: int) -> None:
        """Show the rows that row `y` of the scrollbar stands for."""
        hidden = max(self.row_count - self.page, 0)
        self.show_from(round((y - self.HEADER_ROWS) / max(self.page - 1, 1) * hidden))

    # What happens --------------------------------------------------------------------------------------------------

    def watch_cursor(self, before: int, now: int) -> None:
        """Only the two rows are painted, unless all of them move."""
        top = self.top
        self.keep_visible()
        if self.top == top:
            for number in (before, now):
                if 0 <= number - top < self.page:
                    self.refresh(Region(0, number - top + self.HEADER_ROWS, self.size.width, 1))
        self.cursor_moved()

    def render_line(self, y: int) -> Strip:
        """One row of the screen, exactly as wide as there is room."""
        width, number, count = self.size.width, self.top + y - self.HEADER_ROWS, self.row_count
        if y < self.HEADER_ROWS:
            return Strip(self.paint_header(y)).adjust_cell_length(width).apply_style(self.rich_style)
        scrolls = self.SCROLLBAR and count > self.page
        segments = self.paint_row(number) if number < count else self.paint_below(number - count)
        strip = Strip(segments).adjust_cell_length(width - scrolls)
        if number == self.cursor and number < count and self.holds_cursor(number):
            strip = strip.apply_style(self.cursor_style())
        if scrolls:
            bar = scrollbar_cell(y - self.HEADER_ROWS, self.top, self.page, count, self.bar_style())
            strip = Strip([*strip, bar])
        return strip.apply_style(self.rich_style)

    def on_resize(self) -> None:
        """The cursor stays on the screen."""
        self.keep_visible()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor."""
        number = self.top + event.y - self.HEADER_ROWS
        if event.y < self.HEADER_ROWS or event.x >= self.row_width or number >= self.row_count:
            return
        if self.holds_cursor(number):
            self.cursor = number
            self.row_clicked(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self._wheel(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self._wheel(-1)

    def _wheel(self, step: int) -> None:
        if self.SCROLLBAR:
            self.show_from(self.top + 3 * step)
        else:
            self.move(step)

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self.move(step)

    def action_page(self, step: int) -> None:
        """Move by a page."""
        self.move(step * (self.PAGE_STEP or max(self.page - 1, 1)))

    def action_edge(self, step: int) -> None:
        """Go to the top or to the bottom."""
        self.move(step * self.row_count)


def moving_keys(feature: str) -> list[Binding]:
    """The keys of `Rows`, with ids of a feature's own."""
    return [
        Binding("up,k", "move(-1)", "Up", id=f"{feature}.up", show=False),
        Binding("down,j", "move(1)", "Down", id=f"{feature}.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id=f"{feature}.page_up", show=False),
        Binding("pagedown", "page(1)", "Page down", id=f"{feature}.page_down", show=False),
        Binding("home,g", "edge(-1)", "Top", id=f"{feature}.top", show=False),
        Binding("end,G", "edge(1)", "Bottom", id=f"{feature}.bottom", show=False),
    ]
