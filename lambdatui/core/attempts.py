"""What the lines of a log say about one request: its attempts, their outcomes, and which lines belong to it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lambdatui.core.log_lines import classify
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report, parse_platform_report, parse_report
from lambdatui.core.text import clean

_START = re.compile(r"START RequestId: (\S+)(?: Version: (\S+))?")
_RAISED = re.compile(r"\[ERROR\] (\S[^\r\n]*)[\r\n]+Traceback ")
_TIMED_OUT = re.compile(r"Task timed out after [\d.]+ seconds")
_ENDED = re.compile(r"RequestId: \S+ Error: ([^\r\n]+)")
_NODE = re.compile(r"\tERROR\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) *\t(\{.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a request. `report` is None until its end is in the log; `error` is "" until one is.

    `succeeded` is None where the log does not say: a text log has no word for success.
    """

    stream: str
    started_ms: int
    version: str = "$LATEST"
    ended_ms: int | None = None
    report: Report | None = None
    error: str = ""
    succeeded: bool | None = None


def attempts_of(events: Iterable[LogEvent], request_id: str) -> tuple[Attempt, ...]:
    """The attempts of a request, oldest first, by those `events` that belong to it.

    A retry has the request id of the first attempt.
    """
    attempts: list[Attempt] = []
    for event in sorted(events, key=lambda event: event.timestamp_ms):
        started = start_of(event.message)
        if started and started[0] == request_id:
            attempts.append(Attempt(event.stream, event.timestamp_ms, started[1]))
            continue
        index = next((i for i in reversed(range(len(attempts))) if attempts[i].stream == event.stream), None)
        if index is None:
            continue
        attempt = attempts[index]
        report = report_of(event.message)
        if report is not None and report.request_id == request_id:
            failed = report.status != "success" or bool(report.error_type)
            attempts[index] = replace(
                attempt,
                ended_ms=event.timestamp_ms,
                report=report,
                error=attempt.error or (report.error_type or report.status if failed else ""),
                succeeded=False if failed else (True if event.message.startswith("{") else attempt.succeeded),
            )
        elif error := error_of(event.message):
            attempts[index] = replace(attempt, error=error, succeeded=False)
    return tuple(attempts)


def lines_of(events: Sequence[LogEvent], request_id: str) -> tuple[LogEvent, ...]:
    """Those events of one stream, in their order, that belong to a request: from its INIT or START to its REPORT.

    Lines of other requests in between (an environment may serve several at once) are left out where they say whose
    they are.
    """
    found: list[LogEvent] = []
    before: list[LogEvent] = []
    inside = False
    for event in events:
        started = start_of(event.message)
        if started:
            inside = started[0] == request_id or inside
            if started[0] == request_id:
                found += [*before, event]
            before = []
            continue
        report = report_of(event.message)
        if inside:
            owner = classify(event.message)[1]
            if not owner or owner == request_id:
                found.append(event)
            inside = report is None or report.request_id != request_id
        elif report is not None:
            before = []
        else:
            before.append(event)
    return tuple(found)


def error_of(message: str) -> str:
    """The error that a runtime or the platform logged when a function failed, in one line; "" when it is not that."""
    if raised := _RAISED.match(message):
        return _line(raised[1])
    if timed_out := _TIMED_OUT.search(message[:200]):
        return timed_out[0]
    if ended := _ENDED.match(message):
        return _line(ended[1])
    if thrown := _NODE.search(message[:20_000]):
        return _named_error(thrown[1]) or "Invoke Error"
    if message.startswith("{") and '"errorType"' in message:
        return _named_error(message)
    return ""


def start_of(message: str) -> tuple[str, str] | None:
    """Request id and version, if an attempt starts with this line."""
    if start := _START.match(message):
        return start[1], start[2] or "$LATEST"
    if not message.startswith("{") or '"platform.start"' not in message[:200]:
        return None
    try:
        record = json.loads(message)["record"]
        return str(record["requestId"]), str(record.get("version") or "$LATEST")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def report_of(message: str) -> Report | None:
    """The figures, if an attempt ends with this line."""
    return parse_report(message) or parse_platform_report(message)


def _named_error(text: str) -> str:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    # What a function logs itself may name an error type too: the runtimes' own records have the trace beside it.
    if not isinstance(record, dict) or not record.keys() & {"stackTrace", "stack", "trace"}:
        return ""
    message = record.get("errorMessage") or record.get("message") or ""
    return _line(": ".join(str(part) for part in (record.get("errorType"), message) if part and isinstance(part, str)))


def _line(text: str) -> str:
    return " ".join(clean(text).split())
