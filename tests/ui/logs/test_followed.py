"""What a followed log knows, whichever way its events came."""

from __future__ import annotations

from lambdatui.core.logs import LogEvent
from lambdatui.ui.logs.followed import FollowedLog


def start(at_ms: int, request_id: str, stream: str = "s") -> LogEvent:
    """START in the text format."""
    return LogEvent(f"{at_ms}", at_ms, at_ms, stream, f"START RequestId: {request_id} Version: $LATEST\n", "charge")


def end(at_ms: int, request_id: str) -> LogEvent:
    """END in the text format."""
    return LogEvent(f"{at_ms}", at_ms, at_ms, "s", f"END RequestId: {request_id}\n", "charge")


def test_late_lines_and_history_tell_of_invocations_too() -> None:
    """Among lines that were read, before all others, or where nobody has read yet."""
    log = FollowedLog(("charge",), 1_000)
    log.extend([start(1_000, "b"), end(1_010, "b")])
    assert [row.request_id for row in log.invocations] == ["b"]
    log.extend([start(900, "a"), end(1_005, "a")])
    assert [row.request_id for row in log.invocations] == ["a", "b"]
    log.prepend([start(100, "older"), end(110, "older")])
    log.extend([start(2_000, "d"), start(1_500, "c", "two")])
    rows = list(log.invocations)
    assert [row.request_id for row in rows] == ["older", "a", "b", "c", "d"]
    assert [row.status.value for row in rows] == ["ok", "ok", "ok", "running", "running"]
