"""Names that are safe in a path."""

from __future__ import annotations

import re
import zlib

from lambdatui.core.errors import InvalidInput

_PLAIN = re.compile(r"[a-z0-9_][a-z0-9._-]{0,79}")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
# Projects are shared: a file of this name can't be checked out on Windows.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_LONGEST_BYTES = 120


def path_name(text: str) -> str:
    """A file's name for any `text`: itself where it is plain, else its readable part and a checksum.

    Two texts that differ only in case get different names, as file systems may not tell them apart.
    """
    if _PLAIN.fullmatch(text):
        return text
    readable = _UNSAFE.sub("-", text).strip("-")[:48]
    return f"{readable}-{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}".lstrip("-")


def check_event_name(name: str) -> str:
    """`name` as an event's name: trimmed, without ".json".

    Raises:
        InvalidInput: it can't be a file's name on every system that the project may be shared with.
    """
    name = name.strip().removesuffix(".json").rstrip()
    if not name:
        raise InvalidInput("An event needs a name", "Letters, digits, spaces, dots, - and _.")
    found = _FORBIDDEN.search(name)
    if found:
        raise InvalidInput(f"{found[0]!r} can't be in an event's name", "It becomes a file's name.")
    if name.startswith(".") or name.endswith("."):
        raise InvalidInput("An event's name neither starts nor ends with a dot", "It becomes a file's name.")
    if _RESERVED.fullmatch(name):
        raise InvalidInput(f"“{name}” is reserved by Windows", "A project with such a file can't be checked out there.")
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_BYTES:
        raise InvalidInput("The event's name is too long", f"At most {_LONGEST_BYTES} bytes.")
    return name
