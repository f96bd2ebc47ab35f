"""The lines of one invocation are picked out of a log that others write too."""

from __future__ import annotations

import json
from itertools import count

import pytest

from lambdatui.cli.invocation_log import InvocationLog
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report, report_line

_ids = count()


def event(stream: str, message: str) -> LogEvent:
    """A log event."""
    return LogEvent(str(next(_ids)), 1, 1, stream, message)


def start(request_id: str) -> str:
    """A START line."""
    return f"START RequestId: {request_id} Version: $LATEST"


def report(request_id: str) -> str:
    """A REPORT line."""
    return report_line(Report(request_id, 1.0, 1, 128, 10))


def messages(events: list[LogEvent]) -> list[str]:
    """Their texts."""
    return [event.message for event in events]


def test_a_lone_invocation_is_shown_as_it_goes() -> None:
    """Lines appear when they are printed, INIT's with START, before the answer names the request id."""
    log = InvocationLog()
    assert log.extend([event("a", "INIT_START"), event("a", "import")]) == []
    assert messages(log.extend([event("a", start("1"))])) == ["INIT_START", "import", start("1")]
    assert messages(log.extend([event("a", "hello")])) == ["hello"]
    log.know("1")
    assert log.reports == 0
    assert messages(log.extend([event("a", report("1"))])) == [report("1")]
    assert log.reports == 1


def test_while_two_run_nothing_is_guessed() -> None:
    """From the second invocation on, lines wait until the answer says which is ours; the other's are never shown."""
    log = InvocationLog()
    both = [event("a", start("1")), event("b", start("2")), event("a", "mine"), event("b", "theirs")]
    assert log.extend(both) == []
    assert messages(log.know("1")) == [start("1"), "mine"]
    assert messages(log.extend([event("b", report("2")), event("a", report("1"))])) == [report("1")]


def test_the_end_of_an_older_invocation_is_not_init() -> None:
    """What an invocation prints that began before we asked is not taken for the INIT of ours."""
    log = InvocationLog()
    log.extend([event("a", "old"), event("a", report("0"))])
    assert messages(log.extend([event("a", start("1"))])) == [start("1")]


def test_the_next_invocation_of_the_same_environment_is_another() -> None:
    """A warm environment goes on with somebody else's invocation: that is not ours, and ours is not lost."""
    log = InvocationLog()
    log.extend([event("a", start("1")), event("a", "mine"), event("a", report("1")), event("a", start("2"))])
    assert messages(log.know("1")) == [start("1"), "mine", report("1")]
    assert log.extend([event("a", "theirs")]) == []


def test_every_attempt_counts() -> None:
    """An async event has a START and a REPORT for each attempt, maybe in different environments."""
    log = InvocationLog("1")
    log.extend([event("a", start("1")), event("a", report("1")), event("b", start("1")), event("b", report("1"))])
    assert log.reports == 2


@pytest.mark.parametrize("broken", ['{"type": "platform.start"', '{"type": "platform.start", "record": []}', "START"])
def test_the_json_format_is_understood_and_what_looks_like_it_is_not(broken: str) -> None:
    """platform.start and platform.report mean START and REPORT; a line that only looks like one is a line."""
    log = InvocationLog()
    opened = '{"type": "platform.start", "record": {"requestId": "1", "version": "$LATEST"}}'
    metrics = '{"durationMs": 1.0, "billedDurationMs": 1, "memorySizeMB": 128, "maxMemoryUsedMB": 9}'
    closed = f'{{"type": "platform.report", "record": {{"requestId": "1", "status": "success", "metrics": {metrics}}}}}'
    log.know("1")
    assert messages(log.extend([event("a", opened), event("a", broken), event("a", closed)])) == [
        opened,
        broken,
        closed,
    ]
    assert log.reports == 1


def test_in_an_environment_that_runs_several_at_once_a_record_is_of_the_invocation_that_it_names() -> None:
    """As those of Lambda Managed Instances do: they log in JSON, and a report there has no figures but the duration."""

    def record(kind: str, request_id: str) -> str:
        metrics = {"durationMs": 4.0}
        return json.dumps({"type": kind, "record": {"requestId": request_id, "status": "success", "metrics": metrics}})

    def said(request_id: str) -> str:
        return json.dumps({"level": "INFO", "message": f"of {request_id}", "requestId": request_id})

    log = InvocationLog()
    texts = [record("platform.start", "1"), record("platform.start", "2"), said("1"), said("2"), said("1")]
    log.extend([event("a", text) for text in texts])
    log.extend([event("a", record("platform.report", "1"))])
    assert messages(log.know("1")) == [texts[0], texts[2], texts[4], record("platform.report", "1")]
    assert log.reports == 1
