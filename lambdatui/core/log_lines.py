"""What a log line says: its level, the invocation it names, and the short form in which it is drawn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import IntEnum

from lambdatui.core.json_text import Member, members, readable
from lambdatui.core.report import Report, parse_platform_report, parse_report


class Level(IntEnum):
    """How serious a line is; NONE when it does not say."""

    NONE = 0
    TRACE = 1
    DEBUG = 2
    INFO = 3
    WARN = 4
    ERROR = 5
    FATAL = 6


class Kind(IntEnum):
    """What wrote the line: the function itself, or the platform at one step of the invocation."""

    MESSAGE = 0
    START = 1
    END = 2
    REPORT = 3
    INIT = 4
    PLATFORM = 5


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line as it is drawn: `tag` (a level or a platform word), then `text`, then `trail` in a muted colour."""

    tag: str
    text: str
    trail: str = ""
    level: Level = Level.NONE
    kind: Kind = Kind.MESSAGE
    request_id: str = ""


FOLDED_CHARACTERS = 64 * 1024
"""A longer JSON record is drawn as it stands: parsing it would hold up the screen."""

_LEVELS = {
    "TRACE": Level.TRACE,
    "DEBUG": Level.DEBUG,
    "INFO": Level.INFO,
    "NOTICE": Level.INFO,
    "WARN": Level.WARN,
    "WARNING": Level.WARN,
    "ERROR": Level.ERROR,
    "FATAL": Level.FATAL,
    "CRITICAL": Level.FATAL,
}
_LEVELS.update({word.lower(): level for word, level in _LEVELS.items()})
_LEVELS.update({word.capitalize(): level for word, level in _LEVELS.items()})

_BY_START = {
    **{word[:4]: "level" for word in _LEVELS if word.isupper()},
    "STAR": "platform",
    "END ": "platform",
    "REPO": "platform",
    "INIT": "init",
    "REST": "init",
    "Requ": "runtime",
    "Trac": "traceback",
    "EXTE": "extension",
    "TELE": "extension",
    "XRAY": "extension",
    "LOGS": "extension",
}
_TRACEBACK = "Traceback (most recent call last)"
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z[\t ]")
_WORD = re.compile(r"([A-Za-z]+)(?=[:\s]|$):?\s*")
_BRACKETED = re.compile(r"\[([A-Za-z]+)\]\s?")
_RUNTIME_ERROR = re.compile(r"RequestId: (\S+) Error: ")
_REQUEST_KEYS = ("requestId", "AWSRequestId", "awsRequestId", "function_request_id", "aws_request_id", "request_id")
_MESSAGE_KEYS = ("message", "msg", "errorMessage")
_PLATFORM_TAGS = {
    "platform.start": ("START", Kind.START),
    "platform.end": ("END", Kind.END),
    "platform.runtimeDone": ("END", Kind.END),
    "platform.report": ("REPORT", Kind.REPORT),
    "platform.initStart": ("INIT", Kind.INIT),
    "platform.initRuntimeDone": ("INIT", Kind.INIT),
    "platform.initReport": ("INIT", Kind.INIT),
    "platform.restoreStart": ("RESTORE", Kind.INIT),
    "platform.restoreReport": ("RESTORE", Kind.INIT),
}


def classify(message: str, current: str = "") -> tuple[Level, str | None]:
    """The level of `message`, and the request id that it names.

    None: it names none, so it belongs to the invocation that runs in its stream. "": it belongs to none (INIT).
    `current` is that running invocation; knowing it spares most JSON records their parsing. Runs once for each
    event that arrives: a look at the first characters decides which format is worth a closer look.
    """
    first = message[:1]
    if first == "{":
        return _classify_record(message, current)
    if first == "[":
        end = message.find("]", 1, 12)
        level = _LEVELS.get(message[1:end], Level.NONE)
        # [LEVEL]\t<ISO time, 24 characters>\t<request id, 36 characters>\t
        if level and message[end + 1 : end + 2] == "\t" and message[end + 63 : end + 64] == "\t":
            return level, message[end + 27 : end + 63]
        return level, None
    if "0" <= first <= "9":
        return _classify_stamped(message)
    word = _BY_START.get(message[:4])
    if word is None:
        return Level.NONE, None
    if word == "level":
        found = _WORD.match(message)
        return (_LEVELS.get(found[1], Level.NONE) if found else Level.NONE), None
    if word == "traceback":
        return (Level.ERROR if message.startswith(_TRACEBACK) else Level.NONE), None
    return _classify_platform(message, word)


_ID_AT = {"S": 17, "E": 15, "R": 18}
"""Where the request id stands behind "START RequestId: " and the like, by the first letter."""
_NO_LEVEL = Level.NONE


