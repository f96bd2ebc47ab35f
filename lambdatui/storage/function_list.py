"""The last known list of functions of one target, for an honest first frame at the next start."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.remembered import KnownFunctions
from lambdatui.storage.files import private_folder, write_atomically

_VERSION = 1
_FIELDS = {field.name: str(field.type) for field in fields(FunctionSummary)}
_KINDS: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "int | None": (int, type(None))}


class FileFunctionListCache:
    """Keeps one target's list in one file. Tolerates everything: a file that can't be read is no list."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    def load(self) -> KnownFunctions | None:
        """The list of last time; None when there is none that can be read."""
        try:
            document = json.loads(self._path.read_bytes())
            if document["version"] != _VERSION:
                return None
            functions = tuple(_summary(row) for row in document["functions"])
            return KnownFunctions(functions, datetime.fromisoformat(document["seen_at"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def save(self, functions: tuple[FunctionSummary, ...]) -> None:
        """Keep the list, atomically; a folder that can't be written is no error."""
        rows = [_row(function) for function in functions]
        document = {"version": _VERSION, "seen_at": self._clock().isoformat(), "functions": rows}
        with suppress(WorkbenchError):
            private_folder(self._path.parent)
            write_atomically(self._path, json.dumps(document).encode("ascii"), durable=False)


_DEFAULT = FunctionSummary("")


def _row(function: FunctionSummary) -> dict[str, object]:
    # Only what differs from the default: a tenth of the bytes to read before the first frame.
    row: dict[str, object] = {"name": function.name}
    for name in _FIELDS:
        value = getattr(function, name)
        if value != getattr(_DEFAULT, name):
            row[name] = value.isoformat() if isinstance(value, datetime) else value
    return row


def _summary(row: dict[str, object]) -> FunctionSummary:
    known: dict[str, object] = {}
    for name, value in row.items():
        kind = _FIELDS.get(name, "")
        if name == "last_modified_at" and isinstance(value, str):
            known[name] = datetime.fromisoformat(value)
        elif isinstance(value, _KINDS.get(kind, ())) and not isinstance(value, bool):
            known[name] = value
        elif name in _FIELDS:
            raise TypeError(name)
    return FunctionSummary(**known)  # type: ignore[arg-type]  # each value was checked against its field
