"""Puts the last known screen on the terminal before anything else is imported.

Only `os`, `sys` and `zlib` are imported here: Textual takes 160 ms to import and 140 ms to paint, and a person
who sees the screen after 30 ms does not mind the rest. The picture is honest: its first line says that it is the
last known list. What is typed meanwhile waits in the terminal's queue, unechoed, for the live screen.
"""

from __future__ import annotations

import os
import sys
import zlib

TYPE_CHECKING = False  # importing typing to ask for it costs 4 ms
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENTER_SCREEN = "\x1b[?1049h"
LEAVE_SCREEN = "\x1b[0m\x1b[?25h\x1b[?1049l"
_KEPT_FRAMES = 8
_COLOURS = ("TERM", "COLORTERM", "NO_COLOR", "LAMBDATUI_THEME")
# Another account's list must not be seen even for a moment.
_ACCOUNT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID")


def frame_folder(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """The folder of the kept frames: below the cache folder, by the rules that `storage.paths` has."""
    base = environment.get("XDG_CACHE_HOME", "").strip()
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), "Library/Caches" if platform == "darwin" else ".cache")
    return os.path.join(base, "lambdatui", "frames")


def frame_file(words: Sequence[str], folder: str, size: tuple[int, int], environment: Mapping[str, str]) -> str:
    """The file of the frame for this command line, in this folder, at this size, in these colours and this account."""
    look = [environment.get(name, "") for name in (*_COLOURS, *_ACCOUNT)]
    name = zlib.crc32("\0".join([*words, folder, *look]).encode("utf-8", "surrogateescape"))
    return os.path.join(frame_folder(environment), f"{name:08x}-{size[0]}x{size[1]}")


def show(path: str, descriptor: int) -> bool:
    """Write the kept frame to the terminal; whether there was one."""
    try:
        with open(path, "rb") as file:
            frame = file.read()
    except OSError:
        return False
    os.write(descriptor, ENTER_SCREEN.encode() + b"\x1b[?25l" + frame)
    return True


def keep(path: str, frame: str) -> None:
    """Keep `frame` for the next start; the oldest of too many are removed. A full disk is no error here."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        temporary = f"{path}.{os.getpid()}.tmp"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(frame)
        os.replace(temporary, path)
        frames = sorted((entry.path for entry in os.scandir(folder)), key=os.path.getmtime, reverse=True)
        for old in frames[_KEPT_FRAMES:]:
            os.unlink(old)
    except OSError as error:
        # Losing the picture costs a quarter of a second at the next start, nothing else.
        print(f"lambdatui: the first frame was not kept: {error}", file=sys.stderr)


def hush(descriptor: int) -> list[object] | None:
    """Stop the terminal's echo so that what is typed ahead stays unseen; what to restore, None when not a terminal."""
    import termios

    try:
        before = termios.tcgetattr(descriptor)
        quiet = termios.tcgetattr(descriptor)
    except termios.error:
        return None
    # An Enter that is typed ahead has to stay one: as a newline it would be read as ctrl+j, which invokes.
    quiet[0] &= ~termios.ICRNL
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[6][termios.VMIN] = 1
    termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
    return before


def restore(descriptor: int, before: list[object] | None) -> None:
    """Give the terminal back as it was found."""
    import termios

    if before is not None:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)  # type: ignore[arg-type]
