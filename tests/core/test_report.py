"""REPORT lines of both formats."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.report import Report, parse_platform_report, parse_report, report_line

RECORDED = (
    "REPORT RequestId: 8f5a1c22-91d3-4f1c-8a2b-000000000001\tDuration: 3.01 ms\tBilled Duration: 4 ms\t"
    "Memory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 110.10 ms\t\n"
)

reports = st.builds(
    Report,
    request_id=st.uuids().map(str),
    duration_ms=st.integers(0, 90_000_000).map(lambda hundredths: hundredths / 100),
    billed_ms=st.integers(0, 900_000),
    memory_size_mb=st.integers(128, 32_768),
    max_memory_used_mb=st.integers(1, 32_768),
    init_ms=st.none() | st.integers(0, 6_000_000).map(lambda hundredths: hundredths / 100),
    status=st.sampled_from(["success", "error", "failure", "timeout"]),
    error_type=st.sampled_from(["", "Runtime.OutOfMemory", "Runtime.ExitError", "Sandbox.Timedout"]),
)


def test_the_recorded_line_is_read() -> None:
    """The line as AWS wrote it, final tab and newline included."""
    report = parse_report(RECORDED)
    assert report == Report("8f5a1c22-91d3-4f1c-8a2b-000000000001", 3.01, 4, 128, 36, 110.1)
    assert report.cold


def test_unknown_fields_are_passed_over() -> None:
    """X-Ray and SnapStart add fields; what is known is still read."""
    report = parse_report(
        RECORDED.strip() + "\tXRAY TraceId: 1-5e-x\tSegmentId: 4f\tSampled: true\tRestore Duration: 9.1 ms"
    )
    assert report is not None
    assert report.max_memory_used_mb == 36


@settings(max_examples=100, deadline=None)
@given(reports)
def test_a_report_survives_the_text_format(report: Report) -> None:
    """What is written is what is read."""
    assert parse_report(report_line(report)) == report


@settings(max_examples=100, deadline=None)
@given(reports)
def test_a_report_survives_the_json_format(report: Report) -> None:
    """The record of the JSON format holds the same figures."""
    metrics = {
        "durationMs": report.duration_ms,
        "billedDurationMs": report.billed_ms,
        "memorySizeMB": report.memory_size_mb,
        "maxMemoryUsedMB": report.max_memory_used_mb,
    }
    if report.init_ms is not None:
        metrics["initDurationMs"] = report.init_ms
    record = {"requestId": report.request_id, "metrics": metrics, "status": report.status}
    if report.error_type:
        record["errorType"] = report.error_type
    assert parse_platform_report(json.dumps({"type": "platform.report", "record": record})) == report


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Duration", "Billed Duration", "Memory Size", "Max Memory Used", "Init Duration"]).flatmap(
            lambda key: st.sampled_from(["1e999 ms", "nan", "-3 MB", "", "x", "1e999 MB", "٣ ms"]).map(
                lambda value: f"{key}: {value}"
            )
        )
    )
)
def test_a_line_with_wrong_figures_is_no_report(fields: list[str]) -> None:
    """Figures that are none give no report, and no error."""
    parse_report("REPORT RequestId: x\t" + "\t".join(fields))
    text = "\t".join(["Duration: 1 ms", "Billed Duration: 1e999 ms", "Memory Size: 128 MB", "Max Memory Used: 1 MB"])
    assert parse_report("REPORT RequestId: x\t" + text) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_record_breaks_the_parser(text: str) -> None:
    """Any text is a report or none."""
    parse_platform_report('{"type":"platform.report",' + text)
    parse_platform_report('{"platform.report":' + "[" * 20_000)
    parse_report("REPORT RequestId: " + text)
