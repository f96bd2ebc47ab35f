"""Keeps the guard process informed of what runs, so that nothing survives the workbench, however it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_SCRIPT = Path(__file__).with_name("guard.py")


class Guard:
    """Owns the guard process and the pipe to it. The end of the pipe, which `kill -9` closes too, is the signal.

    Starts with the first group that it is told of, and again when somebody ended it.
    """

    def __init__(self, marker: str, folder: Path) -> None:
        self._marker = marker
        self._folder = folder
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._unsent = b""

    def add(self, group: int) -> None:
        """A process group runs from now on."""
        self._groups.add(group)
        self._tell(f"+{group}\n".encode())

    def discard(self, group: int) -> None:
        """A process group has ended."""
        self._groups.discard(group)
        if self._process is not None:  # closed: a guard that is begun for this has nothing to guard, and no end
            self._tell(f"-{group}\n".encode())

    def remove(self, folder: Path) -> None:
        """Have `folder` removed, without waiting for it."""
        if self._process is None or b"\n" in os.fsencode(folder):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            self._tell(b"rm " + os.fsencode(folder) + b"\n")

    def close(self) -> None:
        """Let the guard clean up and end."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        process, self._process = self._process, None
        if process is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        try:
            if process.wait(timeout=2) != 0:
                shutil.rmtree(self._folder, ignore_errors=True)
        except subprocess.TimeoutExpired:
            # It still removes files and then ends by itself: nobody has to wait for that.
            process.returncode = 0

    def _tell(self, line: bytes) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()
            return
        self._unsent += line
        self._send()

    def _send(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self._pipe, self._unsent) :]
        except (BlockingIOError, BrokenPipeError):
            # It is busy removing files, or has just been ended: the next line takes this one along, or starts anew.
            return

    def _start(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
        reading, self._pipe = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", str(_SCRIPT), self._marker, str(self._folder)],
                stdin=reading,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,  # a terminal that hangs up must not take it along
            )
        finally:
            os.close(reading)
        os.set_blocking(self._pipe, False)
        # Every group that runs, the one just added included.
        self._unsent = "".join(f"+{group}\n" for group in sorted(self._groups)).encode()
        self._send()
