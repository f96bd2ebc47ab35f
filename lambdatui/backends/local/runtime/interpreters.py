"""Chooses the Python that runs a function."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec

_VENVS = (".venv", "venv")


def resolve_interpreter(
    spec: FunctionSpec, search_path: Sequence[str] | None = None, home: Path | None = None
) -> tuple[Path, str]:
    """The interpreter for `spec`, and a note: why another version than the runtime's runs, "" when the right one does.

    In this order: the one that the function names; a virtual environment in its folder or the folder above;
    `pythonX.Y` on the search path (default: PATH) or among those that pyenv and uv keep in `home`; our own.
    """
    wanted = spec.runtime.removeprefix("python")
    if spec.interpreter is not None:
        return spec.interpreter, ""
    for folder in (spec.code_path, spec.code_path.parent):
        for name in _VENVS:
            python = folder / name / "bin" / "python"
            if python.exists():
                version = _venv_version(folder / name)
                other = version and wanted and version != wanted
                return python, f"{python.parent.parent.name} has Python {version}, not {wanted}" if other else ""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    if wanted and wanted != own:
        for candidate in _candidates(wanted, search_path, home):
            if _is_program(candidate):
                return candidate, ""
        return Path(sys.executable), f"runs on Python {own}: no python{wanted} was found"
    return Path(sys.executable), ""


def python_version(interpreter: Path, runtime: str) -> str:
    """The version that `interpreter` is believed to have, as "3.12": from its venv, its name, or the runtime."""
    version = _venv_version(interpreter.parent.parent)
    if version:
        return version
    if interpreter == Path(sys.executable):
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    named = re.fullmatch(r"python(3\.[0-9]+)", interpreter.name)
    return named[1] if named else runtime.removeprefix("python")


def _candidates(version: str, search_path: Sequence[str] | None, home: Path | None) -> Iterator[Path]:
    name = f"python{version}"
    for folder in os.get_exec_path() if search_path is None else search_path:
        yield Path(folder, name)
    home = Path.home() if home is None else home
    yield from sorted((home / ".pyenv/versions").glob(f"{version}.*/bin/{name}"), reverse=True)
    yield from sorted((home / ".local/share/uv/python").glob(f"cpython-{version}.*/bin/{name}"), reverse=True)


def _is_program(path: Path) -> bool:
    """Whether `path` is an executable that is not a script: pyenv's shims cost 100 ms, and may lead nowhere."""
    if not os.access(path, os.X_OK):
        return False
    try:
        with path.open("rb") as file:
            return file.read(2) != b"#!"
    except OSError:
        return False


def _venv_version(folder: Path) -> str:
    try:
        text = (folder / "pyvenv.cfg").read_text("utf-8", "replace")
    except OSError:
        return ""
    found = re.search(r"^version(?:_info)?\s*=\s*([0-9]+\.[0-9]+)", text, re.MULTILINE)
    return found[1] if found else ""
