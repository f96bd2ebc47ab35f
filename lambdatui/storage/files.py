"""Files written whole or not at all."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lambdatui.core.errors import InvalidInput, WorkbenchError


def private_folder(path: Path) -> Path:
    """`path`, created with its parents if need be, each new folder for the user's eyes only (0700).

    Raises:
        WorkbenchError: it can't be created.
    """
    missing = []
    folder = path
    while not folder.is_dir():
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    with translated(f"The folder {path} can't be created"):
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600, durable: bool = True) -> None:
    """Replace the file at `path` with `content` in one step: a reader sees the old or the new one, never a part.

    An existing file keeps its mode; a new one gets `mode`, less the umask. `durable` waits until it is on the disk
    itself; without it the file survives the end of the process, not a power cut.
    Raises:
        WorkbenchError: the folder is missing, full or not writable; the old file is then unharmed.
    """
    # In the same folder, since a rename is atomic within one file system only.
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{time.monotonic_ns():x}.tmp")
    with translated(f"{path} can't be written"):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with suppress(FileNotFoundError):
                    os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
                file.write(content)
                if durable:
                    file.flush()
                    os.fsync(descriptor)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(path.parent)


def write_new_file(typed: str, content: bytes) -> str:
    """Write `content` to the path that the user typed ("~" and relative ones too); the full path that was written.

    Raises:
        InvalidInput: there is a file of that name: it is not replaced.
        WorkbenchError: it can't be written.
    """
    path = Path(os.path.abspath(os.path.expanduser(typed)))  # noqa: PTH100, PTH111  # Path.expanduser raises without a home
    if path.exists():
        raise InvalidInput(f"{path.name} exists already", str(path), "Choose another name: nothing was written.")
    write_atomically(path, content)
    return str(path)


def begin_new_file(typed: str) -> PieceByPiece:
    """Begin a file at the path that the user typed ("~" and relative ones too). Blocks.

    Raises:
        InvalidInput: there is a file of that name: it is not replaced.
        WorkbenchError: it can't be written.
    """
    return PieceByPiece(Path(os.path.abspath(os.path.expanduser(typed))))  # noqa: PTH100, PTH111  # as above


class PieceByPiece:
    """A `NewFile`: written beside its place under another name, and renamed when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refuse_existing()
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}-{time.monotonic_ns():x}.tmp")
        with translated(f"{path} can't be written"):
            self._descriptor = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)

    def _refuse_existing(self) -> None:
        if self._path.exists():
            raise InvalidInput(
                f"{self._path.name} exists already", str(self._path), "Choose another name: nothing was written."
            )

    def write(self, piece: bytes) -> None:
        """See `NewFile`."""
        with translated(f"{self._path} can't be written"):
            left = memoryview(piece)
            while left:
                left = left[os.write(self._descriptor, left) :]

    def finish(self) -> str:
        """See `NewFile`."""
        self._refuse_existing()
        with translated(f"{self._path} can't be written"):
            os.fsync(self._descriptor)
            os.close(self._descriptor)
            self._temporary.replace(self._path)
        return str(self._path)

    def discard(self) -> None:
        """See `NewFile`."""
        with suppress(OSError):
            os.close(self._descriptor)
        self._temporary.unlink(missing_ok=True)


@contextmanager
def translated(title: str) -> Iterator[None]:
    """Tells of a failed file operation in our own terms.

    Raises:
        WorkbenchError: `title`, and the operating system's reason.
    """
    try:
        yield
    except OSError as error:
        raise WorkbenchError(title, error.strerror or str(error)) from error


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Keep other workbenches from writing in `folder` meanwhile, where its file system can."""
    import fcntl  # noqa: PLC0415  # only writers need it

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # network file systems without locks: the check and the rename stay close together
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_aside(path: Path, word: str = "broken") -> Path | None:
    """Rename a file that can't be read to NAME.broken: neither in the way nor lost. None if it is gone."""
    aside = path.with_name(f"{path.name}.{word}")
    try:
        path.replace(aside)
    except OSError:
        return None
    return aside


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network file systems refuse it; the file itself is on disk
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
