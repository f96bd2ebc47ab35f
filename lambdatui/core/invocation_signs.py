"""What one log event tells about the course of an invocation, in both log formats of Lambda."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report, parse_platform_report, parse_report
from lambdatui.core.text import clean


class InitStarted(NamedTuple):
    """An execution environment is being made: no invocation runs in its stream.

    `several`: once it is, it runs several at once, as those of Lambda Managed Instances do.
    """

    several: bool = False


class InitEnded(NamedTuple):
    """INIT ended, well or not; `error_type` is AWS's code when it is told."""

    failed: bool
    error_type: str = ""


class Started(NamedTuple):
    """An attempt of an invocation began."""

    request_id: str


class Ended(NamedTuple):
    """The runtime is done with it. `status` is "" in the text format, which does not tell."""

    request_id: str
    status: str = ""
    error_type: str = ""


class Raised(NamedTuple):
    """An error was logged; `request_id` is "" when it belongs to whatever runs in its stream.

    `sure`: the runtime wrote it because the invocation failed; else the function may have caught and logged it.
    """

    request_id: str
    error_type: str
    message: str
    sure: bool = True


class RanOut(NamedTuple):
    """The function used up its time."""

    request_id: str


class Reported(NamedTuple):
    """The figures at the end. `told`: they say whether it succeeded; the text format says so only of some failures."""

    report: Report
    told: bool


Sign: TypeAlias = InitStarted | InitEnded | Started | Ended | Raised | RanOut | Reported

_HEADS = frozenset({"STAR", "END ", "REPO", "INIT", "REST", "Requ", "[ERR"})
ANCHORS = (
    b"RequestId: ",
    b"INIT_",
    b"RESTORE_",
    b'"platform.',
    b'"errorType"',
    b"[ERROR] ",
    b"Task timed out",
    b"\tERROR\t",
)
"""Each message that holds a sign holds one of these. To look for all of them takes less than to look at each line."""
_ID_AT = {"STAR": 17, "END ": 15}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_HEAD_CHARACTERS = 160
_MESSAGE_CHARACTERS = 200
_PARSED_CHARACTERS = 256 * 1024
_TEXT_PLATFORM = re.compile(r"(START|END) RequestId: (\S+)")
_PYTHON_ERROR = re.compile(r"\[ERROR\] ([A-Za-z_][\w.]*)(?:: ([^\n]*))?(?:\n|$)")
_RUNTIME_ERROR = re.compile(r"RequestId: (\S+) Error: ([^\n]*)(?:\n([\w.]+))?")
_TIMED_OUT = re.compile(r"(?:\S+Z )?(\S+) Task timed out after ")
_NODE_ERROR = re.compile(
    r"\S+Z\t(\S+)\tERROR\t(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) ?\t(\{.*)", re.DOTALL
)
_INIT_STATUS = re.compile(r"\tStatus: (\w+)(?:\tError Type: (\S+))?")
_INIT_STARTS = frozenset({"platform.initStart", "platform.restoreStart"})
_INIT_ENDS = frozenset({"platform.initReport", "platform.restoreReport"})


def with_signs(events: Iterable[LogEvent]) -> list[LogEvent]:
    """Those for which `sign_of` is worth asking: few of them, and found at a fraction of what it takes to ask."""
    return [
        event
        for event in events
        if (message := event.message)[:4] in _HEADS
        or (message[:1] == "{" and (message.find('"platform.', 0, _HEAD_CHARACTERS) >= 0 or '"errorType"' in message))
        or "0" <= message[:1] <= "9"
    ]


def sign_of(message: str) -> Sign | None:
    """The sign in `message`, None for the nearly all that hold none. Runs once for each event that arrives."""
    first = message[:1]
    if first == "{":
        if '"platform.' in message[:_HEAD_CHARACTERS]:
            return _platform_sign(message)
        return _record_sign(message) if '"errorType"' in message else None
    if "0" <= first <= "9":
        return _stamped_sign(message) if "Task timed out" in message[:120] or "\tERROR\t" in message[:120] else None
    head = message[:4]
    if head not in _HEADS:
        return None
    if head in _ID_AT:
        at = _ID_AT[head]
        request_id = message[at : at + 36]
        if message[at - 12 : at] == " RequestId: " and _UUID(request_id):
            if head == "STAR":
                return Started(request_id)
            if head == "END ":
                return Ended(request_id)
    message = clean(message)
    return _text_platform_sign(message) or _text_error_sign(message)


