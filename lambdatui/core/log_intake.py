"""What is done to log events on their way into a buffer: made safe, cut into pieces for its blocks."""

from __future__ import annotations

from collections.abc import Sequence

from lambdatui.core.text import clean

_CONTROLS = tuple(chr(code) for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A))
_STREAMS = 4096


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


def cleaned(messages: Sequence[str]) -> Sequence[str]:
    """The messages without their final newline and without what would control a terminal.

    One look at the whole batch tells that nothing has to be done, which is nearly always so.
    """
    joined = "".join(messages)
    if "\n" in joined:
        messages = [message.removesuffix("\n") for message in messages]
    # To look for each of them by itself is faster than one expression for all.
    if any(control in joined for control in _CONTROLS):
        return [clean(message).removesuffix("\n") for message in messages]
    if joined.isascii():
        return messages
    return [message if message.isascii() else clean(message) for message in messages]


def fitting(messages: Sequence[str], start: int, lines: int, size_bytes: int) -> int:
    """How far a block can go from `start` before it holds more than so many lines or bytes: one event at least."""
    stop = min(start + max(lines, 1), len(messages))
    joined = "".join(messages[start:stop])
    if len(joined) <= size_bytes and "\n" not in joined:
        return stop
    for number in range(start, stop):
        message = messages[number]
        lines -= message.count("\n") + 1
        size_bytes -= len(message)
        if lines < 0 or size_bytes < 0:
            return max(number, start + 1)
    return stop
