"""What is done to log events on their way into a buffer: made safe, split into lines, told whose they are."""

from __future__ import annotations

from bisect import insort_right
from collections.abc import Sequence
from operator import itemgetter

from lambdatui.core.log_block import LEVEL_BITS
from lambdatui.core.text import clean

_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A))
_STREAMS = 4096
_TRANSITIONS = 64


class RunningInvocations:
    """Knows which invocation ran when in each stream, as far as their lines have told; forgets what is long ago."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[int, str]]] = {}

    def running(self, stream: str, at_ms: int | None = None) -> str:
        """The invocation that ran last in `stream`, or that ran at a moment in the past."""
        seen = self._seen.get(stream)
        if not seen:
            return ""
        if at_ms is None:
            return seen[-1][1]
        return next((request_id for started_ms, request_id in reversed(seen) if started_ms <= at_ms), "")

    def note(self, stream: str, at_ms: int, request_id: str) -> None:
        """From that moment on `request_id` ran in `stream`, "" for none."""
        seen = self._seen.get(stream)
        if seen is None:
            if len(self._seen) >= _STREAMS:
                del self._seen[next(iter(self._seen))]
            seen = self._seen[stream] = []
        insort_right(seen, (at_ms, request_id), key=itemgetter(0))
        del seen[:-_TRANSITIONS]


def cleaned(messages: list[str]) -> list[str]:
    """The messages without their final newline and without what would control a terminal.

    One look at the whole batch tells that nothing has to be done, which is nearly always so.
    """
    joined = "".join(messages)
    if "\n" in joined:
        messages = [message.removesuffix("\n") for message in messages]
    raw = joined.encode("utf-8", "replace")
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        return [clean(message).removesuffix("\n") for message in messages]
    if joined.isascii():
        return messages
    return [message if message.isascii() else clean(message) for message in messages]


def lines_of(
    messages: Sequence[str], times: Sequence[int], flags: Sequence[int], request_ids: Sequence[str]
) -> tuple[list[str], list[int], list[int], list[str]]:
    """One entry a line instead of one an event."""
    lines: list[str] = []
    line_times: list[int] = []
    line_flags: list[int] = []
    line_ids: list[str] = []
    for message, stamp, flag, request_id in zip(messages, times, flags, request_ids, strict=True):
        parts = message.split("\n")
        lines += parts
        line_times += [stamp] * len(parts)
        line_flags.append(flag)
        line_flags += [flag & LEVEL_BITS] * (len(parts) - 1)
        line_ids += [request_id] * len(parts)
    return lines, line_times, line_flags, line_ids


def fitting(lines: Sequence[str], start: int, stop: int, size_bytes: int) -> int:
    """How far a block can go from `start` before it holds more than `size_bytes`: one line at least."""
    size = 0
    for number in range(start, stop):
        size += len(lines[number])
        if size > size_bytes:
            return max(number, start + 1)
    return stop
