"""What the painter promises: the same screen, with fewer bytes."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from lambdatui.ui.output.cells import Doubt
from lambdatui.ui.output.painter import Painter, Patch
from tests.ui.output.screens import Desk, shown


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_the_screen_is_that_of_a_full_repaint(seed: int) -> None:
    """After every one of hundreds of changes each cell is what painting everything anew would make it."""
    desk = Desk(seed, 30, 10)
    desk.check()
    for _ in range(40):
        desk.step()
        desk.check()


def _painter() -> Painter:
    return Painter(ColorSystem.TRUECOLOR)


def _row(text: str, style: Style | None = None) -> list[Segment]:
    return [Segment(text.ljust(40), style)]


def test_what_is_there_already_is_not_written() -> None:
    """The same picture again costs nothing; a letter costs a few bytes."""
    painter = _painter()
    rows = [_row(f"line {n}", Style(color="#d5dae6", bgcolor="#11141b")) for n in range(10)]
    first = painter.paint([Patch(0, y, row) for y, row in enumerate(rows)], 40, 10)
    assert all(f"line {n}" in first or f"{n}" in first for n in range(10))
    assert painter.paint([Patch(0, y, row) for y, row in enumerate(rows)], 40, 10) == ""
    rows[3] = _row("lime 3", Style(color="#d5dae6", bgcolor="#11141b"))
    assert len(painter.paint([Patch(0, 3, rows[3])], 40, 10)) < 60


@pytest.mark.parametrize("by", [1, 3, -1, -3])
def test_rows_that_move_are_not_written_again(by: int) -> None:
    """A log that moves on costs its new lines, up and down, though the frame around it stays."""
    lines = [f"│ {n:03} what the function said in line {n:03} │" for n in range(60)]
    painter = _painter()
    screen = pyte.Screen(44, 20)
    stream = pyte.ByteStream(screen)

    def picture(first: int) -> list[Patch]:
        rows = ["╭" + "─" * 40 + "╮", *lines[first : first + 17], "╰" + "─" * 40 + "╯", "footer"]
        return [Patch(0, y, [Segment(row.ljust(44))]) for y, row in enumerate(rows)]

    stream.feed(painter.paint(picture(20), 44, 20).encode())
    written = painter.paint(picture(20 + by), 44, 20)
    stream.feed(written.encode())
    assert len(written) < 60 + abs(by) * 60
    fresh = pyte.Screen(44, 20)
    pyte.ByteStream(fresh).feed(_painter().paint(picture(20 + by), 44, 20).encode())
    assert shown(screen) == shown(fresh)


def test_a_style_is_written_once_for_many_cells() -> None:
    """Between runs only what differs of the style is written, and blanks at the end are erased."""
    text = [Segment("12:00:00 ", Style(color="#8c95a8", bgcolor="#11141b"))]
    text += [Segment("one", Style(color="#d5dae6", bgcolor="#11141b")), Segment(" ", Style(bgcolor="#11141b"))]
    text += [Segment("two".ljust(60), Style(color="#d5dae6", bgcolor="#11141b"))]
    written = _painter().paint([Patch(0, 0, text)], 73, 1)
    assert written.count("48;2;17;20;27") == 1
    assert written.count("38;2;213;218;230") == 1
    assert "one two" in written
    assert "   " not in written


def test_a_colour_is_written_once_for_many_rows() -> None:
    """Rows that come together share each colour, wherever in them it stands; the rows arrive as they should."""
    border, muted, text = (Style(color=one, bgcolor="#11141b") for one in ("#343c4f", "#8c95a8", "#d5dae6"))

    def row(number: int) -> list[Segment]:
        middle = [Segment(f"12:00:{number:02} ", muted), Segment(f"order {number} stored ".ljust(30, "."), text)]
        return [Segment("│", border), *middle, Segment(f" path=/orders/{number}", muted), Segment("│", border)]

    pages = [[Patch(0, y, row(first + y)) for y in range(12)] for first in (10, 13)]
    painter = _painter()
    screen = pyte.Screen(58, 12)
    stream = pyte.ByteStream(screen)
    stream.feed(b"\x1b[?7l" + painter.paint(pages[0], 58, 12).encode())
    written = painter.paint(pages[1], 58, 12)
    stream.feed(written.encode())
    assert [written.count(colour) for colour in ("38;2;52;60;79", "38;2;140;149;168", "38;2;213;218;230")] == [1, 1, 1]
    assert written.count("48;2;17;20;27") == 1
    fresh = pyte.Screen(58, 12)
    pyte.ByteStream(fresh).feed(b"\x1b[?7l" + _painter().paint(pages[1], 58, 12).encode())
    assert shown(screen) == shown(fresh)


def test_a_control_code_is_a_doubt() -> None:
    """What can't be followed is not guessed at."""
    with pytest.raises(Doubt):
        _painter().paint([Patch(0, 0, [Segment("a\x1b[2Jb")])], 10, 1)
    with pytest.raises(Doubt):
        _painter().paint([Patch(0, 0, [Segment("é\tb")])], 10, 1)


def test_a_hyperlink_is_opened_and_closed() -> None:
    """A link ends where its text ends."""
    written = _painter().paint([Patch(0, 0, [Segment("go", Style(link="https://x.test")), Segment(" on")])], 5, 1)
    assert written.count("\x1b]8;") == 2
    assert written.index("https://x.test") < written.index("go") < written.index("\x1b]8;;\x1b\\") < written.index("on")
