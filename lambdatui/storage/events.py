"""Named events as plain JSON files: a function's own, the project's, and the shipped samples."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Conflict, InvalidInput, NotFound, Unsupported, WorkbenchError
from lambdatui.core.events import EventEntry, EventSource, SavedEvent
from lambdatui.storage.files import locked_folder, private_folder, translated, write_atomically
from lambdatui.storage.names import check_event_name, path_name

_LONGEST_BYTES = 32 * 1024 * 1024
"""Five times what Lambda takes: larger is a file that got here by mistake."""


class FileEventStore:
    """Keeps events as files.

    Args:
        own: the folder that holds a folder of events for each function.
        project: the folder whose own files are events for every function; None when there is none.
        samples: the shipped samples, SERVICE/NAME.json. Never written.
        trash: where deleted events go, under a dated name.
        root: the folder that no write leaves, whatever a symbolic link says.
        private: whether what is written is for the user's eyes only; else the umask decides, as in a project.

    Refuses to overwrite what changed since it was read, names that leave the folder, and writes through a link
    that leads out of `root`.
    """

    def __init__(
        self,
        *,
        own: Path,
        project: Path | None,
        samples: Path,
        trash: Path,
        root: Path,
        clock: Callable[[], datetime],
        private: bool = False,
    ) -> None:
        self._own = own
        self._project = project
        self._samples = samples
        self._trash = trash
        self._root = root
        self._clock = clock
        self._private = private

    async def entries(self, function_name: str) -> tuple[EventEntry, ...]:
        """What can be opened for this function: its own events, then the project's, then the samples.

        In each, "default" stands first, then by name; "hello/world" is the first of the samples.
        """
        return await call_blocking(self._entries, function_name)

    async def load(self, entry: EventEntry) -> SavedEvent:
        """Read one event.

        Raises:
            NotFound: the file is gone.
            InvalidInput: the file is not UTF-8 text, or no event by its size.
        """
        return await call_blocking(self._load, entry)

    async def save(
        self,
        function_name: str,
        name: str,
        text: str,
        revision: str | None,
        source: EventSource = EventSource.FUNCTION,
    ) -> SavedEvent:
        """Write an event under `name`. `revision` is what was read, None for a new name.

        Raises:
            InvalidInput: `name` can't be a file's name, or the file is a link that leads out of the project.
            Conflict: the name exists and `revision` is None, or the file changed or went since it was read.
            Unsupported: samples can't be written.
            WorkbenchError: the disk is full, or the folder not writable.
        """
        return await call_blocking(self._save, function_name, name, text, revision, source)

    async def delete(self, entry: EventEntry) -> None:
        """Move a saved event to the trash folder, from where it can be taken back.

        Raises:
            NotFound: the file is gone.
            Unsupported: samples can't be deleted.
        """
        await call_blocking(self._delete, entry)

    def _entries(self, function_name: str) -> tuple[EventEntry, ...]:
        found = list(_listed(self._own / path_of(function_name), EventSource.FUNCTION))
        if self._project is not None:
            found.extend(_listed(self._project, EventSource.PROJECT))
        samples = [
            entry
            for service in _folders(self._samples)
            for entry in _listed(service, EventSource.SAMPLE, f"{service.name}/")
        ]
        samples.sort(key=lambda entry: entry.name != "hello/world")
        return (*found, *samples)

    def _load(self, entry: EventEntry) -> SavedEvent:
        return _saved(entry.name, entry.source, Path(entry.path))

    def _save(self, function_name: str, name: str, text: str, revision: str | None, source: EventSource) -> SavedEvent:
        folder = self._folder(function_name, source)
        name = check_event_name(name)
        try:
            content = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidInput(f"{name}: character {error.start + 1} is no text", "It is half of a pair.") from None
        self._check_inside(folder)
        if self._private:
            private_folder(folder)
        else:
            with translated(f"The folder {folder} can't be created"):
                folder.mkdir(parents=True, exist_ok=True)
        link = folder / f"{name}.json"
        self._check_inside(link)
        path = link.resolve()  # a link stays one: what it leads to is written
        with translated(f"{path} can't be written"), locked_folder(path.parent):
            self._check_unchanged(link, name, source, text, revision)
            write_atomically(path, content, mode=0o600 if self._private else 0o666)
        return _saved(name, source, link)

    def _check_unchanged(self, path: Path, name: str, source: EventSource, text: str, revision: str | None) -> None:
        try:
            there: SavedEvent | None = _saved(name, source, path)
        except NotFound:
            there = None
        if there is None and revision is not None:
            raise Conflict(f"“{name}” is gone", "It was deleted since it was read.", "Save it anew.", mine=text)
        if there is not None and revision is None and there.text != text:
            raise Conflict(f"“{name}” exists already", str(path), "Choose another name.", mine=text, theirs=there.text)
        if there is not None and revision is not None and there.revision != revision and there.text != text:
            raise Conflict(f"“{name}” changed on disk", str(path), mine=text, theirs=there.text)

    def _check_inside(self, path: Path) -> None:
        try:
            leads_to = path.resolve()
        except (OSError, RuntimeError):  # RuntimeError: a loop of links, up to Python 3.12
            raise InvalidInput(f"{path.name}: a link that leads nowhere") from None
        if not leads_to.is_relative_to(self._root.resolve()):
            raise InvalidInput(f"{path.name}: a link to {leads_to}", f"That is outside {self._root}: not written.")

    def _folder(self, function_name: str, source: EventSource) -> Path:
        if source is EventSource.FUNCTION:
            return self._own / path_of(function_name)
        if source is EventSource.PROJECT and self._project is not None:
            return self._project
        raise Unsupported("Samples can't be changed", "They belong to lambdatui.", "Save it for the function.")

    def _delete(self, entry: EventEntry) -> None:
        if entry.source is EventSource.SAMPLE:
            raise Unsupported("Samples can't be deleted", "They belong to lambdatui.")
        path = Path(entry.path)
        trash = private_folder(self._trash)
        aside = trash / f"{self._clock():%Y-%m-%d-%H%M%S-%f}-{path.parent.name}-{path.name}"
        import shutil  # noqa: PLC0415  # the trash may be on another disk

        try:
            shutil.move(path, aside)
        except FileNotFoundError:
            raise NotFound(f"“{entry.name}” is gone", str(path)) from None
        except OSError as error:
            raise WorkbenchError(f"“{entry.name}” can't be deleted", error.strerror or str(error)) from error


def path_of(function_name: str) -> str:
    """The name of a function's folder: its own name, where a folder can have it."""
    plain = function_name.isascii() and function_name.replace("-", "").replace("_", "").isalnum()
    return function_name if plain and len(function_name) <= 120 else path_name(function_name)


