"""The log stream of one execution environment: numbers its events and hands them to the sink in batches."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from lambdatui.backends.local.contracts import LogSink
from lambdatui.backends.local.runtime.output import Message
from lambdatui.core.limits import LOG_RESULT_BYTES
from lambdatui.core.logs import LogEvent

_DELAY_S = 0.05
_BATCH_BYTES = 256 * 1024


class LogStream:
    """Owns the events that the sink has not got yet: for at most 50 ms, and at most 256 KB of them.

    Also keeps the last 4 KB since `begin`, which an invocation answers with.
    """

    def __init__(self, function_name: str, sink: LogSink, clock: Callable[[], datetime]) -> None:
        token = uuid.uuid4().hex
        self.name = f"{clock():%Y/%m/%d}/[$LATEST]{token}"
        self._function_name = function_name
        self._sink = sink
        self._clock = clock
        self._id_base = int(token[:16], 16) << 32
        self._sequence = 0
        self._events: list[LogEvent] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tail: list[str] = []
        self._tail_bytes = 0
        self._lost = 0

    def begin(self) -> None:
        """Start the tail anew."""
        self._tail, self._tail_bytes = [], 0

    @property
    def tail(self) -> str:
        """The last 4,096 bytes of the log since `begin`, decoded."""
        text = "".join(f"{message}\n" for message in self._tail).encode("utf-8", "replace")
        return text[-LOG_RESULT_BYTES:].decode("utf-8", "ignore")

    def now_ms(self) -> int:
        """The time in milliseconds since the epoch."""
        return int(self._clock().timestamp() * 1000)

    def say(self, *lines: str) -> None:
        """Add what the platform itself says, now."""
        now_ms = self.now_ms()
        self.extend([(now_ms, line) for line in lines])

    def extend(self, messages: Sequence[Message]) -> None:
        """Add `messages`; the sink gets them within 50 ms."""
        if not messages:
            return
        now_ms = self.now_ms()
        for timestamp_ms, text in messages:
            self._sequence += 1
            # As AWS's: 56 digits that sort by time; the stream's own number keeps two workbenches apart.
            number = (timestamp_ms << 96) | self._id_base | self._sequence
            event = LogEvent(f"{number:056d}", timestamp_ms, now_ms, self.name, text, self._function_name)
            self._events.append(event)
            self._bytes += len(text)
        self._remember(messages)
        if self._bytes >= _BATCH_BYTES:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY_S, self.flush)

    def flush(self) -> None:
        """Hand over what is waiting. A sink that can't write costs lines, never an invocation."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._events:
            return
        events, self._events, self._bytes = self._events, [], 0
        try:
            self._sink.extend(self._function_name, events)
        except OSError:
            self._lost += len(events)
            return
        if self._lost:
            lost, self._lost = self._lost, 0
            self.say(f"{lost} log events could not be stored")

    def _remember(self, messages: Sequence[Message]) -> None:
        recent: list[str] = []
        size = 0
        for _, text in reversed(messages):
            recent.append(text)
            size += len(text) + 1
            if size >= LOG_RESULT_BYTES:
                self._tail, self._tail_bytes = [], 0
                break
        self._tail += reversed(recent)
        self._tail_bytes += size
        while self._tail_bytes - len(self._tail[0]) - 1 >= LOG_RESULT_BYTES:
            self._tail_bytes -= len(self._tail.pop(0)) + 1
