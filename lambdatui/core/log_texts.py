"""Where the text of log lines lies that nobody looks at now, and the promise of whoever keeps it."""

from __future__ import annotations

import zlib
from typing import Protocol


class ColdTexts(Protocol):
    """Keeps pieces of text of some hundred kilobytes, each until it is dropped. Used by one thread at a time."""

    def put(self, text: bytes | bytearray) -> int:
        """Keep a piece; a ticket to get it back with."""
        ...

    def get(self, ticket: int, into: bytearray) -> None:
        """Make `into` hold the piece, whatever it held."""
        ...

    def size_bytes(self, ticket: int) -> int:
        """The memory that the piece takes."""
        ...

    def drop(self, ticket: int) -> None:
        """Forget the piece."""
        ...


class CompressedTexts:
    """Keeps texts in memory, at about a fifth of their size; a millisecond to read one of some thousand lines."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytes] = {}
        self._next = 0

    def put(self, text: bytes | bytearray) -> int:
        """See `ColdTexts`."""
        self._next += 1
        # Level 1 of zlib: higher levels cost three times as much for little.
        self._pieces[self._next] = zlib.compress(text, 1)
        return self._next

    def get(self, ticket: int, into: bytearray) -> None:
        """See `ColdTexts`."""
        into[:] = zlib.decompress(self._pieces[ticket])

    def size_bytes(self, ticket: int) -> int:
        """See `ColdTexts`."""
        return len(self._pieces[ticket])

    def drop(self, ticket: int) -> None:
        """See `ColdTexts`."""
        del self._pieces[ticket]
