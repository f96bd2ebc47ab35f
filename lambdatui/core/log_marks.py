"""The marks that a reader sets into a log, "what comes now": lines between its lines, and none of them."""

from __future__ import annotations

from typing import Protocol

from lambdatui.core.log_buffer import LogBuffer, Mark
from lambdatui.core.logs import LogEvent

_BEGIN = "── marked "


class _Order(Protocol):
    """Lines that show."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def rank(self, position: int) -> int:
        """How many of them come before that position."""
        ...


class LogMarks:
    """Owns the marks that were set into one buffer: each is a line there, which no count of lines has in it."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._marks: list[Mark] = []

    def set(self, words: str) -> None:
        """Set one behind the newest line; `words` say when."""
        newest_ms = self._buffer.newest_ms
        if newest_ms is not None:
            self._buffer.extend([LogEvent("", newest_ms, newest_ms, "", f"{_BEGIN}{words}")])
            if not self._buffer.cleared:
                self._marks = [mark for mark in self._marks if mark.position >= self._buffer.first]
            self._marks.append(self._buffer.mark(self._buffer.end - 1))

    def lines(self, order: _Order, start: int | None = None) -> int:
        """How many lines of the log show, from position `start` on."""
        start = self._buffer.first if start is None else start
        marks = [mark.position for mark in self._marks if mark.position >= start]
        among = sum(order.rank(position + 1) - order.rank(position) for position in marks)
        return max(len(order) - order.rank(start) - among, 0)

    def has(self, position: int) -> bool:
        """Whether the line at `position` is one."""
        return any(mark.position == position for mark in self._marks)


def mark_time(line: str) -> str:
    """What a mark says, "" for a line that is none."""
    return line.removeprefix("── ") if line.startswith(_BEGIN) else ""
