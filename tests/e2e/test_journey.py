"""The main job, from the list to the logs: one start, as a person would go through it."""

from __future__ import annotations

import re

import pytest

from tests.e2e.desk import Desk, choose, quit_with, wait_live
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


def test_from_the_list_to_the_log_lines(desk: Desk) -> None:
    """Filter, invoke, read answer and log; change memory and take it back; invoke async, see it retried and buried."""
    with desk.start() as terminal:
        choose(terminal, "echo")
        terminal.press("i")
        terminal.wait_for("200 ok")
        terminal.wait_for('"colour": "blue"')
        terminal.wait_for("echo heard ['colour']")
        terminal.wait_until(lambda: "START" in terminal.text and "REPORT" in terminal.text, "whole log")
        assert re.search(r"200 ok +[\d.]+ ms · billed \d+ · \d+ of 256 MB · cold \+\d+ ms", terminal.text)
        terminal.press("i")
        terminal.wait_for("· warm")

        terminal.press("m")
        terminal.wait_for("128 to 10,240 MB")
        terminal.press("5", "1", "2")
        terminal.wait_for("256 MB → 512 MB")
        terminal.press("enter")
        terminal.wait_until(lambda: terminal.text.count("512 MB") >= 2, "new size in the list and in the settings")
        terminal.press("u")
        terminal.wait_for("Undone")
        terminal.wait_until(lambda: re.search(r"▌echo +py3.11 +256 MB", terminal.text) is not None, "old size")

        choose(terminal, "refuses")
        terminal.press("a")
        terminal.wait_for("async failed after 3 attempts")
        terminal.press("3", "G")
        terminal.wait_for("record sent to")
        terminal.wait_until(lambda: terminal.text.count("refusing") >= 1, "log of an attempt")
        choose(terminal, "undertaker")
        terminal.wait_for("buried RetriesExhausted 3")
        noticed = terminal.text.replace("settings changed", "")
        assert "changed" not in noticed, "what Python compiles is no change of the project"
        quit_with(terminal, "q")


def test_a_theme_that_was_chosen_is_remembered(desk: Desk) -> None:
    """The palette switches the colours at once, and the next start has them."""
    with desk.start() as terminal:
        dark = _background(terminal)
        terminal.press("ctrl+p")
        terminal.wait_for("Palette")
        terminal.write(b"theme light")
        terminal.wait_until(
            lambda: "lambdatui-light" in terminal.text and "lambdatui-dark" not in terminal.text, "the theme alone"
        )
        terminal.press("enter")
        terminal.wait_until(lambda: _background(terminal) != dark, "other colours")
        light = _background(terminal)
        quit_with(terminal, "q")
    with desk.open() as terminal:
        wait_live(terminal)
        terminal.wait_until(lambda: _background(terminal) == light, "the same colours")
        quit_with(terminal, "q")


def _background(terminal: Terminal) -> str:
    """The colour of a cell in which nothing stands."""
    return str(terminal.screen.buffer[20][10].bg)