def _classify_platform(message: str, word: str) -> tuple[Level, str | None]:
    if word == "platform":
        at = _ID_AT[message[0]]
        if message[at - 12 : at] == " RequestId: " and message[at + 36 : at + 37] in ("", " ", "\t", "\n"):
            # Request ids have 36 characters: nothing has to be looked for.
            failed = message[0] == "R" and "\tStatus: " in message and "\tStatus: success" not in message
            return (Level.ERROR if failed else _NO_LEVEL), message[at : at + 36].partition(" ")[0].partition("\t")[0]
        kind, _, rest = message.partition(" RequestId: ")
        if kind not in ("START", "END", "REPORT") or not rest:
            return Level.NONE, None
        request_id = rest.replace("\t", " ").partition(" ")[0]
        failed = kind == "REPORT" and "\tStatus: " in message and "\tStatus: success" not in message
        return (Level.ERROR if failed else Level.NONE), request_id
    if word == "init":
        return Level.NONE, "" if message.startswith(("INIT_START ", "RESTORE_START ")) else None
    if word == "runtime" and (found := _RUNTIME_ERROR.match(message)):
        return Level.ERROR, found[1]
    return Level.NONE, None


def _classify_stamped(message: str) -> tuple[Level, str | None]:
    """Lines that open with a time: Node's logger, and the platform's "Task timed out"."""
    stamp = _STAMP.match(message[:40])
    if stamp is None:
        return Level.NONE, None
    request_id, separator, rest = message[stamp.end() : stamp.end() + 160].replace("\t", " ").partition(" ")
    if not separator:
        return Level.NONE, None
    if rest.startswith("Task timed out after "):
        return Level.ERROR, request_id
    level = _LEVELS.get(rest.partition(" ")[0], Level.NONE)
    if not level:
        return Level.NONE, None
    return level, None if request_id == "undefined" else request_id


def _classify_record(message: str, current: str) -> tuple[Level, str | None]:
    if message.find('"platform.', 0, 160) >= 0:
        picture = _platform_picture(message)
        if picture is not None:
            return picture.level, picture.request_id or ("" if picture.kind is Kind.INIT else None)
    level = Level.NONE
    key = message.find('"level"')
    if key < 0 and (key := message.find('"log_level"')) >= 0:
        key += 4  # as Python's runtime writes an error that nobody caught
    if key >= 0:
        start = message.find('"', key + 7) + 1
        level = _LEVELS.get(message[start : message.find('"', start, start + 12)], Level.NONE)
    if current and current in message:
        return level, current
    # An event that a function prints may hold somebody else's request id further inside: only the top level counts.
    if 'equestId"' in message or 'request_id"' in message:
        record = _record(message)
        if record is not None:
            return level, _request_id(record) or None
    return level, None


def _record(message: str) -> dict[str, object] | None:
    if len(message) > FOLDED_CHARACTERS or not message.rstrip().endswith("}"):
        return None
    try:
        document = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _request_id(record: dict[str, object]) -> str:
    for key in _REQUEST_KEYS:
        value = record.get(key)
        if isinstance(value, str):
            return value
    return ""


def picture_of(line: str, fields: tuple[str, ...] = ()) -> LinePicture:
    """How the first line of an event is drawn. Lines that say nothing about themselves come back as they are.

    Of a JSON record its message shows, and of the rest those `fields`; () for all of them.
    """
    level, request_id = classify(line)
    named = request_id or ""
    first = line[:1]
    if first == "{":
        return _platform_picture(line) or _record_picture(line, level, fields) or LinePicture("", line, level=level)
    if first == "[" and level:
        return _bracketed_picture(line, level, named)
    if level and "0" <= first <= "9":
        rest = line[line.index(named) + len(named) + 1 :] if named else line.replace("\t", " ").split(" ", 2)[2]
        word, _, text = rest.replace("\t", " ", 1).partition(" ")
        if word in _LEVELS:
            return LinePicture(level.name, text, level=level, request_id=named)
        return LinePicture("ERROR", rest, level=level, request_id=named)
    word = _BY_START.get(line[:4], "")
    if word in ("platform", "init", "runtime", "extension"):
        return _text_platform_picture(line, level, named)
    if word == "level" and level and (found := _WORD.match(line)):
        return LinePicture(level.name, line[found.end() :], level=level)
    return LinePicture("", line, level=level, request_id=named)


def _bracketed_picture(line: str, level: Level, request_id: str) -> LinePicture:
    if request_id:
        text = line[line.index(request_id) + len(request_id) + 1 :]
    else:
        found = _BRACKETED.match(line)
        text = line[found.end() :] if found else line
    return LinePicture(level.name, text, level=level, request_id=request_id)


def _text_platform_picture(line: str, level: Level, request_id: str) -> LinePicture:
    if (report := parse_report(line)) is not None:
        return report_picture(report)
    if request_id and line.startswith("START "):
        version = line.partition(" Version: ")[2].strip()
        trail = f"version {version}" if version and version != "$LATEST" else ""
        return LinePicture("START", request_id, trail, kind=Kind.START, request_id=request_id)
    if request_id and line.startswith("END "):
        return LinePicture("END", request_id, kind=Kind.END, request_id=request_id)
    if found := _RUNTIME_ERROR.match(line):
        return LinePicture("ERROR", line[found.end() :], level=Level.ERROR, request_id=request_id)
    for prefix, tag in (("INIT_START ", "INIT"), ("RESTORE_START ", "RESTORE"), ("INIT_REPORT ", "INIT")):
        if line.startswith(prefix):
            text, _, trail = line.removeprefix(prefix).strip().partition("\t")
            return LinePicture(tag, text.removeprefix("Runtime Version: "), trail.replace("\t", " · "), kind=Kind.INIT)
    if line.startswith(("EXTENSION\t", "TELEMETRY\t", "LOGS\t", "XRAY ")):
        tag, text = re.split(r"[\t ]", line, maxsplit=1)
        return LinePicture(tag, text.strip().replace("\t", " · "), kind=Kind.PLATFORM)
    return LinePicture("", line, level=level, request_id=request_id)


