"""What is written to a real terminal: with fewer bytes the same screen, whatever the user does."""

from __future__ import annotations

import random
import re
import signal
import sys
import time
from pathlib import Path

import pyte
import pytest

from tests.e2e.desk import Desk, wait_live
from tests.e2e.terminal import DEADLINE_S, Terminal, screen_bytes
from tests.ui.output.screens import shown

ROOT = Path(__file__).parents[2]
# A frame that leaves the screen and the cursor as the one before it did.
_IDLE_FRAME = re.compile(rb"(\x1b\[[0-9;]*H)\x1b\[\?2026l\x1b\[\?2026h\1\x1b\[\?2026l")
_SIZES = ((120, 40), (100, 30), (81, 24), (150, 45), (119, 40))
_KEYS = [
    *("1", "2", "3", "4", "j", "j", "k", "i", "i", "a", "w", "/", "enter", "escape", "escape", "tab", "c", "h", "?"),
    *("pageup", "pagedown", "up", "down", "home", "end", "ctrl+p", "x", "日", "left", "right", "g", "G", "z", "+", "-"),
]


class Shadowed:
    """A workbench on a terminal, and what Textual's own full repaint of it would be."""

    def __init__(self, desk: Desk, folder: Path, more: dict[str, str], *, answers: bool = True) -> None:
        self._shadow = folder / "shadow"
        command = [sys.executable, "-m", "tests.e2e.shadowed", str(self._shadow)]
        environment = {**desk.environment, "PYTHONPATH": str(ROOT), **more}
        self.terminal = Terminal(command, environment, str(desk.project), answers=answers)

    def settle(self) -> None:
        """Read until the program has nothing to say for a moment."""
        while self.terminal.read(0.06):
            pass

    def check(self, done: str) -> None:
        """What the terminal shows is what a full repaint would make it; the pen is plain, the margins are gone.

        No frame was written that changed nothing.
        """
        deadline = time.monotonic() + DEADLINE_S
        while wrong := self._differences():
            assert time.monotonic() < deadline, f"after {done}: {wrong[:4]}\n{self.terminal.text}"
        screen = self.terminal.screen
        assert screen.cursor.attrs == screen.default_char
        assert screen.margins is None
        assert _IDLE_FRAME.search(self.terminal.output) is None

    def _differences(self) -> list[object]:
        self.settle()
        self._shadow.unlink(missing_ok=True)
        self.terminal.signal(signal.SIGUSR1)
        self.terminal.wait_until(self._shadow.exists, "shadow")
        self.settle()
        screen = self.terminal.screen
        whole = pyte.Screen(screen.columns, screen.lines)
        pyte.ByteStream(whole).feed(screen_bytes(b"\x1b[?7l" + self._shadow.read_bytes()))
        pairs = zip(shown(whole), shown(screen), strict=True)
        return [
            (x, y, wanted, got)
            for y, (left, right) in enumerate(pairs)
            for x, (wanted, got) in enumerate(zip(left, right, strict=True))
            if wanted != got
        ]


@pytest.mark.terminal
@pytest.mark.parametrize(
    "look",
    [{}, {"LAMBDATUI_THEME": "terminal"}, {"NO_COLOR": "1", "LAMBDATUI_THEME": "lambdatui-light"}],
    ids=["truecolor", "terminal", "no-color"],
)
def test_the_screen_is_that_of_a_full_repaint(desk: Desk, tmp_path: Path, look: dict[str, str]) -> None:
    """Keys, dialogs, logs, other sizes, another program in between: each cell is what a full repaint would make it."""
    chance = random.Random(len(look))  # noqa: S311 - a test wants the same keys each time
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf '\\033[2J\\033[3;9r\\033[41mEDITED\\033[5;1H'\n")
    editor.chmod(0o755)
    shadowed = Shadowed(desk, tmp_path, {**look, "EDITOR": str(editor), "VISUAL": str(editor)})
    with shadowed.terminal as terminal:
        wait_live(terminal)
        shadowed.check("the start")
        for _ in range(12):
            keys = chance.choices(_KEYS, k=chance.randrange(1, 6))
            for key in keys:
                terminal.press(key)
                terminal.read(0.02)
            if chance.random() < 0.4:
                terminal.resize(*chance.choice(_SIZES))
            shadowed.check(f"{keys} in {terminal.screen.columns}x{terminal.screen.lines}")
        terminal.press("escape")
        shadowed.settle()
        terminal.press("escape", "2")
        shadowed.settle()
        terminal.press("ctrl+e")
        shadowed.settle()
        shadowed.check("the editor")


@pytest.mark.terminal
def test_a_terminal_that_answers_nothing_is_written_to_all_the_same(desk: Desk, tmp_path: Path) -> None:
    """Log lines come, at a plain rate, where nobody says what is shown already."""
    shadowed = Shadowed(desk, tmp_path, {}, answers=False)
    with shadowed.terminal as terminal:
        wait_live(terminal)
        for number in (1, 2, 3):
            terminal.press("i")
            terminal.wait_until(lambda n=number: terminal.text.count("REPORT") >= n, f"{number} reports")  # type: ignore[misc]
        shadowed.check("three invocations")
        asked = bytes(terminal.output).count(b"\x1b[6n")
        assert asked <= 1
