"""A bug of our own: told on the normal screen, without anybody's data, and nothing lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, assert_given_back, choose, wait_live
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


@pytest.mark.parametrize(
    ("key", "what", "where"),
    [
        ("c", "RuntimeError: a bug of 7 letters", "in _in_an_action"),
        ("h", "KeyError: 2", "in _broken"),
    ],
    ids=["action", "worker"],
)
def test_a_bug_is_reported_without_anybodys_data(desk: Desk, key: str, what: str, where: str) -> None:
    """What, where, what is safe, and a file with the whole story: no value of a variable anywhere; exit code 70."""
    command = [sys.executable, "-m", "tests.e2e.crashing"]
    environment = {**desk.environment, "PYTHONPATH": str(Path(__file__).parents[2])}
    with Terminal(command, environment, str(desk.project)) as terminal:
        wait_live(terminal)
        choose(terminal, "echo")
        terminal.press("e")
        terminal.wait_for("^s Save")
        terminal.write(b'"typed just now"')
        terminal.wait_for("modified")
        terminal.press("escape")
        terminal.wait_for("? Help")
        terminal.press(key)
        terminal.wait_exit()
        assert terminal.exit_code == 70, terminal.text
        assert_given_back(terminal)
        shown = terminal.text
    for text in ("this is a bug in lambdatui", what, where, "Nothing is lost", "Please report it"):
        assert text in shown, shown
    assert "Traceback" not in shown
    story = desk.files("crash-*.txt")
    assert len(story) == 1
    written = story[0].read_text()
    assert "Traceback" in written
    assert what.partition(":")[0] in written
    assert story[0].stat().st_mode & 0o077 == 0
    assert "hunter2" not in written + shown
    assert any("typed just now" in draft.read_text() for draft in desk.files("echo*.json")), desk.files("*")
