"""Settings edited in the workbench, kept beside the project's own files."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import EllipsisType
from typing import TypeAlias

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.core.configuration import COMMON, Value
from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.core.functions import Reserved, Unreserved

EDITED = "edited here"
_LOCK_WAIT_S = 2.0
FIELDS = {
    "memory": "memory_mb",
    "timeout": "timeout_s",
    "description": "description",
    "reserved": "reserved",
    "retries": "retries",
    "event_age": "event_age_s",
    "on_failure": "on_failure",
    "log_format": "log_format",
    "log_level": "log_level",
}
Edits: TypeAlias = dict[str, Value]
"""The edited settings of one function by key; None as the value of `env.NAME` means that the variable is removed."""


class Overrides:
    """Owns the file of edited settings of one project. Never writes into the project.

    The file is replaced whole; `exclusive` keeps other workbenches from writing meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "overrides.json"

    def read(self) -> dict[str, Edits]:
        """The edits of every function that has some.

        Raises:
            InvalidInput: the file is not what this program wrote.
        """
        try:
            document = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise WorkbenchError(f"{self.path} can't be read", error.strerror or str(error)) from error
        except (ValueError, RecursionError) as error:
            raise InvalidInput(f"{self.path}: not JSON", str(error), "Mend or delete the file.") from error
        functions = document.get("functions") if isinstance(document, dict) else None
        if not isinstance(functions, dict):
            raise InvalidInput(f"{self.path}: functions: a mapping is expected", hint="Mend or delete the file.")
        return {
            name: {key: value for key, raw in edits.items() if (value := _decoded(key, raw)) is not ...}
            for name, edits in functions.items()
            if isinstance(edits, dict)
        }

    @contextmanager
    def exclusive(self) -> Iterator[dict[str, Edits]]:
        """The edits, to be changed in place; written when the block ends without an error.

        Raises:
            WorkbenchError: the file can't be read or written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise WorkbenchError(f"{self.path} can't be written", error.strerror or str(error)) from error
        try:
            _lock(descriptor, self.path)
            edits = self.read()
            before = _encoded(edits)
            yield edits
            after = _encoded(edits)
            if after != before:
                self._write(after)
        finally:
            os.close(descriptor)

    def _write(self, content: bytes) -> None:
        temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self.path)
        except OSError as error:
            raise WorkbenchError(f"{self.path} can't be written", error.strerror or str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)


def _lock(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise WorkbenchError(
                    "Another workbench is changing settings and does not finish",
                    f"It holds {path.with_suffix('.lock')}.",
                    "It may be stopped (ctrl+z): bring it back, or end it.",
                ) from None
            time.sleep(0.01)
        else:
            return


def with_edits(spec: FunctionSpec, edits: Edits) -> FunctionSpec:
    """`spec` with the edited settings on top."""
    if not edits:
        return spec
    changes: dict[str, object] = {}
    environment, origins = dict(spec.environment), dict(spec.origins)
    for key, value in edits.items():
        name = key.removeprefix("env.")
        if name == key:
            changes[FIELDS[key]] = value
            origins[key] = EDITED
        elif value is None:
            environment.pop(name, None)
            origins.pop(key, None)
        else:
            environment[name] = str(value)
            origins[key] = EDITED
    return replace(spec, environment=environment, origins=origins, **changes)  # type: ignore[arg-type]


def setting(spec: FunctionSpec, key: str) -> Value:
    """The value of one setting as `spec` has it; None for an empty text and a variable that is not set."""
    if key.startswith("env."):
        return spec.environment.get(key.removeprefix("env."))
    value: Value = getattr(spec, FIELDS[key])
    return None if value == "" else value


def _encoded(edits: dict[str, Edits]) -> bytes:
    functions = {
        name: {key: _raw(value) for key, value in sorted(of_one.items())}
        for name, of_one in sorted(edits.items())
        if of_one
    }
    return json.dumps({"version": 1, "functions": functions}, indent=2).encode() + b"\n"


def _raw(value: Value) -> int | str | None:
    match value:
        case Reserved(executions):
            return executions
        case Unreserved():
            return "none"
        case int() | str() | None:
            return value
        case _:
            raise InvalidInput("A value that is not known can't be kept")


def _decoded(key: str, raw: object) -> Value | EllipsisType:
    """The value that the file holds for `key`, or ... when it can't be one: such an entry counts as not there."""
    if key.startswith("env."):
        return raw if raw is None or isinstance(raw, str) else ...
    if key not in COMMON or isinstance(raw, bool):
        return ...
    if key == "reserved":
        return Unreserved() if raw == "none" else Reserved(raw) if isinstance(raw, int) and raw >= 0 else ...
    wanted = int if COMMON[key].kind == "integer" else str
    return raw if isinstance(raw, wanted) else ...
