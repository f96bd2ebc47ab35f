"""A real pseudo-terminal with a terminal emulator behind it: what a person would see and press."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
}
# Questions that a terminal is asked, with the answers of a modern one.
_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}
_QUESTION = re.compile(b"|".join(map(re.escape, _ANSWERS)))
# pyte prints what it does not know: private modes with a prefix, DCS, APC and OSC strings.
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^][^\x1b]*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
DEADLINE_S = 20.0


class Terminal:
    """Runs a program on a pseudo-terminal of its own. Owns the program: leaving the context ends it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str,
        *,
        columns: int = 120,
        rows: int = 40,
        answers: bool = True,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._answers = answers
        self._pending = b""
        self.output = bytearray()
        """Every byte that the program wrote."""
        self.exit_code: int | None = None
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], list(command), dict(environment))
        self._set_size(columns, rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.exit_code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait_exit()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal's own side, as closing its window does."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    @property
    def text(self) -> str:
        """What is on the screen, trailing blanks removed."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str) -> None:
        """Press keys, by name ("enter", "ctrl+s") or as the character itself."""
        for key in keys:
            if key.startswith("ctrl+"):
                self.write(bytes([ord(key[5]) & 0x1F]))
            else:
                self.write(KEYS.get(key, key).encode())

    def paste(self, text: str) -> None:
        """Paste `text` as one bracketed paste, reading what comes back meanwhile."""
        self.write(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def click(self, column: int, row: int) -> None:
        """Click the left button on a cell; 0, 0 is the upper left one."""
        self.write(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m".encode())

    def write(self, keys: bytes) -> None:
        """Send bytes as if typed."""
        os.set_blocking(self.descriptor, False)
        deadline = time.monotonic() + DEADLINE_S
        while keys and time.monotonic() < deadline:
            try:
                keys = keys[os.write(self.descriptor, keys[:4096]) :]
            except BlockingIOError:
                # A full queue empties only when the program reads, and it may wait for us to read first.
                self.read(0.01)
        os.set_blocking(self.descriptor, True)
        assert not keys, "the program does not read what is typed"

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size, as dragging its window does; nothing of what stood there is kept."""
        self.screen.resize(rows, columns)
        self.screen.erase_in_display(2)
        self._set_size(columns, rows)
        os.kill(self.pid, signal.SIGWINCH)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def wait_for(self, text: str, seconds: float = DEADLINE_S) -> None:
        """Wait until `text` is on the screen."""
        self.wait_until(lambda: text in self.text, f"{text!r} on the screen", seconds)

    def wait_gone(self, text: str, seconds: float = DEADLINE_S) -> None:
        """Wait until `text` is off the screen."""
        self.wait_until(lambda: text not in self.text, f"{text!r} gone from the screen", seconds)

    def wait_until(self, true: Callable[[], bool], what: str, seconds: float = DEADLINE_S) -> None:
        """Read the program's output until `true()`; fails with the screen when that takes too long."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline or not (self.read(0.05) or self._alive()):
                if true():
                    return
                raise AssertionError(f"no {what} (exit code {self.exit_code}):\n{self.text}")

    def wait_match(self, pattern: bytes, seconds: float = DEADLINE_S) -> re.Match[bytes]:
        """Wait until what the program wrote matches `pattern`; the first match."""
        found: list[re.Match[bytes]] = []

        def matches() -> bool:
            match = re.search(pattern, bytes(self.output))
            found.extend([match] if match else [])
            return match is not None

        self.wait_until(matches, f"{pattern!r} in the output", seconds)
        return found[0]

    def wait_exit(self, seconds: float = DEADLINE_S) -> float:
        """Wait until the program ends; the seconds that took. Its code is in `exit_code`."""
        started = time.monotonic()
        while self._alive():
            assert time.monotonic() < started + seconds, f"the program goes on:\n{self.text}"
            self.read(0.02)
        while self.read(0.05):
            pass
        return time.monotonic() - started

    def _alive(self) -> bool:
        if self.exit_code is not None:
            return False
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            self.exit_code = os.waitstatus_to_exitcode(status)
        return not pid

    def read(self, seconds: float) -> bool:
        """Take what the program writes within `seconds`; whether there was anything."""
        if self.descriptor < 0:
            select.select([], [], [], min(seconds, 0.02))
            return False
        ready, _, _ = select.select([self.descriptor], [], [], seconds)
        if not ready:
            return False
        try:
            written = os.read(self.descriptor, 65536)
        except BlockingIOError:
            return False
        except OSError:  # Linux says EIO when the program's side is closed
            return False
        self.output += written
        if self._answers:
            for question in _QUESTION.findall(self.output[-len(written) - 8 :]):
                os.write(self.descriptor, _ANSWERS[question])
        self.feed(written)
        return True

    def feed(self, written: bytes) -> None:
        """Draw what the program wrote."""
        self._pending += written
        # A sequence cut in two waits for its other half.
        cut = self._pending.rfind(b"\x1b", -64)
        whole = self._pending if cut < 0 or _complete(self._pending[cut:]) else self._pending[:cut]
        self._pending = self._pending[len(whole) :]
        self._stream.feed(screen_bytes(whole))

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def screen_bytes(written: bytes) -> bytes:
    """`written` without the sequences that pyte does not know and would print."""
    return _UNKNOWN.sub(b"", written)


def _complete(tail: bytes) -> bool:
    if tail[1:2] in (b"P", b"]", b"_", b"^"):
        return tail.endswith((b"\x07", b"\x1b\\"))
    return re.match(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[^\[])", tail) is not None
