"""Reads the settings file. Imported only where there is one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from lambdatui.core.errors import InvalidInput
from lambdatui.settings.keys import KEYS, PROFILE_KEYS, TABLES
from lambdatui.settings.values import Wrong, key_names, listed, nearest, one_line

_WORD = re.compile(r'"([^"]*)"|\'([^\']*)\'|([A-Za-z0-9_-]+)')


def settings_in(path: Path) -> Iterator[tuple[str, object, str]]:
    """What the file at `path` sets: the key, its value, and where it stands ("config.toml:3"); nothing without a file.

    Raises:
        InvalidInput: names the file, the line and the key.
    """
    text = _read(path)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise InvalidInput(f"{path.name}: nested too deeply", f"The file is {path}.") from None
    except ValueError as error:  # TOMLDecodeError, and int() on a number of 5,000 digits
        message = one_line(str(error), 200)
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        where = f"{path.name}:{place[1]}:{place[2]}" if place else path.name
        reason = message[: place.start()] if place else message
        raise InvalidInput(f"{where}: not TOML: {reason}", f"The file is {path}.") from None
    for name, value in _leaves(document):
        line = _line_of(text, name)
        origin = f"{path.name}:{line}" if line else path.name
        try:
            yield name, _leaf(name, value), origin
        except Wrong as wrong:
            title = f"{origin}: {one_line(name, 60)}: {wrong}"
            raise InvalidInput(title, wrong.detail, f"The file is {path}.") from None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path.name}: not UTF-8 at byte {error.start}", f"The file is {path}.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInput(f"{path.name}: can't be read: {reason}", f"The file is {path}.") from None


def _leaves(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    waiting = list(document.items())
    while waiting:
        name, value = waiting.pop(0)
        inside = name in TABLES or name.startswith("profiles.") or (name.startswith("keymap.") and name.count(".") < 4)
        if inside and isinstance(value, dict):
            waiting.extend((f"{name}.{key}", below) for key, below in value.items())
        else:
            yield name, value


def _leaf(name: str, value: object) -> object:
    if name.startswith("keymap."):
        return key_names(value)
    if name in TABLES:
        raise Wrong(f"a table, written as [{name}{'.NAME' if name == 'profiles' else ''}]")
    if name.startswith("profiles."):
        return _of_profile(name, value)
    if name not in KEYS:
        table = name.partition(".")[0] if "." in name else ""
        names = frozenset(key for key in (*KEYS, *TABLES) if key.rpartition(".")[0] == table)
        raise Wrong(f"no such setting{nearest(name, (*KEYS, *TABLES))}", f"There are: {listed(names)}.")
    return KEYS[name].value.check(value)


def _of_profile(name: str, value: object) -> object:
    profile, _, key = name.removeprefix("profiles.").rpartition(".")
    if not profile:  # a value where the table of a profile belongs
        raise Wrong(f"a table, written as [profiles.{key}]")
    if key not in PROFILE_KEYS:
        raise Wrong(f"no such setting{nearest(key, PROFILE_KEYS)}", f"There are: {listed(PROFILE_KEYS)}.")
    return PROFILE_KEYS[key].value.check(value)


def _line_of(text: str, name: str) -> int | None:
    """The line, from 1, where the key is written. A search by eye: a string of several lines may mislead it."""
    wanted = name.split(".")
    table: list[str] = []
    best: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        is_header = stripped.startswith("[")
        written = stripped.strip("[").partition("]")[0] if is_header else stripped.partition("=")[0]
        parts = [part for match in _WORD.finditer(written) for part in "".join(filter(None, match.groups())).split(".")]
        if is_header:
            table = parts
        elif "=" not in stripped:
            continue
        path = parts if is_header else table + parts
        if path == wanted[: len(path)] and (not is_header or path == wanted):
            if path == wanted:
                return number
            best = best or number
    return best
