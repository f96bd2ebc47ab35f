"""The user's own copy of the shipped examples: made fresh where it is untouched, never at the cost of an edit."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lambdatui.storage.files import private_folder, translated, write_atomically

_EVENTS = "events/"


@dataclass(frozen=True, slots=True)
class Lease:
    """While it is held, no other start of lambdatui changes the demo's folder."""

    descriptor: int

    def release(self) -> None:
        """Let the folder go."""
        os.close(self.descriptor)


class DemoFolder:
    """The folder that `--demo` opens.

    Owns its content at start, and a note of what was copied, to tell the user's edits from an older version's files.
    Refuses to touch it while another lambdatui has it open, to overwrite an edited file, and to remove a saved event.
    """

    def __init__(self, folder: Path, state: Path) -> None:
        self._folder = folder
        self._note = state / "demo.json"
        self._lock = state / "demo.lock"

    def refresh(self, shipped: Path, now: datetime) -> str:
        """Bring the folder to what is shipped; what is worth telling about it, "" when nothing.

        Edited code is set aside whole, under a dated name. Events are the user's: those that were saved or edited stay.
        Raises:
            WorkbenchError: the folder can't be written.
        """
        with translated(f"The examples can't be copied to {self._folder}"), self._alone() as alone:
            if not alone:
                return ""
            files = _files(shipped)
            if not self._folder.is_dir():
                self._copy(files)
                return ""
            copied = self._copied(files)
            here = {name: _sum(content) for name, content in _files(self._folder).items()}
            if any(here.get(name) != sum_ for name, sum_ in copied.items() if not name.startswith(_EVENTS)):
                return self._set_aside(files, copied, now)
            self._update(files, copied, here)
            return ""

    def lease(self) -> Lease:
        """Keep the folder as it is until released or until the process ends, however it ends."""
        import fcntl  # noqa: PLC0415  # only the demo needs it

        descriptor = self._open_lock()
        with suppress(OSError):  # a file system without locks: two workbenches may then share a refreshed folder
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        return Lease(descriptor)

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        import fcntl  # noqa: PLC0415  # only the demo needs it

        descriptor = self._open_lock()
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Another start may be copying just now: a shared lock waits for its end, not for that of a workbench.
                fcntl.flock(descriptor, fcntl.LOCK_SH)
                yield False
                return
            except OSError:
                yield True
                return
            yield True
        finally:
            os.close(descriptor)

    def _open_lock(self) -> int:
        private_folder(self._lock.parent)
        return os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)

    def _copied(self, files: Mapping[str, bytes]) -> dict[str, str]:
        try:
            noted = json.loads(self._note.read_bytes())["files"]
            return {str(name): str(sum_) for name, sum_ in noted.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {name: _sum(content) for name, content in files.items()}  # unknown: what differs counts as edited

    def _copy(self, files: Mapping[str, bytes]) -> None:
        unfinished = private_folder(self._folder.parent) / f".{self._folder.name}.{os.getpid()}.tmp"
        for name, content in files.items():
            _write(unfinished / name, content)
        unfinished.replace(self._folder)
        self._remember(files)

    def _remember(self, files: Mapping[str, bytes]) -> None:
        sums = {name: _sum(content) for name, content in files.items()}
        write_atomically(self._note, json.dumps({"files": sums}).encode(), durable=False)

    def _set_aside(self, files: Mapping[str, bytes], copied: Mapping[str, str], now: datetime) -> str:
        aside = self._folder.with_name(f"{self._folder.name}-{now:%Y-%m-%d-%H%M%S}")
        self._folder.replace(aside)
        self._copy(files)
        for name, content in _files(aside / "events").items():
            if copied.get(_EVENTS + name) != _sum(content):
                _write(self._folder / "events" / name, content)
        return f"your edited examples are in {aside}"

    def _update(self, files: Mapping[str, bytes], copied: Mapping[str, str], here: Mapping[str, str]) -> None:
        current = {name: _sum(content) for name, content in files.items()}
        if current == copied == {name: here.get(name) for name in copied}:
            return
        for name, content in files.items():
            if here.get(name) in (None, copied.get(name)) and here.get(name) != current[name]:
                _write(self._folder / name, content)
        for name in copied.keys() - files.keys():
            if here.get(name) == copied[name]:
                (self._folder / name).unlink(missing_ok=True)
        self._remember(files)


def _files(folder: Path) -> dict[str, bytes]:
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.suffix != ".pyc" and path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _sum(content: bytes) -> str:
    return f"{len(content)}-{zlib.crc32(content):08x}"


def _write(path: Path, content: bytes) -> None:
    private_folder(path.parent)
    # A custom runtime is started by executing its bootstrap.
    mode = 0o700 if path.name == "bootstrap" else 0o600
    write_atomically(path, content, mode=mode, durable=False)
    path.chmod(mode)
