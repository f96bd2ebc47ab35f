"""Log events on their way into a buffer: made safe, line by line, a column for each thing that is known of a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import attrgetter
from typing import TypeVar

from lambdatui.core.log_told import FIRST_LINE, UNTOLD
from lambdatui.core.logs import LogEvent
from lambdatui.core.text import clean

_Value = TypeVar("_Value")

FIRST = FIRST_LINE | UNTOLD
_CONTROLS = tuple(chr(code) for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A))
_STREAMS = 4096
_message, _stream, _function_name = attrgetter("message"), attrgetter("stream"), attrgetter("function_name")


class RunningInvocations:
    """Knows which invocation ran last in each stream, as far as their lines have told; forgets what is long ago."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def running(self, stream: str) -> str:
        """The invocation that ran last in `stream`, "" for none."""
        return self._last.get(stream, "")

    def note(self, stream: str, request_id: str) -> None:
        """`request_id` runs in `stream` now."""
        self._last.pop(stream, None)
        self._last[stream] = request_id
        if len(self._last) > _STREAMS:
            del self._last[next(iter(self._last))]

    def note_before(self, stream: str, request_id: str) -> None:
        """`request_id` ran in `stream` before all that is known of it."""
        if stream not in self._last:
            self.note(stream, request_id)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some events, in the columns of a block. A stream or function that all of them have stands alone.

    `sizes` are bytes, the newline included; `flags` say which lines begin an event.
    """

    text: bytes | memoryview
    sizes: Sequence[int]
    times: Sequence[int]
    flags: bytes | bytearray
    streams: str | Sequence[str]
    functions: str | Sequence[str]

    def __len__(self) -> int:
        return len(self.sizes)

    def part(self, start: int, stop: int) -> Lines:
        """The lines from number `start` up to `stop`."""
        if start == 0 and stop == len(self):
            return self
        begin = sum(self.sizes[:start])
        here = slice(start, stop)
        sizes = self.sizes[here]
        return Lines(
            memoryview(self.text)[begin : begin + sum(sizes)],
            sizes,
            self.times[here],
            self.flags[here],
            self.streams if isinstance(self.streams, str) else self.streams[here],
            self.functions if isinstance(self.functions, str) else self.functions[here],
        )

    def event_end(self, start: int) -> int:
        """Where the event ends that line number `start` belongs to."""
        end = self.flags.find(FIRST, start + 1)
        return end if end >= 0 else len(self)

    def fitting(self, start: int, lines: int, size_bytes: int) -> int:
        """How far a block can go from `start` before it holds more than so many lines or bytes: one event at least."""
        stop = min(start + max(lines, 1), len(self))
        sizes = self.sizes[start:stop]
        if sum(sizes) > size_bytes:
            stop = start + bisect_right(list(accumulate(sizes)), size_bytes)
        if stop < len(self) and self.flags[stop] != FIRST:
            stop = self.flags.rfind(FIRST, start, stop)  # an event's lines stay together
        return stop if stop > start else self.event_end(start)


def lines_of(events: Sequence[LogEvent], times: Sequence[int]) -> Lines:
    """The lines of events that came at these times.

    Column by column: this is what a flood of lines costs, a line at a time it would be twice as much.
    """
    streams, functions = _one_or_all(map(_stream, events)), _one_or_all(map(_function_name, events))
    messages = list(map(_message, events))
    joined = "".join(messages)
    # One look at the whole batch tells that nothing has to be done, which is nearly always so; and to look for each
    # control character by itself is faster than one expression for all.
    if any(control in joined for control in _CONTROLS):
        messages = list(map(clean, messages))
        joined = "".join(messages)
    elif not joined.isascii():
        messages = [message if message.isascii() else clean(message) for message in messages]
        joined = "".join(messages)
    newlines = list(map(str.find, messages, repeat("\n")))
    if joined.isascii() and min(newlines) >= 0 and sum(newlines) + len(newlines) == len(joined):
        # As nearly always: each event is one line, and ends as lines do.
        text, sizes = joined.encode(), list(map(len, messages))
    else:
        messages = [message.removesuffix("\n") for message in messages]
        text = "\n".join((*messages, "")).encode("utf-8", "replace")
        sizes = list(map(len, text.splitlines(keepends=True)))
    if len(sizes) == len(messages):
        return Lines(text, sizes, times, bytes((FIRST,)) * len(sizes), streams, functions)
    counts = [message.count("\n") + 1 for message in messages]
    flags = b"".join(bytes((FIRST, *(UNTOLD,) * (count - 1))) for count in counts)
    return Lines(
        text,
        sizes,
        _repeated(times, counts),
        flags,
        streams if isinstance(streams, str) else _repeated(streams, counts),
        functions if isinstance(functions, str) else _repeated(functions, counts),
    )


def _one_or_all(names: Iterable[str]) -> str | list[str]:
    """The one name that all of them are, else all of them."""
    names = list(names)
    return names[0] if names.count(names[0]) == len(names) else names


def _repeated(values: Sequence[_Value], counts: Sequence[int]) -> list[_Value]:
    """Each value as often as its count says."""
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]
