"""Quitting in every state: at once, with the terminal as it was found, no child left, and nothing accepted lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.desk import Desk, choose, quit_with
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


def _idle(terminal: Terminal) -> None:
    terminal.wait_for("undertaker")


def _invoking(terminal: Terminal) -> None:
    choose(terminal, "sleeps")
    terminal.press("i")
    terminal.wait_for("sleeping now")


def _filter_open(terminal: Terminal) -> None:
    terminal.write(b"/ec")
    terminal.wait_until(lambda: "1/6" in terminal.text, "filtered list")


def _prompt_open(terminal: Terminal) -> None:
    choose(terminal, "echo")
    terminal.press("i")
    terminal.wait_for("200 ok")
    terminal.press("3", "s")
    terminal.wait_for("Save the answer to")


def _help_open(terminal: Terminal) -> None:
    terminal.press("?")
    terminal.wait_for("Keys")
    terminal.wait_for("Go to pane 1")


def _in_the_editor(terminal: Terminal) -> None:
    choose(terminal, "flaky")
    terminal.press("e")
    terminal.wait_for("^s Save")
    terminal.write(b" q")
    terminal.wait_for("modified")


def _setting_open(terminal: Terminal) -> None:
    terminal.press("m")
    terminal.wait_for("128 to 10,240 MB")


@pytest.mark.parametrize(
    ("reach", "key"),
    [
        (_idle, "q"),
        (_invoking, "q"),
        (_filter_open, "ctrl+q"),
        (_prompt_open, "ctrl+q"),
        (_help_open, "ctrl+q"),
        (_in_the_editor, "ctrl+q"),
        (_setting_open, "ctrl+q"),
    ],
    ids=["idle", "invoking", "filter", "prompt", "help", "editor", "setting"],
)
def test_quitting_is_instant_and_clean_in_every_state(
    desk: Desk, reach: Callable[[Terminal], None], key: str, record_property: Callable[[str, object], None]
) -> None:
    """Exit code 0 in no time; every mode of the terminal as it was; no process left, detached ones included."""
    with desk.start() as terminal:
        reach(terminal)
        seconds = quit_with(terminal, key)
        desk.wait_no_children()
        said = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
        assert b"Traceback" not in said
        assert b"async event" not in said
    record_property("quit_s", round(seconds, 3))
    print(f"quit in {seconds:.3f} s")


def test_an_accepted_event_is_kept_and_delivered_at_the_next_start(desk: Desk) -> None:
    """While an event waits for its retry, quitting says that it is kept; the next start resumes and delivers it."""
    desk.configure("[local]\nretry_delays_seconds = [2, 2]\n")
    with desk.start() as terminal:
        choose(terminal, "flaky")
        terminal.press("a")
        terminal.wait_for("attempt 1 of 3 failed")
        seconds = quit_with(terminal, "q")
        print(f"quit in {seconds:.3f} s")
        said = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
        assert b"1 async event is kept in the queue and goes on at the next start." in said
    desk.wait_no_children()
    tries = desk.project / "flaky/tries.log"
    assert len(tries.read_text().split()) == 1
    (desk.project / "flaky/mended").touch()
    with desk.start() as terminal:
        terminal.wait_for("accepted earlier: resumed")
        choose(terminal, "flaky")
        terminal.wait_until(lambda: len(tries.read_text().split()) == 2, "second attempt")
        assert len(set(tries.read_text().split())) == 1, "one event has one request id"
        terminal.wait_until(lambda: terminal.text.count("END ") == 2, "log of both attempts")
        quit_with(terminal, "q")
        assert b"kept in the queue" not in terminal.output


def test_an_event_that_was_running_is_run_again_at_the_next_start(desk: Desk) -> None:
    """An attempt that the quit cut off is made again: the event was accepted, and its request id stays."""
    with desk.start() as terminal:
        choose(terminal, "sleeps")
        terminal.press("a")
        terminal.wait_for("sleeping now")
        quit_with(terminal, "q")
        assert b"1 async event is kept" in terminal.output
    desk.wait_no_children()
    (desk.project / "sleeps/app.py").write_text(
        "def handler(event, context):\n    print('awake', context.aws_request_id)\n"
    )
    with desk.start() as terminal:
        terminal.wait_for("accepted earlier: resumed")
        choose(terminal, "sleeps")
        terminal.wait_for("awake ")
        quit_with(terminal, "q")
        assert b"async event is kept" not in bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
