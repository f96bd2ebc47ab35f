"""Invocations put together from the events of a log, in both formats."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core import log_buffer, log_invocations
from lambdatui.core.buffer_invocations import BufferInvocations
from lambdatui.core.invocation_signs import Sign, sign_of
from lambdatui.core.limits import Prices
from lambdatui.core.log_buffer import BLOCK_LINES, LogBuffer
from lambdatui.core.log_invocations import Invocation, InvocationIndex, InvocationStatus
from lambdatui.core.logs import LogEvent

A = "8f5a1c22-91d3-4f1c-8a2b-000000000001"
B = "8f5a1c22-91d3-4f1c-8a2b-000000000002"
REPORT = (
    "REPORT RequestId: {id}\tDuration: {ms:.2f} ms\tBilled Duration: {billed} ms\tMemory Size: 128 MB\t"
    "Max Memory Used: {used} MB\t{more}"
)


def event(at_ms: int, message: str, stream: str = "s") -> LogEvent:
    """An event of the log."""
    return LogEvent(f"{at_ms}-{message}", at_ms, at_ms, stream, message, "charge")


def start(at_ms: int, request_id: str = A, stream: str = "s") -> LogEvent:
    """START in the text format."""
    return event(at_ms, f"START RequestId: {request_id} Version: $LATEST\n", stream)


def report(at_ms: int, request_id: str = A, more: str = "", used: int = 40, ms: float = 12.0) -> LogEvent:
    """REPORT in the text format."""
    return event(at_ms, REPORT.format(id=request_id, ms=ms, billed=round(ms), used=used, more=more) + "\n")


def record(at_ms: int, kind: str, **record: object) -> LogEvent:
    """A platform record of the JSON format."""
    return event(at_ms, json.dumps({"time": "t", "type": kind, "record": record}))


def rows(*events: LogEvent) -> list[Invocation]:
    """What a log of these tells, each event a batch of its own."""
    index = InvocationIndex()
    for one in events:
        index.extend([one])
    assert [index.rank(row.request_id) for row in index] == list(range(len(index)))
    return list(index)


def one(*events: LogEvent) -> Invocation:
    """The only invocation that these tell of."""
    (row,) = rows(*events)
    return row


def test_a_warm_success_from_start_to_report() -> None:
    """Start, figures, cost: what the row shows."""
    row = one(start(1_000), event(1_001, "a print"), event(1_012, f"END RequestId: {A}"), report(1_012))
    assert (row.status, row.started_ms, row.cold, row.billed_ms) == (InvocationStatus.OK, 1_000, False, 12)
    assert (row.function_name, row.attempts, row.error_type) == ("charge", 1, "")
    assert row.cost_usd("x86_64", Prices()) == pytest.approx(0.0000002 + 0.012 / 8 * 0.0000166667)


def test_the_json_format_tells_the_same() -> None:
    """platform.start, runtimeDone and report; a function error is told by the report."""
    figures = {
        "durationMs": 5.5,
        "billedDurationMs": 6,
        "memorySizeMB": 128,
        "maxMemoryUsedMB": 40,
        "initDurationMs": 90,
    }
    row = one(
        record(0, "platform.initStart"),
        record(1, "platform.start", requestId=A, version="$LATEST"),
        event(2, json.dumps({"errorType": "KeyError", "errorMessage": "'x'", "requestId": A, "stackTrace": []})),
        record(3, "platform.runtimeDone", requestId=A, status="error"),
        record(4, "platform.report", requestId=A, status="error", metrics=figures),
    )
    assert (row.status, row.error_type, row.error_message, row.cold) == (
        InvocationStatus.ERROR,
        "KeyError",
        "'x'",
        True,
    )


def test_an_error_that_was_caught_is_no_failure() -> None:
    """The function logged an exception and went on: the report decides."""
    figures = {"durationMs": 5.5, "billedDurationMs": 6, "memorySizeMB": 128, "maxMemoryUsedMB": 40}
    logged = {"level": "ERROR", "logger": "root", "message": "oh", "errorType": "KeyError", "requestId": A}
    row = one(
        record(1, "platform.start", requestId=A),
        event(2, json.dumps(logged)),
        record(4, "platform.report", requestId=A, status="success", metrics=figures),
    )
    assert row.status is InvocationStatus.OK
    assert one(start(0), event(1, f"[ERROR]\t2026-01-01T00:00:00Z\t{A}\toh"), report(2)).status is InvocationStatus.OK


@pytest.mark.parametrize(
    ("lines", "more", "used", "status", "error_type"),
    [
        (
            "[ERROR] ValueError: no such order\rTraceback (most recent call last):\r  File",
            "",
            40,
            "ERROR",
            "ValueError",
        ),
        (f"2026-11-23T14:00:00.000Z {A} Task timed out after 3.00 seconds", "", 40, "TIMED_OUT", ""),
        ("", "Status: timeout\t", 40, "TIMED_OUT", ""),
        ("", "Status: error\tError Type: Runtime.OutOfMemory\t", 128, "OUT_OF_MEMORY", "Runtime.OutOfMemory"),
        (
            f"RequestId: {A} Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
            "",
            128,
            "OUT_OF_MEMORY",
            "Runtime.ExitError",
        ),
        (
            f"RequestId: {A} Error: Runtime exited with error: exit status 3\nRuntime.ExitError",
            "Status: error\tError Type: Runtime.ExitError\t",
            40,
            "ERROR",
            "Runtime.ExitError",
        ),
        (
            "[ERROR] Runtime.ImportModuleError: Unable to import module 'app'",
            "Status: error\tError Type: Runtime.ImportModuleError\t",
            40,
            "INIT_FAILED",
            "Runtime.ImportModuleError",
        ),
        (
            f'2026-11-23T14:00:00.000Z\t{A}\tERROR\tInvoke Error \t{{"errorType":"TypeError","errorMessage":"x"}}',
            "",
            40,
            "ERROR",
            "TypeError",
        ),
    ],
)
def test_each_way_to_fail_has_its_word(lines: str, more: str, used: int, status: str, error_type: str) -> None:
    """Python, Node, the platform: from the error's own line or from the report."""
    row = one(start(0), *([event(1, lines)] if lines else []), report(2, more=more, used=used))
    assert (row.status, row.error_type) == (InvocationStatus[status], error_type)


