"""What is in the editors, a small file a function."""

from __future__ import annotations

import json
from pathlib import Path

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.events import Draft, EventSource
from lambdatui.storage.files import private_folder, set_aside, translated, write_atomically
from lambdatui.storage.names import path_name


class FileDraftStore:
    """Keeps drafts in one folder. Owns its files; refuses nothing: a damaged file is set aside as NAME.broken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, function_name: str) -> Draft | None:
        """The draft kept for this function, or None."""
        path = self._path(function_name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WorkbenchError(f"The draft of {function_name} can't be read", error.strerror or str(error)) from error
        draft = _draft(content)
        if draft is None:
            set_aside(path)
        return draft

    def save(self, function_name: str, draft: Draft) -> None:
        """Keep `draft`, atomically, before this returns.

        It survives `kill -9` at any moment; not waiting for the disk itself keeps it off the typist's way.
        Raises:
            WorkbenchError: the folder can't be written.
        """
        document = {
            "version": 1,
            "text": draft.text,
            "name": draft.name,
            "source": draft.source.name if draft.source else "",
            "source_path": draft.source_path,
            "revision": draft.revision,
            "modified": draft.modified,
        }
        # ASCII with escapes: a lone surrogate, pasted, must not make a draft that can't be written.
        content = json.dumps(document).encode("ascii")
        write_atomically(private_folder(self._folder) / self._path(function_name).name, content, durable=False)

    def discard(self, function_name: str) -> None:
        """Forget the draft of this function.

        Raises:
            WorkbenchError: the file can't be removed.
        """
        with translated(f"The draft of {function_name} can't be removed"):
            self._path(function_name).unlink(missing_ok=True)

    def _path(self, function_name: str) -> Path:
        return self._folder / f"{path_name(function_name)}.json"


def _draft(content: bytes) -> Draft | None:
    try:
        document = json.loads(content)
        source = document["source"]
        return Draft(
            text=_text(document["text"]),
            name=_text(document["name"]),
            source=EventSource[source] if source else None,
            source_path=_text(document["source_path"]),
            revision=_text(document["revision"]),
            modified=document["modified"] is True,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
