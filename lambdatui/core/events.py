"""Event payloads: their names, their problems, and the promise of a store that keeps them as files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class EventSource(Enum):
    """Where an event comes from. Only the first two can be written."""

    FUNCTION = "saved"
    PROJECT = "project"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event that can be opened. `name` is unique within its source ("put", "s3/put"); `path` is its file."""

    name: str
    source: EventSource
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SavedEvent:
    """An event as read from its file. `revision` names the file's content, to notice a change on disk."""

    entry: EventEntry
    text: str
    revision: str


@dataclass(frozen=True, slots=True)
class JsonProblem:
    """Why a text is not JSON. Line and column count from 1."""

    message: str
    line: int
    column: int


def problem_of(text: str) -> JsonProblem | None:
    """Why `text` is not JSON, or None. An empty text is fine: AWS hands the function `{}`."""
    if not text.strip():
        return None
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return JsonProblem(_plain(error), error.lineno, error.colno)
    except RecursionError:
        return JsonProblem("nested too deeply", 1, 1)
    except _Constant as constant:
        line, column = _position(text, constant.word)
        return JsonProblem(f"{constant.word} is not JSON", line, column)
    return None


def _plain(error: json.JSONDecodeError) -> str:
    """Python's message for a person who looks at the place: without its "at", and naming the usual cause."""
    if error.msg.startswith("Unterminated string") or error.doc[error.pos : error.pos + 1] in ("\n", "\r"):
        return "Unclosed string" if "Expecting" not in error.msg else error.msg
    return error.msg.removesuffix(" at").removesuffix(" delimiter")


class _Constant(ValueError):
    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def _refuse_constant(word: str) -> object:
    # Python's parser takes NaN and Infinity; Lambda refuses them.
    raise _Constant(word)


def _position(text: str, word: str) -> tuple[int, int]:
    index = max(text.find(word), 0)
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


class EventStore(Protocol):
    """Named events as plain JSON files, one file each.

    Writes are atomic; nothing that changed on disk since it was read is overwritten.
    """

    async def entries(self, function_name: str) -> tuple[EventEntry, ...]:
        """What can be opened for this function: its own events, then the project's, then the samples."""
        ...

    async def load(self, entry: EventEntry) -> SavedEvent:
        """Read one event.

        Raises:
            NotFound: the file is gone.
            InvalidInput: the file is not UTF-8 text.
        """
        ...

    async def save(
        self,
        function_name: str,
        name: str,
        text: str,
        revision: str | None,
        source: EventSource = EventSource.FUNCTION,
    ) -> SavedEvent:
        """Write an event under `name`. `revision` is what was read, None for a new name.

        `source` says whose it is: the function's own, or the project's. A name that exists with the very same
        text is no conflict.
        Raises:
            InvalidInput: `name` can't be a file's name.
            Conflict: the name exists and `revision` is None, or the file changed since it was read.
            Unsupported: `source` can't be written.
        """
        ...

    async def delete(self, entry: EventEntry) -> None:
        """Remove a saved event (to the store's trash, from where it can be taken back)."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the editor, kept for a function across restarts.

    `name`, `source_path` and `revision` are those of the event it began as; "" when it began from nothing.
    """

    text: str
    name: str = ""
    source: EventSource | None = None
    source_path: str = ""
    revision: str = ""
    modified: bool = False


class DraftStore(Protocol):
    """The editors' texts, a draft a function."""

    def load(self, function_name: str) -> Draft | None:
        """The draft kept for this function, or None."""
        ...

    def save(self, function_name: str, draft: Draft) -> None:
        """Keep `draft`, atomically, before this returns."""
        ...