def test_init_that_raised_before_the_start() -> None:
    """The log of INIT stands before START, its error there too."""
    row = one(
        event(0, "INIT_START Runtime Version: python:3.13"),
        event(1, "[ERROR] RuntimeError: no configuration\rTraceback (most recent call last):\r"),
        event(2, "INIT_REPORT Init Duration: 10.00 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.Unknown"),
        start(3),
        report(4, more="Status: error\tError Type: Runtime.Unknown\t"),
    )
    assert (row.status, row.error_message) == (InvocationStatus.INIT_FAILED, "no configuration")


def test_what_is_missing_tells_too() -> None:
    """Without an end an invocation runs, until its environment starts another; a late report puts that right."""
    index = InvocationIndex()
    index.extend([start(0, A)])
    assert index.row(0).status is InvocationStatus.RUNNING
    assert set(index.extend([start(10, B)])) == {A, B}
    assert [row.status for row in index] == [InvocationStatus.NO_REPORT, InvocationStatus.RUNNING]
    index.extend([report(9, A), event(20, "START RequestId: other Version: 1", "another environment")])
    assert [row.status.value for row in index] == ["ok", "running", "running"]


def test_nothing_runs_longer_than_it_may() -> None:
    """An invocation whose time is up is without report, as soon as that is looked at; a late report puts that right."""
    index = InvocationIndex()
    index.extend([start(0, A), start(100_000, B, "another environment")])
    index.give_up(92_000, lambda _: 30)
    assert [row.status.value for row in index] == ["no report", "running"]
    before = index.version
    index.give_up(93_000, lambda _: 30)
    assert index.version == before
    index.extend([report(29_000, A)])
    index.give_up(1_059_000)
    assert [row.status.value for row in index] == ["ok", "running"]
    index.give_up(1_061_000)
    assert [row.status.value for row in index] == ["ok", "no report"]
    index.extend([start(1_100_000, B, "another environment")])
    assert [row.status.value for row in index] == ["ok", "running"]


def test_a_report_without_its_start_has_a_time() -> None:
    """The log begins in the middle of an invocation: its start is worked out, and put right by a late START."""
    index = InvocationIndex()
    index.extend([start(500, B), report(1_000, A, ms=300.0)])
    assert [(row.request_id, row.started_ms) for row in index] == [(B, 500), (A, 700)]
    index.extend([start(490, A, "older")])
    assert [(row.request_id, row.started_ms, row.attempts) for row in index] == [(A, 490, 1), (B, 500, 1)]


def test_attempts_of_an_event_are_one_row() -> None:
    """A retried event keeps its request id: the last attempt counts, all of them cost."""
    failed = event(1, "[ERROR] ValueError: x\rTraceback (most recent call last):\r")
    row = one(start(0), failed, report(2), start(60_000, stream="two"), report(60_030, ms=30.0))
    assert (row.status, row.attempts, row.billed_ms, row.started_ms) == (InvocationStatus.OK, 2, 42, 60_000)
    late = one(start(0), start(60_000, stream="two"), report(60_030, ms=30.0))
    assert late.attempts == 1


