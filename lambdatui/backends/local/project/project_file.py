"""Reads lambdatui.toml: functions described by hand, and what a template leaves open."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from lambdatui.backends.local.project.found import Found
from lambdatui.core.configuration import COMMON
from lambdatui.core.errors import InvalidInput, WorkbenchError

_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TEXTS = ("handler", "runtime", "architecture")
_KEYS = (*_TEXTS, "code", "interpreter", "layers", "environment", *COMMON)


class ProjectFile:
    """The content of a lambdatui.toml; an empty one where there is no file.

    `apply` gives each entry to the function of its name, or makes one. Wrong keys and types are problems, named with
    file, line and key; the rest counts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[WorkbenchError] = []
        self.parameters: dict[str, str] = {}
        self._functions: dict[str, dict[str, object]] = {}
        self._lines: list[str] = []
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self.problems.append(WorkbenchError(f"{path.name} can't be read", error.strerror or str(error)))
            return
        try:
            text = content.decode("utf-8")
            document = tomllib.loads(text)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.problems.append(InvalidInput(f"{path.name}:{line}: not UTF-8 text"))
            return
        except tomllib.TOMLDecodeError as error:
            self.problems.append(_syntax_problem(path.name, str(error)))
            return
        except RecursionError:
            self.problems.append(InvalidInput(f"{path.name}: nested too deeply"))
            return
        self._lines = text.splitlines()
        self._read(document)

    @property
    def names(self) -> tuple[str, ...]:
        """The functions that have an entry."""
        return tuple(self._functions)

    def apply(self, name: str, found: Found | None) -> Found:
        """The function `name` with its entry on top of what was `found` elsewhere."""
        entry = self._functions[name]
        if found is None:
            found = Found(name, self._origin("functions", name), code=self.path.parent)
        for key, value in entry.items():
            self._setting(found, name, key, value)
        return found

    def _read(self, document: dict[str, object]) -> None:
        for key, value in document.items():
            if key not in ("functions", "parameters"):
                self._problem((key,), "unknown; there are: functions, parameters")
            elif not isinstance(value, dict):
                self._problem((key,), "a table is expected")
            elif key == "parameters":
                for name, default in value.items():
                    if isinstance(default, str | int):
                        self.parameters[name] = _text(default)
                    else:
                        self._problem((key, name), "a text is expected")
            else:
                for name, entry in value.items():
                    if not _FUNCTION_NAME.fullmatch(name):
                        self._problem((key, name), "a function's name is up to 64 letters, digits, - and _")
                    elif not isinstance(entry, dict):
                        self._problem((key, name), "a table is expected")
                    else:
                        self._functions[name] = entry

    def _setting(self, found: Found, name: str, key: str, value: object) -> None:
        where = ("functions", name, key)
        origin = self._origin(*where)
        if key in COMMON:
            found.set(key, value, origin, self.problems, ".".join(where))
        elif key == "environment":
            self._environment(found, where, value)
        elif key == "layers":
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                found.layers = [self._folder(where, item) for item in value]
            else:
                self._problem(where, "a list of folders is expected")
        elif key not in _KEYS:
            self._problem(where, f"unknown; there are: {', '.join(_KEYS)}")
        elif not isinstance(value, str) or not value or "\0" in value:
            self._problem(where, "a text is expected")
        else:
            take: dict[str, Callable[[], object]] = {
                "code": lambda: setattr(found, "code", self._folder(where, value)),
                "interpreter": lambda: setattr(found, "interpreter", self._program(where, value)),
            }
            take.get(key, lambda: setattr(found, key, value))()
            found.origins[key] = origin

    def _environment(self, found: Found, where: tuple[str, ...], value: object) -> None:
        if not isinstance(value, dict):
            self._problem(where, "a table is expected")
            return
        for variable, content in value.items():
            if isinstance(content, str | int | float):
                origin = self._origin(*where, variable)
                found.set_variable(variable, _text(content), origin, self.problems)
            else:
                self._problem((*where, variable), "a text is expected")

    def _folder(self, where: tuple[str, ...], value: str) -> Path:
        folder = (self.path.parent / value).resolve() if ".." in value else self.path.parent / value
        if not folder.is_dir():
            self._problem(where, f"the folder {value} does not exist")
        return folder

    def _program(self, where: tuple[str, ...], value: str) -> Path | None:
        program = self.path.parent / Path(value).expanduser() if "/" in value else Path(value)
        if "/" in value and not program.exists():
            self._problem(where, f"the program {value} does not exist")
            return None
        return program

    def _origin(self, *keys: str) -> str:
        line = _line_of(self._lines, keys)
        return f"{self.path.name}:{line}" if line else self.path.name

    def _problem(self, keys: tuple[str, ...], reason: str) -> None:
        self.problems.append(InvalidInput(f"{self._origin(*keys)}: {'.'.join(keys)}: {reason}"))


def _syntax_problem(file: str, message: str) -> InvalidInput:
    match = re.search(r"(.*?) \(at line (\d+), column (\d+)\)$", message, re.DOTALL)
    return InvalidInput(f"{file}:{match[2]}:{match[3]}: {match[1]}" if match else f"{file}: {message}")


def _line_of(lines: list[str], keys: tuple[str, ...]) -> int:
    """The line of a key, found by its table's header; 0 where the file writes it in another way.

    tomllib tells no positions, so this looks for `[a.b]` and then `key =`, from the innermost table outwards.
    """
    for split in range(len(keys), -1, -1):
        header, rest = ".".join(keys[:split]), keys[split:]
        inside = not header
        for number, line in enumerate(lines, 1):
            text = line.strip().replace('"', "").replace("'", "")
            if text.startswith("["):
                inside = text.split("]", 1)[0].strip("[ ").replace(" ", "") == header
                if inside and not rest:
                    return number
            elif inside and rest and re.match(rf"{re.escape('.'.join(rest))}\s*[=.]", text):
                return number
    return _line_of(lines, keys[:-1]) if len(keys) > 1 else 0


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
