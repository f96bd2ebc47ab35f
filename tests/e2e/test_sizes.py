"""Small terminals, resized terminals, and the mouse."""

from __future__ import annotations

import pytest

from tests.e2e.desk import Desk, choose, quit_with
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


def _cell_of(terminal: Terminal, text: str) -> tuple[int, int]:
    for row, line in enumerate(terminal.screen.display):
        if text in line:
            return line.index(text), row
    raise AssertionError(f"no {text!r}:\n{terminal.text}")


def test_a_terminal_can_become_tiny_and_large_again(desk: Desk) -> None:
    """20x5 and back while a function is invoked: nothing breaks, and the whole screen is right again."""
    with desk.start() as terminal:
        choose(terminal, "echo")
        terminal.press("i")
        terminal.wait_for("200 ok")
        terminal.wait_for("REPORT")
        whole = _panes(terminal)
        assert len(whole) == 16
        terminal.resize(20, 5)
        terminal.wait_until(lambda: "╰──" in terminal.text and "lambdatui" not in terminal.text, "tiny screen")
        terminal.wait_for("▌echo")
        terminal.resize(1, 1)
        terminal.wait_for("╭")
        terminal.resize(20, 5)
        terminal.wait_for("▌echo")
        terminal.press("i", "4", "2", "1", "z", "z")
        terminal.resize(120, 40)
        terminal.wait_until(lambda: _panes(terminal) == whole, "the same screen as before")
        assert "Traceback" not in terminal.text
        terminal.wait_for("· warm")
        quit_with(terminal, "q")


def _panes(terminal: Terminal) -> list[tuple[int, int, str]]:
    """The corners of the frames; what stands in them goes on meanwhile."""
    return [
        (row, column, cell)
        for row, line in enumerate(terminal.screen.display)
        for column, cell in enumerate(line)
        if cell in "╭╮╰╯"
    ]


def test_at_80x24_each_pane_is_one_key_away(desk: Desk) -> None:
    """One pane at a time, nothing clipped; invoking goes to the answer; 1 to 4 go where they say."""
    with desk.start(columns=80, rows=24) as terminal:
        terminal.wait_for("undertaker")
        assert "No invocation yet" not in terminal.text
        terminal.write(b"j")
        terminal.wait_for("▌echo")
        terminal.press("2")
        terminal.wait_for('"colour": "blue"')
        assert "undertaker" not in terminal.text
        terminal.press("3")
        terminal.wait_for("No invocation yet")
        terminal.press("4")
        terminal.wait_for("No logs yet")
        terminal.press("1")
        terminal.wait_for("undertaker")
        terminal.press("i")
        terminal.wait_for("200 ok")
        terminal.wait_for("heard")
        terminal.press("4")
        terminal.wait_for("echo heard")
        for line in terminal.screen.display:
            assert len(line) == 80
        assert terminal.text.count("╭") == terminal.text.count("╯") == 1
        terminal.press("1")
        terminal.press("m")
        terminal.wait_for("128 to 10,240 MB")
        terminal.press("escape")
        terminal.wait_gone("128 to 10,240 MB")
        quit_with(terminal, "q")


def test_the_mouse_works_where_a_person_would_try_it(desk: Desk) -> None:
    """A click on a row selects it, on a pane gives it the keys, on a key in the footer presses it."""
    with desk.start() as terminal:
        terminal.wait_for("undertaker")
        terminal.click(*_cell_of(terminal, "echo "))
        terminal.wait_for("▌echo")
        terminal.wait_for('"colour": "blue"')
        terminal.click(*_cell_of(terminal, "Invoke "))
        terminal.wait_for("200 ok")
        terminal.click(60, 30)
        terminal.wait_for("By invocation")
        terminal.click(*_cell_of(terminal, "Configuration"))
        terminal.wait_for("Reserved concurrency")
        terminal.click(*_cell_of(terminal, "Help"))
        terminal.wait_for("Set a mark: what comes now")
        terminal.press("escape")
        terminal.wait_gone("Set a mark: what comes now")
        quit_with(terminal, "q")
