"""Terminals of many kinds: without colours, without answers, dumb, and tmux."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.e2e.desk import COMMAND, Desk, choose, quit_with, wait_live
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


def test_no_color_is_kept_to(desk: Desk) -> None:
    """With NO_COLOR no hue reaches the terminal, and the cursor, the marks and the answer can still be told apart."""
    with desk.start(more={"NO_COLOR": "1"}) as terminal:
        choose(terminal, "echo")
        terminal.press("i")
        terminal.wait_for("200 ok")
        quit_with(terminal, "q")
        written = bytes(terminal.output)
        shades = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")
        assert all(red == green == blue for red, green, blue in shades.findall(written))
        assert not re.search(rb"\x1b\[(?:\d+;)*(?:3[1-6]|4[1-6]|9[1-6])(?:;\d+)*m", shades.sub(b"0", written))


def test_a_terminal_that_answers_no_question_works(desk: Desk) -> None:
    """An old terminal says nothing when it is asked what it can do: no waiting, no noise."""
    with desk.open(answers=False) as terminal:
        wait_live(terminal)
        choose(terminal, "echo")
        terminal.press("i")
        terminal.wait_for("200 ok")
        quit_with(terminal, "q")


def test_a_dumb_terminal_is_told_so_or_works(desk: Desk) -> None:
    """TERM=dumb can't move a cursor: a sentence and exit code 2, not a heap of escape sequences."""
    with desk.open(more={"TERM": "dumb"}) as terminal:
        terminal.wait_exit()
        assert terminal.exit_code == 2
        assert "dumb" in terminal.text
        assert b"\x1b" not in terminal.output


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_inside_tmux_it_copies_through_and_gives_the_window_back(desk: Desk, tmp_path: Path) -> None:
    """`y` reaches the clipboard of the terminal around tmux; quitting leaves the shell's own text."""
    # The path of a socket has room for 107 bytes, and the folders of tests are deep.
    sockets = mkdtemp(prefix="ltui-", dir="/tmp")
    config = tmp_path / "tmux.conf"
    config.write_text("set -g allow-passthrough on\nset -g default-terminal screen-256color\nset -g escape-time 0\n")
    tmux = ["tmux", "-L", "lambdatui", "-f", str(config)]
    shell = f"echo at the shell; {COMMAND}; echo 'left with' $?; read line"
    environment = {**desk.environment, "TMUX_TMPDIR": sockets}
    with Terminal([*tmux, "new-session", shell], environment, str(desk.project)) as terminal:
        try:
            wait_live(terminal)
            choose(terminal, "echo")
            terminal.press("i")
            terminal.wait_for("200 ok")
            terminal.press("3", "y")
            terminal.wait_for("Sent to the terminal's clipboard")
            copied = terminal.wait_match(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)")
            assert base64.b64decode(copied[1]) == b'{"heard": {"colour": "blue"}}'
            terminal.press("1", "q")
            terminal.wait_for("left with 0")
            assert "at the shell" in terminal.text
            assert "Functions" not in terminal.text
            modes = [*tmux, "display-message", "-p", "#{alternate_on}#{mouse_any_flag}#{cursor_flag}"]
            done = subprocess.run(modes, env=environment, check=True, capture_output=True, text=True)
            assert done.stdout.strip() == "001"
        finally:
            subprocess.run([*tmux, "kill-server"], env=environment, check=False, capture_output=True)
            terminal.wait_exit()
            shutil.rmtree(sockets)
