"""Reads the log of one function from its files while others write them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from lambdatui.backends.local.log_segments import (
    decode,
    group_folder,
    history,
    last_line_end,
    segment_path,
    segments,
    timestamp_of,
)
from lambdatui.core.logs import LogEvent
from lambdatui.core.tail_window import newest

SLICE_BYTES = 524_288
_DISORDER_MS = 10_000
"""Events of several environments are written nearly in the order of time; none is later than this."""


class GroupReader:
    """Owns a place in one function's log: what is before it was read, each event once; of those only what `matches`.

    Survives that segments end, are removed or cut short. Blocks; not for two threads at once.
    """

    def __init__(self, root: Path, function_name: str, matches: Callable[[str], bool] | None = None) -> None:
        self.function_name = function_name
        self._matches = matches
        self._folder = group_folder(root, function_name)
        self._number = 0
        self._descriptor = -1
        self._offset = 0
        self._seen_bytes = -1

    @property
    def exists(self) -> bool:
        """Whether there was a log to read when it was last looked at."""
        return self._descriptor >= 0

    def has_news(self) -> bool:
        """Whether `read` may find something: two system calls, fit for an event loop."""
        if self._descriptor < 0:
            return bool(segments(self._folder))
        status = os.fstat(self._descriptor)
        if status.st_size != self._seen_bytes or not status.st_nlink:
            return True
        return segment_path(self._folder, self._number + 1).exists()

    def read(self) -> tuple[list[LogEvent], bool]:
        """The next events, at most half a megabyte of them, and whether these were the last for now."""
        if self._descriptor < 0 and not self._open_first():
            return [], True
        ended = self._successor()  # looked for before reading: what is read then is all that the segment will hold
        size = os.fstat(self._descriptor).st_size
        if size < self._offset:
            self._offset = 0  # cut short by somebody: what is there now is new
        lines, at_end = self._lines(size)
        self._seen_bytes = size if at_end else -1
        if at_end and ended is not None:
            self._open(ended)
            at_end = False
        elif at_end and not os.fstat(self._descriptor).st_nlink:
            self.close()
        return self._decoded(lines), at_end

    def newest(self, count: int) -> list[LogEvent]:
        """The last `count` events there are, see `before`; the place is then behind them."""
        if not self._open_at_end():
            return []
        return self._newest(count, None, (self._number, self._offset)) if count > 0 else []

    def seek(self, since_ms: int) -> None:
        """Go to a place with everything since `since_ms` behind it, and little that is older."""
        if not self._open_at_end():
            return
        place = (self._number, self._offset)
        for number, start, lines in history(self._folder, place):
            stamps = [stamp for line in lines if (stamp := timestamp_of(line)) is not None]
            if stamps and max(stamps) < since_ms - _DISORDER_MS:
                break
            place = (number, start)
        if place[0] == self._number or self._open(place[0]):
            self._offset = place[1]

    def before(self, before_ms: int, limit: int) -> list[LogEvent]:
        """The newest `limit` events older than `before_ms`, and what is of the same millisecond as the first of them.

        In the order of time. The place stays where it is.
        """
        return self._newest(limit, before_ms, None) if limit > 0 else []

    def _newest(self, count: int, before_ms: int | None, end: tuple[int, int] | None) -> list[LogEvent]:
        found: list[tuple[int, bytes]] = []
        for _, _, lines in history(self._folder, end):
            stamped = [(stamp, line) for line in lines if (stamp := timestamp_of(line)) is not None]
            wanted = [(stamp, line) for stamp, line in stamped if before_ms is None or stamp < before_ms]
            if self._matches is not None:
                wanted = [(stamp, line) for stamp, line in wanted if self._decoded([line])]
            found = wanted + found
            if len(found) < count or not stamped:
                continue
            first_ms = sorted(stamp for stamp, _ in found)[-count]
            if stamped[0][0] < first_ms - _DISORDER_MS:
                break
        events = sorted(self._decoded([line for _, line in found]), key=lambda event: event.timestamp_ms)
        return list(newest(events, count))

    def close(self) -> None:
        """Close the file; the place is lost."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lines(self, size: int) -> tuple[list[bytes], bool]:
        """Whole lines from the place on, and whether nothing but a part of a line is left before `size`."""
        wanted = SLICE_BYTES
        while True:
            chunk = os.pread(self._descriptor, min(wanted, size - self._offset), self._offset)
            cut = chunk.rfind(b"\n") + 1
            at_end = self._offset + len(chunk) >= size
            if cut or at_end:
                self._offset += cut
                return chunk[:cut].removesuffix(b"\n").split(b"\n") if cut else [], at_end
            wanted *= 2  # a line longer than a slice

    def _decoded(self, lines: list[bytes]) -> list[LogEvent]:
        matches = self._matches
        events = [event for line in lines if (event := decode(line, self.function_name)) is not None]
        return events if matches is None else [event for event in events if matches(event.message)]

    def _successor(self) -> int | None:
        present = segments(self._folder)
        later = [number for number in present if number > self._number]
        if later:
            return later[0]
        removed = not os.fstat(self._descriptor).st_nlink
        return present[0] if removed and present else None

    def _open_first(self) -> bool:
        present = segments(self._folder)
        return bool(present) and self._open(present[0])

    def _open_at_end(self) -> bool:
        present = segments(self._folder)
        if not present or not self._open(present[-1]):
            return False
        self._offset = last_line_end(self._descriptor, os.fstat(self._descriptor).st_size)
        return True

    def _open(self, number: int) -> bool:
        self.close()
        try:
            self._descriptor = os.open(segment_path(self._folder, number), os.O_RDONLY)
        except OSError:
            return False  # pruned this moment: the next look finds what is left
        self._number, self._offset, self._seen_bytes = number, 0, -1
        return True