def test_only_the_newest_are_kept() -> None:
    """Memory is bounded, whatever the log holds."""
    index = InvocationIndex(limit=10)
    index.extend([start(n, f"id-{n}", f"stream {n}") for n in range(100)])
    assert [row.request_id for row in index] == [f"id-{n}" for n in range(90, 100)]
    assert index.dropped


def test_read_from_the_lines_of_a_buffer_the_rows_are_the_same() -> None:
    """Read when somebody looks or as it comes: the newest rows are the same, and what is older is said to be gone."""
    batches = [
        [
            start(n * 10, f"{n:08x}{A[8:]}"),
            event(n * 10 + 1, "[ERROR] ValueError: x\rTraceback (most recent call last):\r" if n % 3 else "a print"),
            report(n * 10 + 2, f"{n:08x}{A[8:]}"),
        ]
        for n in range(60)
    ]
    buffer, at_once = LogBuffer(), InvocationIndex(limit=10)
    later = BufferInvocations(buffer, limit=10)
    for batch in batches:
        at_once.extend(batch)
        buffer.extend(batch)
    assert list(later) == list(at_once)
    assert len(later) == 10
    assert later.dropped
    version = later.version
    buffer.extend([event(9_000, "a print")])
    assert later.version == version
    buffer.extend([start(9_001, B)])
    assert later.version > version
    assert later.rank(B) == 9


@pytest.mark.parametrize("max_bytes", [500_000, 100_000_000], ids=["by size", "by number"])
@pytest.mark.parametrize("waiting", [0, 20_000, 100_000])
def test_lines_that_go_are_read_before(monkeypatch: pytest.MonkeyPatch, waiting: int, max_bytes: int) -> None:
    """A buffer that is full, or that nobody looks at, forgets lines: their invocations stay known, but for the old."""
    monkeypatch.setattr(log_buffer.LogBuffer._forget, "__defaults__", (waiting,))
    buffer = LogBuffer(max_lines=30_000, max_bytes=max_bytes)
    kept = BufferInvocations(buffer, limit=5)
    ids = [f"{n:08x}{A[8:]}" for n in range(9)]
    for n, request_id in enumerate(ids):
        prints = [event(n * 10_000 + at, "a print\n") for at in range(1, 9_000)]
        buffer.extend([start(n * 10_000, request_id), *prints, report(n * 10_000 + 9_001, request_id)])
    assert [row.request_id for row in kept] == ids[-5:]
    assert kept.row(0).report is not None
    while buffer.shrink(10):
        pass
    assert len(buffer) == 10
    assert [row.request_id for row in kept] == ids[-5:]