def _listed(folder: Path, source: EventSource, prefix: str = "") -> Iterator[EventEntry]:
    try:
        names = sorted(os.listdir(folder), key=lambda name: (name != "default.json", name.casefold(), name))  # noqa: PTH208
    except OSError:  # no folder, no events
        return
    for file_name in names:
        if not file_name.endswith(".json") or file_name.startswith("."):
            continue
        path = folder / file_name
        try:
            status = path.stat()
        except OSError:  # gone meanwhile, or a link that leads nowhere
            continue
        if stat.S_ISREG(status.st_mode):
            yield EventEntry(f"{prefix}{file_name.removesuffix('.json')}", source, str(path), status.st_size)


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))
    except OSError:
        return []


def _saved(name: str, source: EventSource, path: Path) -> SavedEvent:
    import hashlib  # noqa: PLC0415  # 8 ms that the first frame does not wait for

    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its writer
            raise InvalidInput(f"“{name}” is not a file", str(path))
        with path.open("rb") as file:
            content = file.read(_LONGEST_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"“{name}” is gone", f"There is no file {path}.") from None
    except OSError as error:
        raise WorkbenchError(f"“{name}” can't be read", f"{path}: {error.strerror or error}") from error
    if len(content) > _LONGEST_BYTES:
        raise InvalidInput(f"“{name}” is too large for an event", f"More than {_LONGEST_BYTES // 1024**2} MB: {path}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"“{name}” is not UTF-8 text", f"Byte {error.start} of {path}.") from None
    revision = hashlib.blake2b(content, digest_size=16).hexdigest()
    return SavedEvent(EventEntry(name, source, str(path), len(content)), text, revision)
