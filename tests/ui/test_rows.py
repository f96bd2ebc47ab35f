"""A list that paints its own rows."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown

from lambdatui.ui.rows import Rows, moving_keys

HEADINGS = (0, 7)


class Numbers(Rows):
    """Numbers, in more cells than there is room for; a heading before some. Notes which it painted."""

    BINDINGS = [*moving_keys("numbers")]
    count = 30

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    @property
    def row_count(self) -> int:
        return self.count

    def paint_row(self, number: int) -> Iterable[Segment]:
        self.painted.append(number)
        return [Segment("日本" * number), Segment(str(number))]

    def holds_cursor(self, number: int) -> bool:
        return number not in HEADINGS


class Bench(App[None]):
    """Only the list."""

    def __init__(self) -> None:
        super().__init__()
        self.list = Numbers()

    def compose(self) -> ComposeResult:
        yield self.list


@pytest.mark.parametrize("size", [(40, 10), (7, 3), (41, 40)])
async def test_a_painted_row_is_exactly_as_wide_as_there_is_room(size: tuple[int, int]) -> None:
    """Too long or too short, beside a scrollbar or not, below the last one: no row stands over its neighbours."""
    app = Bench()
    async with app.run_test(size=size):
        for y in range(size[1]):
            strip = app.list.render_line(y)
            assert sum(segment.cell_length for segment in strip) == strip.cell_length == size[0]


async def test_only_the_rows_that_the_cursor_leaves_and_enters_are_painted() -> None:
    """While the list stands still; a row that the cursor can't be on is passed, and shown with the one below it."""
    app = Bench()
    async with app.run_test(size=(40, 10)) as pilot:
        app.list.focus()
        await pilot.press("home", "down", "down", "down")
        assert (app.list.cursor, app.list.top) == (4, 0)
        await pilot.pause()
        app.list.painted.clear()
        await pilot.press("down")
        await pilot.pause()
        assert sorted(app.list.painted) == [4, 5]
        await pilot.press("down", "down")
        assert app.list.cursor == 8
        await pilot.press("end", *["up"] * 21)
        assert (app.list.cursor, app.list.top) == (8, 7)


async def test_the_mouse_scrolls_and_the_cursor_stays() -> None:
    """The wheel by three rows, to the last and no further; a click on the scrollbar to its share of the rows."""
    app = Bench()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("home")
        for _ in range(9):
            app.list.post_message(MouseScrollDown(app.list, 3, 3, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert (app.list.cursor, app.list.top) == (1, 20)
        await pilot.mouse_down(app.list, offset=(39, 0))
        await pilot.mouse_up(app.list, offset=(39, 0))
        assert (app.list.cursor, app.list.top) == (1, 0)
        await pilot.click(app.list, offset=(3, 7))
        assert app.list.cursor == 1
        await pilot.click(app.list, offset=(3, 6))
        assert app.list.cursor == 6
