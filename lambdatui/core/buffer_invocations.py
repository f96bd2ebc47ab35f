"""The invocations that the lines of a buffer tell of, read when somebody looks."""

from __future__ import annotations

from bisect import bisect_left

from lambdatui.core.invocation_signs import ANCHORS
from lambdatui.core.log_block import Block
from lambdatui.core.log_buffer import BLOCK_LINES, LogBuffer
from lambdatui.core.log_invocations import KEPT_INVOCATIONS, InvocationIndex
from lambdatui.core.log_told import FIRST_LINE
from lambdatui.core.logs import LogEvent

_COUNTED_BLOCKS = 16


class BufferInvocations(InvocationIndex):
    """Reads a buffer's lines when a row is asked for, or before they go; a line that came in late at once.

    Owns the place up to which they were read. Most lines of a flood are never read: those before the newest `limit`
    invocations. What the buffer holds already when this is made is not read.
    """

    def __init__(self, buffer: LogBuffer, limit: int = KEPT_INVOCATIONS) -> None:
        super().__init__(limit)
        self._buffer = buffer
        self._read = buffer.mark(buffer.end)
        buffer.watch(self)

    def read_some(self) -> bool:
        """Read one more block of lines, some milliseconds' work; False when all were read."""
        start, end = self._read.position, self._buffer.end
        if start >= end:
            return False
        if end - start > BLOCK_LINES:
            newest = self._buffer.beginning_of(self.limit, _COUNTED_BLOCKS)
            if newest > start:
                start, self._dropped = newest, True
        base, block = self._buffer.block_at(start)
        self._read.position = base + len(block)
        self._take_all(_events_with_signs(block, start - base, len(block)))
        return self._read.position < end

    def read_between(self, start: int, stop: int) -> None:
        """Read the lines from position `start` up to `stop`, whole events that were added before all others."""
        while start < stop:
            base, block = self._buffer.block_at(start)
            end = min(len(block), stop - base)
            self._take_all(_events_with_signs(block, start - base, end))
            start = base + end

    # -- called by the buffer

    def appended(self, start: int) -> None:
        """They are read when somebody looks."""

    def inserted(self, position: int, count: int) -> None:
        """Among lines that were read nobody comes by again."""
        if position < self._read.position:
            self.read_between(position, position + count)

    def trimmed(self, first: int, waiting: int) -> int:
        """Read what may wait no longer."""
        while first - self._read.position > waiting and self.read_some():
            pass
        return self._read.position


def _events_with_signs(block: Block, start: int, stop: int) -> list[LogEvent]:
    """The events from line `start` up to `stop` in which there is an anchor, in their order."""
    flags, text = block.told.flags, block.text
    begin, firsts = block.start_of(start), set[int]()
    for anchor in ANCHORS:
        at = text.rfind(anchor, begin, block.start_of(stop))
        while at >= 0:
            line = bisect_left(block.ends, at, start, stop)
            while not flags[line] & FIRST_LINE:
                line -= 1
            firsts.add(line)
            at = text.rfind(anchor, begin, block.start_of(line))
    names, found = block.told.stream_names, list[LogEvent]()
    for first in sorted(firsts):
        end = first + 1
        while end < stop and not flags[end] & FIRST_LINE:
            end += 1
        message = text[block.start_of(first) : block.ends[end - 1]].decode()
        at_ms, stream = block.times[first], names[block.told.streams[first]]
        found.append(LogEvent("", at_ms, at_ms, stream, message, block.function_name(first)))
    return found
