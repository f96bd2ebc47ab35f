"""Picks the lines of one invocation out of a function's live log."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lambdatui.core.log_lines import classify
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import parse_platform_report, parse_report

_START = re.compile(r"START RequestId: (\S+)")


@dataclass(slots=True)
class _Stream:
    """One execution environment since we asked: whose lines it prints now, and what came before its first START."""

    request_id: str = ""
    before_start: list[LogEvent] = field(default_factory=list)


class InvocationLog:
    """Shows lines as they come while only one invocation can be meant; holds them back while several can.

    The request id of a synchronous invocation is known only when its answer is there. Until then the one
    invocation that started since we asked is taken for ours; from a second one on, nothing is guessed.
    An environment runs one invocation at a time, mostly, so what stands between START and REPORT belongs together
    unless it names another one; what stands before the first START is its INIT.
    """

    def __init__(self, request_id: str = "") -> None:
        self.shown = 0
        """How many events were handed out."""
        self._wanted = request_id
        self._streams: dict[str, _Stream] = {}
        self._held: dict[str, list[LogEvent]] = {}
        self._reports: dict[str, int] = {}

    @property
    def reports(self) -> int:
        """How many attempts of the known invocation have ended."""
        return self._reports.get(self._wanted, 0)

    def extend(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        """The events to show now, in order, those held until now among them."""
        for event in events:
            self._take(event)
        return self._released()

    def know(self, request_id: str) -> list[LogEvent]:
        """The answer named the invocation: what was held of it."""
        self._wanted = request_id
        return self._released()

    def _take(self, event: LogEvent) -> None:
        stream = self._streams.setdefault(event.stream, _Stream())
        if started := _request_id_started(event.message):
            stream.request_id = started
            self._held.setdefault(started, []).extend(stream.before_start)
            stream.before_start.clear()
        # Several may run at once in an environment of Lambda Managed Instances: what names its invocation is its own.
        named = classify(event.message, stream.request_id)[1]
        owner = named if named in self._held else stream.request_id
        if owner:
            self._held.setdefault(owner, []).append(event)
        else:
            stream.before_start.append(event)
        if ended := _request_id_reported(event.message):
            self._reports[ended] = self._reports.get(ended, 0) + 1
            # Without a START the lines were the end of an invocation that began before we asked.
            stream.before_start.clear()

    def _released(self) -> list[LogEvent]:
        mine = self._wanted or (next(iter(self._held)) if len(self._held) == 1 else "")
        ready = self._held.get(mine, [])
        if ready:
            self._held[mine] = []
        self.shown += len(ready)
        return ready


def _request_id_started(message: str) -> str:
    if start := _START.match(message):
        return start[1]
    return _platform_request_id(message) if '"platform.start"' in message else ""


def _request_id_reported(message: str) -> str:
    report = parse_report(message) or parse_platform_report(message)
    return report.request_id if report else ""


def _platform_request_id(message: str) -> str:
    try:
        return str(json.loads(message)["record"]["requestId"])
    except (ValueError, KeyError, TypeError):
        return ""