def reported_id(message: str) -> str:
    """The request id of a text-format REPORT line, "" for another line: a fraction of what parsing it takes."""
    if message.startswith("REPORT RequestId: ") and _UUID(request_id := message[18:54]) and message[54:55] == "\t":
        return request_id
    return ""


def _text_platform_sign(message: str) -> Sign | None:
    if (report := parse_report(message)) is not None:
        return Reported(report, told="\tStatus: " in message)
    if found := _TEXT_PLATFORM.match(message):
        return Started(found[2]) if found[1] == "START" else Ended(found[2])
    if message.startswith(("INIT_START ", "RESTORE_START ")):
        return InitStarted()
    if message.startswith(("INIT_REPORT ", "RESTORE_REPORT ")):
        status = _INIT_STATUS.search(message)
        failed = status is not None and status[1] != "success"
        return InitEnded(failed, (status[2] or "") if status is not None and failed else "")
    return None


def _text_error_sign(message: str) -> Sign | None:
    if found := _RUNTIME_ERROR.match(message):
        return Raised(found[1], found[3] or "", _short(found[2]))
    found = _PYTHON_ERROR.match(message)
    # Python's runtime writes the traceback under it; `logger.error` puts tabs where this has a blank.
    if found and (found[1].startswith("Runtime.") or "\nTraceback (most recent call last)" in message):
        return Raised("", found[1], _short(found[2] or ""))
    return None


def _stamped_sign(message: str) -> Sign | None:
    message = clean(message)
    if found := _TIMED_OUT.match(message):
        return RanOut(found[1])
    if found := _NODE_ERROR.match(message):
        record = _parsed(found[2]) or {}
        return Raised(found[1], _word(record.get("errorType")), _short(_word(record.get("errorMessage"))))
    return None


def _record_sign(message: str) -> Sign | None:
    """An error in the JSON format: Python's runtime writes it without `message`, Node's inside of it."""
    record = _parsed(message)
    if record is None:
        return None
    request_id = _word(record.get("requestId")) or _word(record.get("AWSRequestId"))
    inner = record.get("message")
    if isinstance(inner, dict) and "errorType" in inner:
        return Raised(request_id, _word(inner.get("errorType")), _short(_word(inner.get("errorMessage"))))
    if "errorType" not in record:
        return None
    sure = "message" not in record and "logger" not in record
    return Raised(request_id, _word(record["errorType"]), _short(_word(record.get("errorMessage"))), sure)


def _platform_sign(message: str) -> Sign | None:
    if (report := parse_platform_report(message)) is not None:
        request_id, error_type = clean(report.request_id), clean(report.error_type)
        if (request_id, error_type) != (report.request_id, report.error_type):
            return None  # nothing that AWS wrote
        return Reported(report, told=True)
    document = _parsed(message)
    kind, record = (_word(document.get("type")), document.get("record")) if document is not None else ("", None)
    if kind == "platform.fault" and isinstance(record, str):
        return _fault_sign(clean(record))
    return _step_sign(kind, record) if isinstance(record, dict) else None


def _fault_sign(text: str) -> Sign | None:
    if found := _TIMED_OUT.match(text):
        return RanOut(found[1])
    found = _RUNTIME_ERROR.match(text)
    return Raised(found[1], "", _short(found[2])) if found else None


def _step_sign(kind: str, record: dict[str, object]) -> Sign | None:
    request_id, status = _word(record.get("requestId")), _word(record.get("status")) or "success"
    if kind == "platform.start" and request_id:
        return Started(request_id)
    if kind == "platform.runtimeDone" and request_id:
        return Ended(request_id, status, _word(record.get("errorType")))
    if kind in _INIT_STARTS:
        return InitStarted(record.get("initializationType") == "lambda-managed-instances")
    if kind in _INIT_ENDS:
        return InitEnded(status != "success", _word(record.get("errorType")))
    return None


def _parsed(text: str) -> dict[str, object] | None:
    if len(text) > _PARSED_CHARACTERS:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _word(value: object) -> str:
    """A value from outside as one short line: what was escaped inside JSON is cleaned once more."""
    return _short(clean(value)) if isinstance(value, str) else ""


def _short(text: str) -> str:
    return text.partition("\n")[0][:_MESSAGE_CHARACTERS]
