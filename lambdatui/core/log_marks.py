"""The mark that a reader sets into a log: a line of its own, "what comes now"."""

from __future__ import annotations

from lambdatui.core.logs import LogEvent

_BEGIN = "── marked "


def mark_event(timestamp_ms: int, words: str, number: int) -> LogEvent:
    """A mark behind the lines of that time; `words` say when it was set, `number` tells it from others."""
    return LogEvent(f"mark-{number}-{words}", timestamp_ms, timestamp_ms, "", f"{_BEGIN}{words}")


def mark_time(line: str) -> str:
    """What a mark says, "" for a line that is none."""
    return line.removeprefix("── ") if line.startswith(_BEGIN) else ""
