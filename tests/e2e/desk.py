"""What a person sits at: a home folder of their own, a project, and terminals in which the installed command runs."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.terminal import Terminal

COMMAND = str(Path(sys.executable).with_name("lambdatui"))
LIVE = re.compile(r"read-(?:write|only) +\d\d:\d\d")
"""On a live screen the header tells the time; on the kept picture of the last start it does not."""
# What must be off when the terminal is given back: alternate screen, mouse, bracketed paste, focus reports, line wrap.
_MODES_OFF = (1049, 1000, 1003, 1006, 1015, 1004, 2004)
_MODES_ON = (7, 25)


class Desk:
    """Owns a home folder and the environment that goes with it; nothing of the user's own is in reach."""

    def __init__(self, home: Path, project: Path) -> None:
        self.home = home
        self.project = project
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ},
        }

    @property
    def state(self) -> Path:
        """The folder in which the program keeps what a crash must not lose."""
        return self.home / ".local/state/lambdatui"

    def configure(self, toml: str) -> Path:
        """Write the settings file, and return its path."""
        path = self.home / ".config/lambdatui/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(toml)
        return path

    def open(
        self,
        *words: str,
        columns: int = 120,
        rows: int = 40,
        answers: bool = True,
        more: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start the command in the project's folder on a terminal of its own."""
        environment = {name: value for name, value in {**self.environment, **(more or {})}.items() if value}
        command = [COMMAND, *words]
        return Terminal(command, environment, str(self.project), columns=columns, rows=rows, answers=answers)

    def start(self, *words: str, columns: int = 120, rows: int = 40, more: Mapping[str, str] | None = None) -> Terminal:
        """`open`, and wait for the live screen with the list on it."""
        terminal = self.open(*words, columns=columns, rows=rows, more=more)
        wait_live(terminal)
        return terminal

    def children(self) -> dict[int, str]:
        """The processes that belong to this desk, pid → command line: those that carry its home or project."""
        found = {}
        signs = (os.fsencode(self.home), os.fsencode(self.project), os.fsencode(self.home.resolve()))
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                command = (entry / "cmdline").read_bytes()
                known = command + (entry / "environ").read_bytes() + os.fsencode((entry / "cwd").readlink())
            except OSError:
                continue  # it ended, or belongs to somebody else
            if command and any(sign in known for sign in signs):
                found[int(entry.name)] = command.replace(b"\0", b" ").decode("utf-8", "replace")
        return found

    def wait_no_children(self, seconds: float = 5.0) -> None:
        """Wait until nothing that the workbench started is left."""
        deadline = time.monotonic() + seconds
        while left := self.children():
            assert time.monotonic() < deadline, f"still there: {left}"

    def files(self, pattern: str) -> list[Path]:
        """The files below the home folder whose name matches."""
        return sorted(path for path in self.home.rglob(pattern) if path.is_file())


def wait_live(terminal: Terminal) -> None:
    """Wait until the true list stands on the live screen."""
    terminal.wait_until(
        lambda: LIVE.search(terminal.text) is not None and "last known list" not in terminal.text, "live screen"
    )


def choose(terminal: Terminal, name: str) -> None:
    """Put the cursor on the function `name` with the filter, and clear the filter again."""
    terminal.write(b"1/" + name.encode() + b"\r")
    terminal.wait_until(lambda: f"▌{name}" in terminal.text, f"cursor on {name}")
    terminal.wait_until(lambda: re.search(r" \d+/\d+ ─", terminal.text) is not None, "filter at work")
    # Escape and the next key together would be read as alt and that key.
    terminal.press("escape")
    terminal.wait_until(lambda: re.search(r" \d+/\d+ ─", terminal.text) is None, "whole list")
    wait_event(terminal)


def wait_event(terminal: Terminal) -> None:
    """Wait until the selected function's event is in the editor, where the editor shows."""
    terminal.wait_until(
        lambda: re.search(r"\d [kM]?B of \d", terminal.text) is not None or " General" in terminal.text, "event"
    )


def quit_with(terminal: Terminal, *keys: str) -> float:
    """Press the keys that quit; the seconds until the process was gone. Its terminal must be as it was found."""
    started = time.monotonic()
    terminal.press(*keys)
    terminal.wait_exit()
    seconds = time.monotonic() - started
    assert terminal.exit_code == 0, terminal.text
    assert_given_back(terminal)
    # 0.1 to 0.3 s on a quiet machine; the limit is for one that is busy with other tests.
    assert seconds < 5.0, f"quitting took {seconds:.2f} s"
    return seconds


def assert_given_back(terminal: Terminal) -> None:
    """The last word of the program on each mode of the terminal is that of a plain shell."""
    for mode in _MODES_OFF:
        assert _last(terminal, mode) in (b"l", None), f"mode {mode} is still on"
    for mode in _MODES_ON:
        assert _last(terminal, mode) in (b"h", None), f"mode {mode} is still off"
    assert terminal.output.count(b"\x1b[>") == 0 or terminal.output.rfind(b"\x1b[<u") > terminal.output.rfind(b"\x1b[>")


def _last(terminal: Terminal, mode: int) -> bytes | None:
    found = re.findall(rb"\x1b\[\?%d([hl])" % mode, bytes(terminal.output))
    return found[-1] if found else None
