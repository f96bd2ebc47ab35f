"""Keeps the log events of the functions on disk, within a size cap, for any number of processes."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import uuid4

from lambdatui.backends.local.log_segments import encode, group_folder, segment_path, segments
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogEvent

_SEGMENTS_PER_GROUP = 8
_WRITE_BYTES = 1_048_576
_LOCK_WAIT_S = 0.2


class LogFiles:
    """Implements `LogSink`: owns the open files of the groups that this process writes to.

    Safe beside other processes that do the same. A full disk does not fail the invocation: the events are lost, and
    `problem` says so until writing works again.
    """

    def __init__(self, root: Path, bytes_per_function: int) -> None:
        self.root = root
        self.problem: WorkbenchError | None = None
        self._bytes_per_function = bytes_per_function
        self._groups: dict[str, _Group] = {}
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._lock = Lock()

    def extend(self, function_name: str, events: Sequence[LogEvent]) -> None:
        """Keep `events`; others can read them when this returns. An event without an id gets one."""
        if not events:
            return
        lines = [encode(event if event.event_id else event._replace(event_id=uuid4().hex)) for event in events]
        with self._lock:
            group = self._groups.get(function_name)
            if group is None:
                folder = group_folder(self.root, function_name)
                group = self._groups[function_name] = _Group(folder, self._bytes_per_function)
            try:
                for chunk in _chunks(lines):
                    group.append(chunk)
                self.problem = None
            except OSError as error:
                self.problem = WorkbenchError(f"The log of {function_name} can't be written", error.strerror or "")
        for listener in self._listeners:
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener`, in the writer's thread, whenever this process wrote; what is returned ends that."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return unsubscribe

    def close(self) -> None:
        """Close the files. Writing again opens them again."""
        with self._lock:
            for group in self._groups.values():
                group.close()
            self._groups.clear()


class _Group:
    """The writer of one function's log."""

    def __init__(self, folder: Path, bytes_at_most: int) -> None:
        self._folder = folder
        self._bytes_at_most = bytes_at_most
        self._segment_bytes = max(bytes_at_most // _SEGMENTS_PER_GROUP, 4096)
        self._number = 0
        self._descriptor = -1

    def append(self, content: bytes) -> None:
        """Write whole lines behind what is there, in one piece."""
        with self._locked():
            self._find_current()
            size = os.fstat(self._descriptor).st_size
            if size and size + len(content) > self._segment_bytes:
                self._open(self._number + 1)
                self._prune()
                size = os.fstat(self._descriptor).st_size
            if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
                content = b"\n" + content  # a writer died in the middle of a line: it ends here
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            descriptor = self._open_lock()
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = self._open_lock()
        try:
            # A workbench that is stopped (ctrl+z) may hold the lock for hours; an append is whole without it.
            deadline = time.monotonic() + _LOCK_WAIT_S
            while not _try_lock(descriptor) and time.monotonic() < deadline:
                time.sleep(0.002)
            yield
        finally:
            os.close(descriptor)

    def _open_lock(self) -> int:
        return os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)

    def _find_current(self) -> None:
        """Have the newest segment open: another process may have begun one, or somebody removed the files."""
        if self._descriptor >= 0 and os.fstat(self._descriptor).st_nlink:
            following = self._number + 1
            if not segment_path(self._folder, following).exists():
                return
        present = segments(self._folder)
        self._open(present[-1] if present else 1)

    def _open(self, number: int) -> None:
        self.close()
        path = segment_path(self._folder, number)
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._number = number

    def _prune(self) -> None:
        older = segments(self._folder)[:-1]
        sizes = {number: segment_path(self._folder, number).stat().st_size for number in older}
        room = self._bytes_at_most - self._segment_bytes
        for number in older:
            if sum(sizes.values()) <= room:
                return
            segment_path(self._folder, number).unlink(missing_ok=True)
            del sizes[number]


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _chunks(lines: list[bytes]) -> Iterator[bytes]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        if size + len(line) > _WRITE_BYTES and chunk:
            yield b"".join(chunk)
            chunk, size = [], 0
        chunk.append(line)
        size += len(line)
    yield b"".join(chunk)
