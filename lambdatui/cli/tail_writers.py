"""What is written of the events of a tail: lines, objects, or a row an invocation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lambdatui.cli.log_choice import LogChoice
from lambdatui.cli.log_rows import CostOf, InvocationRows, RowText, row_record
from lambdatui.cli.log_text import EventText
from lambdatui.cli.output import Output
from lambdatui.cli.times import Stamps
from lambdatui.core.log_invocations import Invocation
from lambdatui.core.log_masks import Cover, mask
from lambdatui.core.log_records import json_lines
from lambdatui.core.logs import LogEvent, TailQuery


@dataclass(frozen=True, slots=True)
class Look:
    """How lines look: `several` names the function of each, as there are several, or may be."""

    utc: bool
    several: bool
    masked: bool

    @property
    def cover(self) -> Cover:
        """What shows of a text."""
        return mask if self.masked else str


class Writer(Protocol):
    """What becomes of the events. Both say how many lines or rows were written."""

    def extend(self, events: Sequence[LogEvent]) -> int:
        """Take a batch."""
        ...

    def end(self) -> int:
        """Write what was held back."""
        ...


class EventWriter:
    """Writes the events that are wanted, a batch at once."""

    def __init__(self, output: Output, query: TailQuery, choice: LogChoice, look: Look) -> None:
        self._output = output
        self._choice = choice
        self._cover = look.cover if look.masked else None
        text = EventText(
            query.function_names, utc=look.utc, several=look.several, color=output.colors_data, found=choice.found
        )
        self._lines = json_lines(ascii_only=output.ascii_only) if output.json else text.lines

    def extend(self, events: Sequence[LogEvent]) -> int:
        """See `Writer`."""
        chosen = self._choice.of(events)
        if self._cover is not None:
            chosen = [event._replace(message=self._cover(event.message)) for event in chosen]
        if chosen:
            self._output.line(self._lines(chosen))
        return len(chosen)

    def end(self) -> int:
        """See `Writer`."""
        return 0


class RowWriter:
    """Writes a row when its invocation has ended; where nobody follows all of them at the end, by their start."""

    def __init__(
        self,
        output: Output,
        rows: InvocationRows,
        look: Look,
        cost_of: CostOf,
        *,
        follow: bool,
        wall_ms: Callable[[], int],
    ) -> None:
        self._output = output
        self._rows = rows
        self._cost_of = cost_of
        self._cover = look.cover
        self._text = RowText(cost_of, Stamps(utc=look.utc), look.several, output.data_tone, look.cover)
        self._follow = follow
        self._wall_ms = wall_ms

    def extend(self, events: Sequence[LogEvent]) -> int:
        """See `Writer`."""
        if self._follow:
            return self._write(self._rows.extend(events))
        self._rows.index.extend(events)
        return 0

    def end(self) -> int:
        """See `Writer`."""
        return self._write(self._rows.rest(self._wall_ms()))

    def _write(self, rows: Sequence[Invocation]) -> int:
        for row in rows:
            if self._output.json:
                self._output.record(row_record(row, self._cost_of(row), self._cover))
            else:
                self._output.line(self._text.line(row))
        return len(rows)
