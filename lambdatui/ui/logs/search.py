"""What is looked for in a log: a filter, whether it hides or only marks, and the one invocation that alone shows."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_filter import LogFilter
from lambdatui.core.log_query import LogQuery, MarkedLines, request_query

SLICE_S = 0.008
"""So long may a search hold the event loop before a key is answered."""


class LineSearch:
    """Owns the filters of one buffer at a time: `shown` holds the lines that show, `matches` those that match.

    `shown` is None when every line shows. While the filter hides the two are one, and an event of which a line matches
    shows whole; while it only marks, `matches` holds the lines that are marked. Searches only in `step`.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.query: LogQuery | None = None
        self.hiding = True
        self.scope = ""
        self.shown: LogFilter | None = None
        self.matches: LogFilter | None = None
        self._clock = clock
        self._buffer = LogBuffer(1)

    def attach(self, buffer: LogBuffer) -> None:
        """Look in another buffer, for the same; the one invocation was of the old one."""
        self._buffer = buffer
        self.scope = ""
        self.shown = self.matches = None
        self._look()

    def find(self, query: LogQuery | None) -> None:
        """Look for something else."""
        self.query = query
        self._look()

    def only(self, request_id: str) -> None:
        """Show the lines of one invocation alone; "" for all."""
        self.scope = request_id
        self._look()

    def hide(self, *, hiding: bool) -> None:
        """Hide the lines that don't match, or show them too."""
        self.hiding = hiding
        self.matches = None  # which lines of an event match is another question
        self._look()

    @property
    def complete(self) -> bool:
        """Whether every line was looked at."""
        return all(found.complete for found in self._filters())

    def step(self) -> bool:
        """Search on for a slice of time, newest lines first; False when there is nothing left to search."""
        began = self._clock()
        for found in self._filters():
            while found.advance():
                if self._clock() - began >= SLICE_S:
                    return True
        return False

    def _filters(self) -> tuple[LogFilter, ...]:
        found = [one for one in (self.shown, self.matches) if one is not None]
        return tuple(dict.fromkeys(found))

    def _look(self) -> None:
        scope = request_query(self.scope) if self.scope else None
        both = scope & self.query if scope is not None and self.query is not None else scope or self.query
        if both is None or self.query is None:
            self.matches = None
        else:
            self.matches = self._buffer.filter(both if self.hiding else MarkedLines(both), within=self.matches)
        if self.query is not None and self.hiding:
            self.shown = self.matches
        else:
            self.shown = self._buffer.filter(scope) if scope is not None else None
