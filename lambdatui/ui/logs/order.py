"""Which lines of a buffer show, and in which order."""

from __future__ import annotations

from typing import Protocol

from lambdatui.core.log_buffer import LogBuffer, Mark


class LineOrder(Protocol):
    """The lines that show, counted from 0 for the oldest; a `LogFilter` is one, `EveryLine` another."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def position(self, index: int) -> int:
        """The position in the buffer of line number `index`."""
        ...

    def rank(self, position: int) -> int:
        """How many lines show before that position."""
        ...


class EveryLine:
    """Shows everything that the buffer holds."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer

    def __len__(self) -> int:
        return len(self._buffer)

    def position(self, index: int) -> int:
        """The position in the buffer of line number `index`."""
        return self._buffer.first + index

    def rank(self, position: int) -> int:
        """How many lines show before that position."""
        return min(max(position - self._buffer.first, 0), len(self._buffer))


class Between:
    """Shows of another order the lines from one mark up to another, both included."""

    def __init__(self, order: LineOrder, first: Mark, last: Mark) -> None:
        self._order = order
        self._first = first
        self._last = last

    def __len__(self) -> int:
        return max(self._order.rank(self._last.position + 1) - self._begin, 0)

    def position(self, index: int) -> int:
        """The position in the buffer of line number `index`."""
        return self._order.position(self._begin + index)

    def rank(self, position: int) -> int:
        """How many lines show before that position."""
        return min(max(self._order.rank(position) - self._begin, 0), len(self))

    @property
    def _begin(self) -> int:
        return self._order.rank(self._first.position)
