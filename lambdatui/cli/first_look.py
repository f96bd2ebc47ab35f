"""Says how far the newest events reach back, where hardly any of them is what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lambdatui.cli.output import Output
from lambdatui.cli.times import show_time
from lambdatui.core.logs import LogEvent

_FEW = 10


@dataclass(slots=True)
class FirstLook:
    """Counts the newest events, and what was shown of them. Tells once, on stderr, when they have all been read.

    What was asked for may be among those before them: who sees nothing would take it that there is nothing.
    """

    output: Output
    newest: int
    utc: bool
    over: bool = False
    """Whether there is nothing more to tell."""
    _looked_at: int = 0
    _shown: int = 0
    _from_ms: int = 0

    def count(self, events: Sequence[LogEvent], shown: int) -> None:
        """These were looked at, and so many lines or rows came of them."""
        if self.over:
            return
        if events:
            self._from_ms = min(events[0].timestamp_ms, self._from_ms or events[0].timestamp_ms)
        self._looked_at += len(events)
        self._shown += shown

    def end(self) -> None:
        """What comes from now on is news."""
        if self.over:
            return
        self.over = True
        # Where there were fewer than asked for, there are no older ones.
        if self._looked_at >= self.newest > 0 and self._shown < min(_FEW, self._looked_at):
            events = "1 event" if self._looked_at == 1 else f"{self._looked_at:,} events"
            since = show_time(self._from_ms, utc=self.utc)
            self.output.say(f"looked at {events} since {since}; --since looks further", "dim")