def _platform_picture(line: str) -> LinePicture | None:
    """The picture of a `platform.*` record of the JSON log format, or None when it is not one."""
    if '"platform.' not in line:
        return None
    if (report := parse_platform_report(line)) is not None:
        return report_picture(report)
    document = _record(line)
    if document is None:
        return None
    name, record = document.get("type"), document.get("record")
    if not isinstance(name, str) or not name.startswith("platform.") or not isinstance(record, dict):
        return None
    tag, kind = _PLATFORM_TAGS.get(name, ("PLATFORM", Kind.PLATFORM))
    request_id = _request_id(record)
    status = record.get("status", "success")
    level = Level.NONE if status == "success" else Level.ERROR
    if kind is Kind.START:
        version = record.get("version", "$LATEST")
        return LinePicture(
            tag, request_id, "" if version == "$LATEST" else f"version {version}", kind=kind, request_id=request_id
        )
    if kind is Kind.END:
        text = request_id if level is Level.NONE else f"{request_id} {record.get('errorType') or status}"
        return LinePicture(tag, text, level=level, kind=kind, request_id=request_id)
    if kind is Kind.INIT and isinstance(version := record.get("runtimeVersion"), str):
        return LinePicture(tag, version, level=level, kind=kind, request_id=request_id)
    text = name.removeprefix("platform.") if kind is Kind.PLATFORM else ""
    text_of = {member.name: member.text for member in members(line)}
    return LinePicture(tag, text, _fields(members(text_of["record"])), level, kind, request_id)


def report_picture(report: Report) -> LinePicture:
    """The picture of the figures that end an invocation."""
    level = Level.NONE if report.status == "success" and not report.error_type else Level.ERROR
    return LinePicture("REPORT", describe_report(report), level=level, kind=Kind.REPORT, request_id=report.request_id)


def describe_report(report: Report) -> str:
    """The figures in one line: "12.4 ms · billed 13 ms · 61 of 512 MB · cold +151 ms · error Runtime.OutOfMemory"."""
    parts = [
        _duration(report.duration_ms),
        report.billed,
        report.memory,
    ]
    if report.init_ms is not None:
        parts.append(f"cold +{_duration(report.init_ms)}")
    if report.status != "success" or report.error_type:
        parts.append(" ".join(part for part in (report.status, report.error_type) if part and part != "success"))
    return " · ".join(part for part in parts if part)


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:,.1f} ms" if milliseconds < 100 else f"{milliseconds:,.0f} ms"


def _record_picture(line: str, level: Level, fields: tuple[str, ...]) -> LinePicture | None:
    """A JSON record, folded: its message first, its other fields after it."""
    record = _record(line)
    if record is None:
        return None
    named = record.get("level") or record.get("log_level")
    level = _LEVELS.get(named.upper(), Level.NONE) if isinstance(named, str) else Level.NONE
    request_id = _request_id(record)
    key = next((key for key in _MESSAGE_KEYS if key in record), "")
    if not key and not level:
        return LinePicture("", line, level=level, request_id=request_id)
    found = members(line)
    counting = {member.name: number for number, member in enumerate(found)}
    # Of a name that comes twice the last value counts; the others show, whatever the name.
    spent = {counting.get(name) for name in (key, "level", "log_level", "timestamp", "time", *_REQUEST_KEYS)}
    if record.get("logger") == "root":
        spent.add(counting["logger"])
    rest = [
        member for number, member in enumerate(found) if number not in spent and (not fields or member.name in fields)
    ]
    text = _shown(found[counting[key]]) if key else ""
    return LinePicture(level.name if level else "", text, _fields(rest), level, request_id=request_id)


def _fields(record: list[Member]) -> str:
    return "  ".join(f"{_one_line(member.name)}={_value(member)}" for member in record)


def _value(member: Member) -> str:
    if isinstance(member.value, list) and len(member.value) > 3:
        return f"[{len(member.value)} items]"
    return _shown(member)


def _shown(member: Member) -> str:
    """Numbers as they are written: 12.50 is not 12.5, and 1e400 is not infinity."""
    return _one_line(member.value if isinstance(member.value, str) else readable(member.text))


def _one_line(text: str) -> str:
    """Text that was escaped inside JSON is from outside once more: what controls a terminal becomes a blank."""
    return text if text.isprintable() else "".join(mark if mark.isprintable() else " " for mark in text)
