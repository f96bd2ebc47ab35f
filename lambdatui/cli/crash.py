"""Tells of a bug in our own code: short on the screen, whole in a file, without the values of variables in either."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from lambdatui import __version__
from lambdatui.cli.exits import Exit
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.text import clean
from lambdatui.storage.files import private_folder, write_atomically
from lambdatui.storage.paths import Paths

_PACKAGE = Path(__file__).resolve().parent.parent
_FRAMES = 5
_LONGEST = 200
_KEPT = 20


def tell_of_crash(error: BaseException, environment: Mapping[str, str]) -> int:
    """Write the report to stderr and the whole story to a file; the exit code."""
    paths = Paths.of(environment, Path(environment.get("HOME") or "/"))
    file = _keep(error, paths.state / "crashes", datetime.now(UTC))
    print(report(error, paths, file), file=sys.stderr)
    return Exit.BUG


def report(error: BaseException, paths: Paths, file: Path | None) -> str:
    """What the user is told. `file` holds the whole story; None where it could not be written."""
    frames = _frames(error)
    whole = f"The whole story, without the values of variables, is in\n  {file}" if file else _story(error)
    parts = [
        "lambdatui has stopped: this is a bug in lambdatui, not in your functions.",
        "\n".join(f"  {line}" for line in (_headline(error), *frames[-_FRAMES:])),
        f"Nothing is lost: drafts and history are in {paths.state / 'targets'},\n"
        "and accepted async events go on at the next start.",
        whole,
        "Please report it together with that file." if file else "Please report it together with these lines.",
    ]
    return "\n\n".join(parts)


def _keep(error: BaseException, folder: Path, now: datetime) -> Path | None:
    file = folder / f"crash-{now:%Y%m%d-%H%M%S}.txt"
    about = (
        f"lambdatui {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}, "
        f"{now.isoformat(timespec='seconds')}\n\n"
    )
    try:
        write_atomically(private_folder(folder) / file.name, (about + _story(error)).encode("utf-8", "replace"))
    except WorkbenchError:
        return None  # then the story stands on the screen
    with suppress(OSError):
        for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
            old.unlink()
    return file


def _story(error: BaseException) -> str:
    # The interpreter's own form: source lines and no values.
    return clean("".join(traceback.format_exception(error)))


def _headline(error: BaseException) -> str:
    said = " ".join(clean(str(error)).split())
    line = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _frames(error: BaseException) -> list[str]:
    """Where it came through our own code, the innermost last; where it was raised, if that is elsewhere."""
    stack = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in stack if Path(frame.filename).is_relative_to(_PACKAGE)]
    shown = ours + [frame for frame in stack[-1:] if frame not in ours]
    return [f"{_place(frame.filename)}:{frame.lineno} in {frame.name}" for frame in shown]


def _place(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return str(path.relative_to(_PACKAGE.parent))
    return "/".join(path.parts[-3:])
