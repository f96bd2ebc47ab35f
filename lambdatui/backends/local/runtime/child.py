"""One child process: started in a session of its own, heard through one pipe, ended with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lambdatui.backends.local.runtime.processes import ProcessTable

TELEMETRY_FD = "_LAMBDA_TELEMETRY_LOG_FD"
_READ_BYTES = 65536  # what a pipe holds
_DRAIN_READS = 16
_KILL_ROUNDS = 5


class Child:
    """Owns a process, its session and the pipe that carries its output and its logging.

    Both come through the same pipe: what a handler prints and what it logs stay in the order of writing.
    """

    def __init__(self, marker: str, processes: ProcessTable, on_output: Callable[[bytes], None]) -> None:
        self._marker = marker
        self._processes = processes
        self._on_output = on_output
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._pidfd = -1
        self._loop = asyncio.get_running_loop()
        self.exited: asyncio.Future[int] = self._loop.create_future()

    def start(self, argv: Sequence[str], cwd: Path, environment: Mapping[str, str], telemetry: bool) -> int:
        """Start the process; returns its id, which is also its group and its session.

        Raises:
            OSError: it can't be started.
        """
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603
                argv,
                cwd=cwd,
                env={**environment, TELEMETRY_FD: str(writing)} if telemetry else environment,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                pass_fds=(writing,) if telemetry else (),
                start_new_session=True,
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        os.set_blocking(reading, False)
        self._pipe = reading
        self._loop.add_reader(reading, self._read)
        self._watch(self._process)
        return self._process.pid

    @property
    def pid(self) -> int:
        """The process id; 0 before it was started."""
        return self._process.pid if self._process is not None else 0

    def drain(self) -> None:
        """Take what the pipe holds at this moment."""
        # A background thread may write on for ever: not more than what was there is waited for.
        for _ in range(_DRAIN_READS):
            if self._read() < _READ_BYTES:
                break

    def kill(self, *, thoroughly: bool = True) -> None:
        """End the process and its group; `thoroughly` its session too, and whatever of it went elsewhere."""
        if self._process is None or self._pipe < 0:
            return
        if not self.exited.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for _ in range(_KILL_ROUNDS if thoroughly else 0):
            found = self._processes.members(self._process.pid, self._marker) - {os.getpid()}
            if not found:
                break
            for pid in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """Stop listening to it."""
        if self._pipe >= 0:
            self._loop.remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = -1

    def _read(self) -> int:
        if self._pipe < 0:
            return 0
        try:
            piece = os.read(self._pipe, _READ_BYTES)
        except BlockingIOError:
            return 0
        if piece:
            self._on_output(piece)
        else:
            self._loop.remove_reader(self._pipe)
        return len(piece)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        try:
            self._pidfd = os.pidfd_open(process.pid)
        except (AttributeError, OSError):  # macOS, and kernels before 5.3
            threading.Thread(target=self._wait, args=(process,), daemon=True, name="lambdatui-wait").start()
        else:
            self._loop.add_reader(self._pidfd, self._ended, process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
            self._loop.call_soon_threadsafe(self._ended, process)

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = -1
        # With a pidfd it is not reaped yet, so its number is still its group's: nobody else can be hit.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        returncode = process.wait()
        self.drain()
        if not self.exited.done():
            self.exited.set_result(returncode)