def test_of_a_flood_only_the_newest_lines_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at the invocations costs no more than the lines of those that are kept."""
    buffer = LogBuffer()
    kept = BufferInvocations(buffer, limit=100)
    ids = [f"{n:08x}{A[8:]}" for n in range(20_000)]
    for n in range(0, 20_000, 1_000):
        buffer.extend([start(n + at, ids[n + at], f"stream {at}") for at in range(1_000)])
    asked: list[str] = []

    def asking(message: str) -> Sign | None:
        asked.append(message)
        return sign_of(message)

    monkeypatch.setattr(log_invocations, "sign_of", asking)
    assert [row.request_id for row in kept] == ids[-100:]
    assert kept.dropped
    assert len(asked) <= 2 * BLOCK_LINES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_lines_tell_what_the_events_told(data: st.DataObject) -> None:
    """Whatever comes in, in time order, cut into batches, read in between or not: the same rows."""
    pieces = st.sampled_from(_PIECES)
    messages = data.draw(st.lists(st.lists(pieces, min_size=1, max_size=3).map("".join), max_size=40))
    events = [event(at, message, f"s{at % 2}") for at, message in enumerate(messages)]
    buffer, index = LogBuffer(), InvocationIndex(limit=3)
    read = BufferInvocations(buffer, limit=3)
    while events:
        count = data.draw(st.integers(1, 8))
        buffer.extend(events[:count])
        index.extend(events[:count])
        if data.draw(st.booleans()):
            read.read_some()
        events = events[count:]
    assert list(read) == list(index)


def test_nothing_in_a_row_controls_a_terminal() -> None:
    """Error types and messages are text from outside."""
    evil = json.dumps({"errorType": "E\x1b[2J", "errorMessage": "\x1b]52;c;eA==\x07m", "requestId": A})
    row = one(record(0, "platform.start", requestId=A), event(1, evil))
    assert (row.error_type, row.error_message) == ("E", "m")


_PIECES = (
    f"START RequestId: {A} Version: 1",
    f"START RequestId: {B} Version: 1\n",
    f"END RequestId: {A}\n",
    REPORT.format(id=A, ms=3.0, billed=3, used=40, more=""),
    REPORT.format(id=B, ms=4.0, billed=4, used=40, more="Status: timeout\t") + "\n",
    "INIT_START Runtime Version: python:3.13\n",
    "INIT_REPORT Init Duration: 10.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.Unknown",
    "RESTORE_START Runtime Version: java:21",
    "[ERROR] ValueError: x\rTraceback (most recent call last):\r",
    f"RequestId: {A} Error: Runtime exited with error: exit status 3\nRuntime.ExitError",
    f"2026-11-23T14:00:00.000Z {B} Task timed out after 3.00 seconds",
    f'2026-11-23T14:00:00.000Z\t{A}\tERROR\tInvoke Error \t{{"errorType":"TypeError","errorMessage":"x"}}',
    json.dumps({"errorType": "KeyError", "errorMessage": "'ö'", "requestId": B}),
    json.dumps({"time": "t", "type": "platform.start", "record": {"requestId": A}}) + "\n",
    json.dumps({"time": "t", "type": "platform.runtimeDone", "record": {"requestId": A, "status": "error"}}),
    "a print\n",
    "größer\n\n",
    "",
)
_EVENTS = [
    start(0),
    event(1, "[ERROR] ValueError: x\rTraceback (most recent call last):\r"),
    report(2),
    start(3, B),
    event(4, f"2026-11-23T14:00:00.000Z {B} Task timed out after 3.00 seconds"),
    report(5, B),
    event(6, "{"),
    event(7, '{"errorType": ["x"]}'),
    event(8, "REPORT RequestId: x"),
    event(9, "[ERROR] "),
]


@settings(max_examples=40, deadline=None)
@given(st.permutations(_EVENTS))
def test_the_order_of_arrival_changes_neither_ids_nor_times(events: list[LogEvent]) -> None:
    """Late events put their rows right: request ids, start times, figures and reports are the same in the end."""
    index = InvocationIndex()
    for one_event in events:
        index.extend([one_event])
    assert [(row.request_id, row.started_ms, row.billed_ms, row.attempts) for row in index] == [
        (A, 0, 12, 1),
        (B, 3, 12, 1),
    ]
    assert index.row(1).status is InvocationStatus.TIMED_OUT


def managed(*events: LogEvent, init: bool) -> list[tuple[str, InvocationStatus]]:
    """What the log of an environment of Lambda Managed Instances tells, with the record of its INIT or without."""
    first = record(0, "platform.initStart", initializationType="lambda-managed-instances", phase="init")
    return [(row.request_id, row.status) for row in rows(*([first] if init else []), *events)]


@pytest.mark.parametrize("init", [True, False])
def test_several_at_once_in_one_environment_are_not_given_up_for_each_other(init: bool) -> None:
    """The first that ends when a later one runs tells so, where the start of the environment was not seen."""
    c = A[:-1] + "3"
    started = [record(at, "platform.start", requestId=name) for at, name in ((1, A), (2, B), (3, c))]
    metrics = {"durationMs": 40.0}
    ended = record(42, "platform.report", requestId=B, status="success", metrics=metrics)
    error = event(43, json.dumps({"level": "ERROR", "errorType": "ValueError", "errorMessage": "no", "requestId": A}))

    assert managed(*started, ended, init=init) == [
        (A, InvocationStatus.RUNNING),
        (B, InvocationStatus.OK),
        (c, InvocationStatus.RUNNING),
    ]
    failed = record(44, "platform.report", requestId=A, status="error", metrics=metrics)
    assert managed(*started, ended, error, failed, init=init)[0] == (A, InvocationStatus.ERROR)


def test_one_at_a_time_a_start_gives_up_the_one_before_it() -> None:
    """As ever, in both formats."""
    assert [row.status for row in rows(start(1), start(5, B), report(9, B))] == [
        InvocationStatus.NO_REPORT,
        InvocationStatus.OK,
    ]
    starts = [record(at, "platform.start", requestId=name) for at, name in ((1, A), (5, B))]
    assert [row.status for row in rows(*starts)] == [InvocationStatus.NO_REPORT, InvocationStatus.RUNNING]


def test_a_report_without_figures_for_billing_ends_its_invocation() -> None:
    """Lambda Managed Instances are paid by the instance: only the duration is reported, and no cost is made up."""
    row = one(
        record(1, "platform.start", requestId=A),
        record(41, "platform.report", requestId=A, status="success", metrics={"durationMs": 40.0}),
    )
    assert row.status is InvocationStatus.OK
    assert row.report is not None
    assert (row.report.duration_ms, row.report.billed, row.report.memory) == (40.0, "", "")
    assert row.cost_usd("arm64", Prices()) is None
