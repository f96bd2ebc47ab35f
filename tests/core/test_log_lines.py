"""What a log line says: recorded lines of every format, and lines that nobody foresaw."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.log_lines import Kind, Level, classify, describe_report, picture_of
from lambdatui.core.log_unfolding import opened, unfolded
from lambdatui.core.report import Report

ID = "8f5a1c22-91d3-4f1c-8a2b-000000000001"
STAMP = "2026-11-23T14:02:11.031Z"


@pytest.mark.parametrize(
    ("line", "level", "request_id"),
    [
        (f"START RequestId: {ID} Version: $LATEST", Level.NONE, ID),
        (f"END RequestId: {ID}", Level.NONE, ID),
        (f"REPORT RequestId: {ID}\tDuration: 3.01 ms\tBilled Duration: 4 ms\t", Level.NONE, ID),
        (f"REPORT RequestId: {ID}\tDuration: 3.01 ms\tStatus: timeout\t", Level.ERROR, ID),
        ("INIT_START Runtime Version: python:3.13.v12\tRuntime Version ARN: arn", Level.NONE, ""),
        (f"[ERROR]\t{STAMP}\t{ID}\tboom", Level.ERROR, ID),
        (f"[WARNING]\t{STAMP}\t{ID}\tboom", Level.WARN, ID),
        ("[ERROR] CustomException: msg\nTraceback (most recent call last):", Level.ERROR, None),
        (f"{STAMP}\t{ID}\tINFO\thello from Node", Level.INFO, ID),
        (f"{STAMP}\tundefined\tERROR\tbefore any request", Level.ERROR, None),
        (f"{STAMP} {ID} Task timed out after 3.00 seconds", Level.ERROR, ID),
        (f"RequestId: {ID} Error: Runtime exited with error: signal: killed", Level.ERROR, ID),
        ("Traceback (most recent call last):", Level.ERROR, None),
        ("ERROR:root:from basicConfig", Level.ERROR, None),
        ("ERRORS are a plain word here", Level.NONE, None),
        ("a print", Level.NONE, None),
        ("", Level.NONE, None),
        (json.dumps({"timestamp": STAMP, "level": "ERROR", "message": "m", "requestId": ID}), Level.ERROR, ID),
        (json.dumps({"level": "warn", "msg": "m", "AWSRequestId": ID}), Level.WARN, ID),
        (json.dumps({"requestContext": {"requestId": "an-event-that-is-printed"}}), Level.NONE, None),
        (json.dumps({"type": "platform.start", "record": {"requestId": ID, "version": "3"}}), Level.NONE, ID),
        (json.dumps({"type": "platform.initStart", "record": {"runtimeVersion": "python:3.13"}}), Level.NONE, ""),
    ],
)
def test_a_line_says_its_level_and_its_invocation(line: str, level: Level, request_id: str | None) -> None:
    """Each format that Lambda writes is understood, and a print is not mistaken for one."""
    assert classify(line) == (level, request_id)


def test_a_record_of_the_running_invocation_is_known_by_its_id() -> None:
    """A JSON record that names the running invocation belongs to it, wherever the id stands."""
    assert classify(json.dumps({"level": "INFO", "context": {"id": ID}}), ID) == (Level.INFO, ID)


def test_a_report_is_drawn_in_one_line_of_figures() -> None:
    """REPORT keeps what a person compares, in a fixed order."""
    line = (
        f"REPORT RequestId: {ID}\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\t"
        "Max Memory Used: 61 MB\tInit Duration: 151.12 ms\tStatus: error\tError Type: Runtime.OutOfMemory\t"
    )
    picture = picture_of(line)
    assert (picture.tag, picture.kind, picture.level) == ("REPORT", Kind.REPORT, Level.ERROR)
    assert picture.text == "12.4 ms · billed 13 ms · 61 of 512 MB · cold +151 ms · error Runtime.OutOfMemory"


def test_both_formats_draw_the_same_report() -> None:
    """A platform.report record looks like the text line with the same figures."""
    metrics = {"durationMs": 3.01, "billedDurationMs": 4, "memorySizeMB": 128, "maxMemoryUsedMB": 36}
    record = {"requestId": ID, "metrics": metrics, "status": "timeout"}
    line = json.dumps({"time": STAMP, "type": "platform.report", "record": record})
    assert picture_of(line).text == "3.0 ms · billed 4 ms · 36 of 128 MB · timeout"
    assert describe_report(Report(ID, 3.01, 4, 128, 36, status="timeout")) == picture_of(line).text


@pytest.mark.parametrize(
    ("line", "tag", "text", "trail"),
    [
        (f"START RequestId: {ID} Version: $LATEST", "START", ID, ""),
        (f"START RequestId: {ID} Version: 7", "START", ID, "version 7"),
        (f"[INFO]\t{STAMP}\t{ID}\thello\tworld", "INFO", "hello\tworld", ""),
        ("[ERROR] KeyError: 'bucket'", "ERROR", "KeyError: 'bucket'", ""),
        (f"{STAMP}\t{ID}\tINFO\thello from Node", "INFO", "hello from Node", ""),
        (f"{STAMP} {ID} Task timed out after 3.00 seconds", "ERROR", "Task timed out after 3.00 seconds", ""),
        ("INIT_START Runtime Version: python:3.13.v12\tRuntime Version ARN: arn:x", "INIT", "python:3.13.v12", None),
        (
            json.dumps({"level": "INFO", "message": "stored", "requestId": ID, "timestamp": STAMP, "width": 256}),
            "INFO",
            "stored",
            "width=256",
        ),
        (
            '{"level":"INFO","message":"paid","id":12345678901234567890.5,"a":12.50,"a":99,"max":1e400,"b":{"c":1.0}}',
            "INFO",
            "paid",
            'id=12345678901234567890.5  a=12.50  a=99  max=1e400  b={"c":1.0}',
        ),
        ('{"message": 1.50, "message": 2.50, "level": "WARN"}', "WARN", "2.50", "message=1.50"),
        ('{"level":"INFO","message":"x","z":{"y":"\\u4f60\\u0022\\u001b"}}', "INFO", "x", 'z={"y":"你\\"\\u001b"}'),
        ('{"a": 1, "b": "no message"}', "", '{"a": 1, "b": "no message"}', ""),
        ("{not json", "", "{not json", ""),
    ],
)
def test_a_line_is_drawn_without_what_the_screen_says_already(
    line: str, tag: str, text: str, trail: str | None
) -> None:
    """Time and request id are columns of the view; the message starts at once."""
    picture = picture_of(line)
    assert (picture.tag, picture.text) == (tag, text)
    assert trail is None or picture.trail == trail


_PREFIXES = st.sampled_from(
    (
        *("", "{", "[ERROR]", "[INFO]\t", "START RequestId: ", "REPORT RequestId: ", "INIT_START ", "EXTENSION\t"),
        *("RequestId: x Error: ", f"{STAMP}\t", f"{STAMP} ", '{"level":', '{"type":"platform.'),
        '{"type":"platform.report","record":',
    )
)


@settings(max_examples=200, deadline=None)
@given(_PREFIXES, st.text(max_size=80))
def test_no_line_is_too_strange_to_draw(prefix: str, rest: str) -> None:
    """Whatever a function prints is classified, drawn and shown whole without an error."""
    line = prefix + rest
    classify(line, "current")
    picture_of(line)
    unfolded(line)
    opened(line)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["level", "message", "requestId", "type", "record", "metrics", "errorMessage", "x"]),
        _json | st.sampled_from(["platform.report", "platform.start", "ERROR"]),
    )
)
def test_no_record_is_too_strange_to_fold(record: dict[str, object]) -> None:
    """A JSON record of any shape folds to text that can't control a terminal."""
    line = json.dumps(record)
    classify(line, "current")
    picture = picture_of(line)
    assert "\x1b" not in picture.text + picture.trail
    assert "\n" not in picture.text + picture.trail


def test_a_record_nested_beyond_reason_is_shown_as_it_stands() -> None:
    """Deep nesting is no way to end the workbench."""
    line = '{"platform.report":' + "[" * 50_000 + "]" * 50_000 + "}"
    assert picture_of(line).text == line
    assert opened(line[:60_000]) == line[:60_000]
    assert not unfolded(line[:60_000])
