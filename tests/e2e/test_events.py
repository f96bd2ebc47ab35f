"""The event in a real terminal: typed, saved, drafted, pasted, and edited elsewhere."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, choose, quit_with, wait_live
from tests.e2e.terminal import Terminal

pytestmark = pytest.mark.terminal


def _empty(terminal: Terminal) -> None:
    """Into the editor of a function that has no event yet, and take its `{}` out."""
    terminal.press("e")
    terminal.wait_for("^s Save")
    terminal.press("end", "backspace", "backspace")
    terminal.wait_until(lambda: " 0 B of" in terminal.text, "empty editor")


def _save_as(terminal: Terminal, name: str) -> None:
    terminal.press("ctrl+s")
    terminal.wait_for("enter save")
    terminal.press("ctrl+u")
    terminal.write(name.encode() + b"\r")
    terminal.wait_for(f"Saved as {name}")


def test_an_event_is_edited_saved_and_kept_exactly(desk: Desk) -> None:
    """What is typed is what is sent and what is on disk; a draft outlives a quit, and kill -9."""
    with desk.start() as terminal:
        choose(terminal, "sleeps")
        _empty(terminal)
        terminal.write(b'{"a": "b\xc3\xa9", "n": 1}')
        terminal.wait_for("1}")
        terminal.wait_for("valid JSON")
        typed = '{"a": "bé", "n": 1}'
        _save_as(terminal, "mine")
        saved = desk.project / "events/sleeps/mine.json"
        terminal.wait_until(saved.exists, "file")
        assert saved.read_text().rstrip("\n") == typed
        terminal.press("end")
        terminal.write(b" x")
        terminal.wait_for("modified")
        terminal.wait_for("line 1")
        quit_with(terminal, "ctrl+q")
    with desk.open() as terminal:
        wait_live(terminal)
        terminal.wait_for('"n": 1} x')
        assert "modified" in terminal.text
        terminal.press("e")
        terminal.wait_for("^s Save")
        terminal.press("end", "backspace", "backspace")
        terminal.wait_for("valid JSON")
        terminal.write(b"\r ")
        terminal.wait_until(lambda: _draft_of(desk, "sleeps").count("\n") >= 1, "draft on disk")
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
    with desk.open() as terminal:
        wait_live(terminal)
        terminal.wait_until(lambda: "modified" in terminal.text and '"n": 1}' in terminal.text, "draft")
        quit_with(terminal, "q")


def _draft_of(desk: Desk, function: str) -> str:
    for path in (desk.state / "targets").rglob("drafts/*"):
        if function in path.name and path.is_file():
            try:
                return str(json.loads(path.read_text()).get("text", ""))
            except (OSError, ValueError):
                return ""
    return ""


def test_the_user_s_own_editor_gets_the_terminal_and_gives_it_back(desk: Desk, tmp_path: Path) -> None:
    """$EDITOR runs on the real terminal; what it wrote is in the event, as one step; a failing one changes nothing."""
    editor = tmp_path / "ed"
    editor.write_text(
        f"#!/bin/sh\nprintf 'in the editor'\nstty -a > {tmp_path}/modes\nread line\n"
        f'printf \'{{"typed": "%s"}}\' "$line" > "$1"\n'
    )
    editor.chmod(0o755)
    with desk.start(more={"EDITOR": str(editor)}) as terminal:
        choose(terminal, "echo")
        terminal.press("2", "E")
        terminal.wait_until(lambda: b"in the editor" in terminal.output, "editor")
        assert terminal.output.rfind(b"\x1b[?1049l") < terminal.output.rfind(b"in the editor")
        assert terminal.output.rfind(b"\x1b[?1000l") > terminal.output.rfind(b"\x1b[?1000h")
        terminal.write(b"by hand\r")
        terminal.wait_for('{"typed": "by hand"}')
        assert " icanon" in (tmp_path / "modes").read_text()
        terminal.wait_for("modified")
        editor.write_text("#!/bin/sh\nexit 3\n")
        terminal.press("E")
        terminal.wait_for("ended with status 3")
        terminal.wait_for('{"typed": "by hand"}')
        terminal.press("i")
        terminal.wait_for("200 ok")
        quit_with(terminal, "q")


def test_a_pasted_event_of_a_megabyte_is_taken_at_once_and_whole(desk: Desk) -> None:
    """1 MB settles in a few seconds, is saved byte for byte, and the keys after it are answered at once."""
    records = [{"id": number, "text": "é\\n\t" + "x" * 90} for number in range(8_000)]
    text = json.dumps({"records": records}, indent=1, ensure_ascii=False)
    assert 1_000_000 < len(text.encode()) < 1_100_000
    with desk.start() as terminal:
        choose(terminal, "flaky")
        _empty(terminal)
        started = time.monotonic()
        terminal.paste(text)
        terminal.wait_until(lambda: "valid JSON" in terminal.text and " 1 MB of" in terminal.text, "pasted text")
        settled = time.monotonic() - started
        _save_as(terminal, "large")
        saved = desk.project / "events/flaky/large.json"
        terminal.wait_until(lambda: saved.exists() and saved.read_text() == text, "exact file")
        terminal.press("f5")
        terminal.wait_for("not mended yet")
        seconds = quit_with(terminal, "ctrl+q")
    print(f"1 MB pasted and checked in {settled:.2f} s; quit in {seconds:.2f} s")
    assert settled < 10
