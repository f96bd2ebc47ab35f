"""What functions print and return is shown, and never obeyed."""

from __future__ import annotations

import pytest

from tests.e2e.desk import Desk, choose, quit_with

pytestmark = pytest.mark.terminal


def test_escape_sequences_from_outside_never_reach_the_terminal(desk: Desk) -> None:
    """Logs, answers, errors and a name with markup: no clipboard, no title, no cleared screen, and no crash."""
    with desk.start() as terminal:
        choose(terminal, "[/foo]")
        terminal.press("i")
        terminal.wait_for("200 ok")
        terminal.wait_for("before red [/foo] [bold]x after")
        terminal.press("3", "f", "f", "/")
        terminal.wait_for("search in the answer")
        terminal.write(b"evil")
        terminal.wait_for("match 1 of")
        terminal.press("escape", "4", "g", "j", "j", "enter")
        terminal.wait_for("[bold]x")
        terminal.press("escape")
        terminal.press("2", "e")
        terminal.wait_for("^s Save")
        terminal.press("ctrl+n")
        terminal.wait_for("new event")
        terminal.paste('{"raise": true, "pasted": "\x1b]52;c;AAAA\x07"}')
        terminal.press("f5")
        terminal.wait_until(lambda: "ValueError" in terminal.text or "Nothing was sent" in terminal.text, "an answer")
        quit_with(terminal, "ctrl+q")
        written = bytes(terminal.output)
    for sequence in (b"\x1b]52", b"\x1b]0;", b"\x1b[2J", b"\x1b[31mred", b"\x9b"):
        assert sequence not in written
