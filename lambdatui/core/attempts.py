"""What the lines of a log say about one request: its attempts, their outcomes, and which lines belong to it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lambdatui.core.invocation_signs import Ended, Raised, RanOut, Reported, Started, sign_of
from lambdatui.core.log_lines import classify
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report
from lambdatui.core.text import clean

_VERSION = re.compile(r" Version: (\S+)")
_TIMED_OUT = re.compile(r"Task timed out after [\d.]+ seconds")


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
        sign = sign_of(event.message)
        if isinstance(sign, Started):
            if sign.request_id == request_id:
                attempts.append(Attempt(event.stream, event.timestamp_ms, _version(event.message)))
            continue
        index = next((i for i in reversed(range(len(attempts))) if attempts[i].stream == event.stream), None)
        if index is None:
            continue
        attempt = attempts[index]
        match sign:
            case Reported(report, told) if report.request_id == request_id:
                failed = report.status != "success" or bool(report.error_type)
                attempts[index] = replace(
                    attempt,
                    ended_ms=event.timestamp_ms,
                    report=report,
                    error=attempt.error or (report.error_type or report.status if failed else ""),
                    succeeded=not failed if told or failed else attempt.succeeded,
                )
            case Ended(_, status, error_type) if status:
                attempts[index] = replace(attempt, error=attempt.error or error_type, succeeded=status == "success")
            case Raised(_, error_type, message, sure) if sure:
                error = ": ".join(part for part in (error_type, message) if part)
                attempts[index] = replace(attempt, error=error, succeeded=False)
            case RanOut():
                found = _TIMED_OUT.search(event.message)
                attempts[index] = replace(attempt, error=found[0] if found else "timed out", succeeded=False)
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
        sign = sign_of(event.message)
        if isinstance(sign, Started):
            if sign.request_id == request_id:
                found += [*before, event]
                inside = True
            before = []
        elif inside:
            owner = classify(event.message)[1]
            if not owner or owner == request_id:
                found.append(event)
            inside = not (isinstance(sign, Reported) and sign.report.request_id == request_id)
        elif isinstance(sign, Reported):
            before = []
        else:
            before.append(event)
    return tuple(found)


def text_of(lines: Iterable[LogEvent]) -> str:
    """The messages, clean, each on lines of its own."""
    return "".join(clean(line.message).rstrip("\n") + "\n" for line in lines)


def _version(message: str) -> str:
    if found := _VERSION.search(message[:300]):
        return found[1]
    try:
        return str(json.loads(message)["record"].get("version") or "$LATEST")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "$LATEST"
