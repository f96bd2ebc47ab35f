"""The text of older log lines in a file without a name: plain, so that it is searched as fast as a file."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

from lambdatui.core.log_texts import CompressedTexts


@dataclass(slots=True)
class _Place:
    """A part of the file: `room` bytes from `start`, the first `size` of them used."""

    start: int
    size: int
    room: int


class SpooledTexts:
    """A `ColdTexts` on disk. The file has no name from the first moment, is nobody else's to read, and is gone with
    the process however that ends; without room on the disk texts are kept in memory, compressed.
    """

    def __init__(self) -> None:
        self._file = -1
        self._refused = False
        self._end = 0
        self._next = 0
        self._places: dict[int, _Place] = {}
        self._free: list[_Place] = []
        self._memory = CompressedTexts()
        self._in_memory: dict[int, int] = {}

    def put(self, text: bytes | bytearray) -> int:
        """See `ColdTexts`."""
        self._next += 1
        place = self._place_for(len(text))
        if not self._refused and self._written(text, place.start):
            self._places[self._next] = place
        else:
            self._in_memory[self._next] = self._memory.put(text)
        return self._next

    def get(self, ticket: int, into: bytearray) -> None:
        """See `ColdTexts`."""
        place = self._places.get(ticket)
        if place is None:
            self._memory.get(self._in_memory[ticket], into)
            return
        if len(into) > place.size:
            del into[place.size :]
        elif len(into) < place.size:
            into.extend(bytes(place.size - len(into)))
        with memoryview(into) as view:
            read = 0
            while read < place.size:
                count = os.preadv(self._file, [view[read:]], place.start + read)
                if not count:
                    break  # never shorter than what was written: nobody else has the file
                read += count

    def size_bytes(self, ticket: int) -> int:
        """See `ColdTexts`."""
        return self._memory.size_bytes(self._in_memory[ticket]) if ticket in self._in_memory else 0

    def drop(self, ticket: int) -> None:
        """See `ColdTexts`."""
        place = self._places.pop(ticket, None)
        if place is None:
            self._memory.drop(self._in_memory.pop(ticket))
        else:
            self._free.append(place)

    def close(self) -> None:
        """Give the disk back."""
        if self._file >= 0:
            os.close(self._file)
            self._file, self._refused = -1, True

    def __del__(self) -> None:
        """A log that nobody holds any more takes no room."""
        with suppress(OSError):
            self.close()

    def _place_for(self, size: int) -> _Place:
        for place in self._free:
            if size <= place.room <= 2 * size:
                self._free.remove(place)
                return _Place(place.start, size, place.room)
        place = _Place(self._end, size, size)
        self._end += size
        return place

    def _written(self, text: bytes | bytearray, start: int) -> bool:
        try:
            if self._file < 0:
                self._file = _nameless_file()
            with memoryview(text) as view:
                written = 0
                while written < len(view):
                    written += os.pwrite(self._file, view[written:], start + written)
        except OSError:
            self._refused = True  # the disk is full, or there is none to write on
            return False
        return True


def _nameless_file() -> int:
    import tempfile  # noqa: PLC0415 - nothing is spooled before the first paint

    with tempfile.TemporaryFile(prefix="lambdatui-log-") as file:
        return os.dup(file.fileno())
