"""The lines of a buffer that a pattern finds, found piece by piece and kept up to date."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Any, Protocol

from lambdatui.core.log_block import Block

if TYPE_CHECKING:
    from lambdatui.core.log_buffer import LogBuffer


class Pattern(Protocol):
    """What a filter looks for: a `LinePattern` is one, a `LogQuery` another.

    It is always asked for whole events, so that one line of an event may speak for the others.
    """

    def lines_in(self, block: Block, start: int = 0, stop: int | None = None) -> list[int]:
        """The numbers of the matching lines of `block`, from line `start` up to `stop`."""
        ...

    def spans(self, text: str, limit: int = 64) -> list[tuple[int, int]]:
        """Where `text` matches, as (start, end) in characters."""
        ...

    def narrows(self, wider: Any) -> bool:
        """Whether each event in which this one finds a line is one in which `wider` does, of the same kind."""
        ...


class LogFilter:
    """Knows the positions of the matching lines, oldest first: `len`, `position`, `rank`.

    Lines that arrive are looked at as they come; what was there before is searched newest first, one block for
    each call of `advance`, so that the caller can answer keys in between. Made by `LogBuffer.filter`.
    """

    def __init__(self, buffer: LogBuffer, pattern: Pattern, within: LogFilter | None = None) -> None:
        self.pattern = pattern
        self._buffer = buffer
        self._within = within if within is not None and pattern.narrows(within.pattern) else None
        self._older = array("q")  # newest first: the search goes back in time, and trimming takes from its end
        self._newer = array("q")  # oldest first
        self._origin = self._searched_to = buffer.end

    def __len__(self) -> int:
        return len(self._older) + len(self._newer) - self._rank(self._buffer.first)

    @property
    def complete(self) -> bool:
        """Whether every line was looked at."""
        return self._searched_to <= self._buffer.first

    @property
    def progress(self) -> float:
        """The share of the lines that was looked at, 0 to 1."""
        count = len(self._buffer)
        return 1.0 if self.complete or not count else (self._buffer.end - self._searched_to) / count

    def advance(self) -> bool:
        """Search the next older block; False when there is nothing left to search."""
        if self.complete:
            return False
        start, block = self._buffer.block_before(self._searched_to)
        limit = self._searched_to - start
        if self._within is None or self._within.may_match(start, self._searched_to):
            self._older.fromlist([start + line for line in reversed(self.pattern.lines_in(block, 0, limit))])
        self._searched_to = start
        more = start > self._buffer.first
        if not more:
            self._within = None
        return more

    def may_match(self, start: int, stop: int) -> bool:
        """Whether a match is known, or not yet ruled out, from position `start` up to `stop`."""
        return start < self._searched_to or self._rank(stop) > self._rank(start)

    def position(self, index: int) -> int:
        """The position of matching line number `index`, from 0 for the oldest that shows."""
        index += self._rank(self._buffer.first)
        count = len(self._older)
        return self._older[count - 1 - index] if index < count else self._newer[index - count]

    def rank(self, position: int) -> int:
        """How many of the matching lines that show come before `position`."""
        return max(self._rank(position) - self._rank(self._buffer.first), 0)

    def _rank(self, position: int) -> int:
        if self._newer and position > self._newer[0]:
            return len(self._older) + bisect_left(self._newer, position)
        return len(self._older) - bisect_right(self._older, -position, key=int.__neg__)

    # -- called by the buffer

    def appended(self, start: int) -> None:
        """Look at the lines from position `start` to the end."""
        end = self._buffer.end
        while start < end:
            base, block = self._buffer.block_at(start)
            self._newer.extend([base + line for line in self.pattern.lines_in(block, start - base)])
            start = base + len(block)

    def inserted(self, position: int, count: int) -> None:
        """Move what lies behind `position`, where `count` lines came in, and look at them."""
        self._older = array("q", [hit + count if hit >= position else hit for hit in self._older])
        self._newer = array("q", [hit + count if hit >= position else hit for hit in self._newer])
        older = position < self._origin
        if older:
            self._origin += count
        if position < self._searched_to:
            self._searched_to += count  # they lie in what is still to be searched
            return
        start, end = position, position + count
        while start < end:
            base, block = self._buffer.block_at(start)
            stop = min(len(block), end - base)
            for line in self.pattern.lines_in(block, start - base, stop):
                if older:
                    insort(self._older, base + line, key=int.__neg__)
                else:
                    insort(self._newer, base + line)
            start = base + stop

    def trimmed(self, first: int, waiting: int) -> int:  # noqa: ARG002 - nothing waits here
        """Forget the lines before position `first`; nobody searches those."""
        while self._older and self._older[-1] < first:
            self._older.pop()
        if not self._older and self._newer and self._newer[0] < first:
            del self._newer[: bisect_left(self._newer, first)]
        return first
