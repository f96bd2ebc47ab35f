"""Runs a program on a pseudo-terminal and notes when it wrote what; the screen is worked out afterwards.

A terminal emulator in Python takes 20 ms and more for a full repaint: running it meanwhile would be measured too.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyte

from tests.e2e.terminal import Terminal, screen_bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What arrived at `at_ms` milliseconds after exec."""

    at_ms: float
    data: bytes


class Recorder(Terminal):
    """A terminal that only takes down; leaving the context ends the program."""

    def __init__(
        self, command: Sequence[str], environment: dict[str, str], folder: str, columns: int, rows: int
    ) -> None:
        self.written: list[Written] = []
        self.started = time.perf_counter()
        super().__init__(command, environment, folder, columns=columns, rows=rows)

    def feed(self, data: bytes) -> None:
        """Note the bytes instead of drawing them."""
        self.written.append(Written((time.perf_counter() - self.started) * 1000, data))

    def record(self, seconds: float) -> None:
        """Take down for so long."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.read(min(0.05, end - time.perf_counter()))


def recorded(
    command: Sequence[str], environment: dict[str, str], folder: str, seconds: float, keys: bytes = b""
) -> list[Written]:
    """What `command` writes in its first `seconds`, with `keys` typed at once; then it is ended."""
    with Recorder(command, environment, folder, 120, 40) as recorder:
        if keys:
            recorder.write(keys)
        recorder.record(seconds)
        os.kill(recorder.pid, signal.SIGTERM)
    return recorder.written


def first_ms(
    written: Sequence[Written], true: Callable[[str], bool], columns: int = 120, rows: int = 40
) -> float | None:
    """When the screen first was as `true` wants it; None when it never was."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    for part in written:
        stream.feed(screen_bytes(part.data))
        if true("\n".join(screen.display)):
            return part.at_ms
    return None


def cursor_rows(written: Sequence[Written]) -> Iterator[tuple[float, int]]:
    """When the cursor of the list was on which row of a screen of 120x40."""
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    for part in written:
        stream.feed(screen_bytes(part.data))
        for y in range(2, 30):
            if screen.buffer[y][1].data == "▌":
                yield part.at_ms, y
                break
