"""Ended from outside: whatever ends the workbench, its children go with it and its state stays."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, assert_given_back, choose, quit_with, wait_live

pytestmark = pytest.mark.terminal


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
    ids=["SIGTERM", "SIGHUP", "SIGKILL"],
)
def test_a_signal_ends_the_children_and_keeps_the_state(desk: Desk, number: signal.Signals, code: int) -> None:
    """With a running invocation and an unsaved event: no process survives, and the next start has the draft."""
    with desk.start() as terminal:
        choose(terminal, "flaky")
        terminal.press("e")
        terminal.wait_for("^s Save")
        terminal.press("end", "backspace", "backspace")
        terminal.write(b"[1234]")
        terminal.wait_for("modified")
        terminal.press("escape")
        terminal.wait_for("i Invoke")
        choose(terminal, "sleeps")
        terminal.press("i")
        terminal.wait_for("sleeping now")
        terminal.wait_until(lambda: len(desk.children()) >= 4, "workbench, guard, handler and its own child")
        terminal.signal(number)
        terminal.wait_exit(5.0)
        assert terminal.exit_code == code
        if number is not signal.SIGKILL:
            assert_given_back(terminal)
        assert b"Traceback" not in terminal.output
    desk.wait_no_children()
    with desk.open() as terminal:
        wait_live(terminal)
        choose(terminal, "flaky")
        terminal.wait_for("[1234]")
        quit_with(terminal, "q")


def test_a_terminal_that_hangs_up_ends_everything(desk: Desk) -> None:
    """The window is closed, or the line drops: nothing is left, and what was typed is there at the next start."""
    with desk.start() as terminal:
        choose(terminal, "sleeps")
        terminal.press("i")
        terminal.wait_for("sleeping now")
        terminal.press("e")
        terminal.wait_for("^s Save")
        terminal.write(b" hung")
        terminal.wait_for("hung{}")
        terminal.hang_up()
        terminal.wait_exit(3.0)
    desk.wait_no_children()
    with desk.start() as terminal:
        choose(terminal, "sleeps")
        terminal.wait_for("hung")
        assert "modified" in terminal.text
        quit_with(terminal, "q")


def test_another_workbench_s_children_are_not_touched(desk: Desk) -> None:
    """kill -9 of one of two: the other's invocation goes on to its answer."""
    app = desk.project / "sleeps/app.py"
    go = desk.project / "sleeps/go"
    app.write_text(
        "import time\nfrom pathlib import Path\ndef handler(event, context):\n"
        "    print('waiting now', flush=True)\n"
        "    while not Path(__file__).with_name('go').exists():\n        time.sleep(0.02)\n    return 'went'\n"
    )
    with desk.start() as one, desk.start() as other:
        for terminal in (one, other):
            choose(terminal, "sleeps")
            terminal.press("i")
            terminal.wait_for("waiting now")
        one.signal(signal.SIGKILL)
        one.wait_exit()
        own = _handlers(desk)
        other.wait_until(lambda: len(_handlers(desk)) == 1, f"end of the first one's child of {own}")
        go.touch()
        other.wait_for("went")
        quit_with(other, "q")


def _handlers(desk: Desk) -> list[int]:
    found = []
    for pid in desk.children():
        try:
            if Path(f"/proc/{pid}/cwd").readlink() == desk.project / "sleeps":
                found.append(pid)
        except OSError:
            continue
    return found
