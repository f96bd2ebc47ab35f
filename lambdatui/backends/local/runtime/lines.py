"""The lines that Lambda itself writes into a function's log, in both formats."""

# ruff: noqa: ARG002 - both formats are told the same

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from lambdatui.core.report import Report, report_line

RUNTIME_ARN = "arn:aws:lambda:us-east-1::runtime:local"


class PlatformLines(Protocol):
    """What the platform says. Each method returns the lines, without line ends; times are aware UTC."""

    def init_start(self, at: datetime, runtime_version: str) -> tuple[str, ...]:
        """INIT begins."""
        ...

    def init_report(self, at: datetime, init_ms: float, phase: str, status: str, error_type: str) -> tuple[str, ...]:
        """INIT failed; `phase` is "init" or, when it was tried again within the invocation, "invoke"."""
        ...

    def start(self, at: datetime, request_id: str) -> tuple[str, ...]:
        """An invocation begins."""
        ...

    def fault(self, at: datetime, request_id: str, message: str, error_type: str) -> tuple[str, ...]:
        """The runtime ended when it should not have."""
        ...

    def timed_out(self, at: datetime, request_id: str, message: str) -> tuple[str, ...]:
        """The function used up its time."""
        ...

    def end(self, at: datetime, report: Report, by_runtime: bool) -> tuple[str, ...]:
        """An invocation ended. `by_runtime`: the runtime itself answered, be it with an error."""
        ...


class TextLines:
    """The text format. Source: recorded CloudWatch Logs, INIT_REPORT before START included."""

    def init_start(self, at: datetime, runtime_version: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (f"INIT_START Runtime Version: {runtime_version}\tRuntime Version ARN: {RUNTIME_ARN}",)

    def init_report(self, at: datetime, init_ms: float, phase: str, status: str, error_type: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        line = f"INIT_REPORT Init Duration: {init_ms:.2f} ms\tPhase: {phase}\tStatus: {status}"
        return (f"{line}\tError Type: {error_type}" if error_type else line,)

    def start(self, at: datetime, request_id: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (f"START RequestId: {request_id} Version: $LATEST",)

    def fault(self, at: datetime, request_id: str, message: str, error_type: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (f"{message}\n{error_type}",)

    def timed_out(self, at: datetime, request_id: str, message: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (f"{_stamp(at)} {request_id} {message}",)

    def end(self, at: datetime, report: Report, by_runtime: bool) -> tuple[str, ...]:
        """See `PlatformLines`."""
        # AWS writes Status only when the platform ended the invocation, not when a handler raised.
        shown = replace(report, status="success", error_type="") if by_runtime else report
        return (f"END RequestId: {report.request_id}", report_line(shown))


class JsonLines:
    """The JSON format. Source: the Telemetry API's platform events, as CloudWatch Logs shows them."""

    def init_start(self, at: datetime, runtime_version: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        record = {
            "initializationType": "on-demand",
            "phase": "init",
            "runtimeVersion": runtime_version,
            "runtimeVersionArn": RUNTIME_ARN,
        }
        return (_event(at, "platform.initStart", record),)

    def init_report(self, at: datetime, init_ms: float, phase: str, status: str, error_type: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        record: dict[str, object] = {"initializationType": "on-demand", "phase": phase, "status": status}
        if error_type:
            record["errorType"] = error_type
        record["metrics"] = {"durationMs": round(init_ms, 3)}
        return (_event(at, "platform.initReport", record),)

    def start(self, at: datetime, request_id: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (_event(at, "platform.start", {"requestId": request_id, "version": "$LATEST"}),)

    def fault(self, at: datetime, request_id: str, message: str, error_type: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (_event(at, "platform.fault", f"{message} {error_type}"),)

    def timed_out(self, at: datetime, request_id: str, message: str) -> tuple[str, ...]:
        """See `PlatformLines`."""
        return (_event(at, "platform.fault", f"{_stamp(at)} {request_id} {message}"),)

    def end(self, at: datetime, report: Report, by_runtime: bool) -> tuple[str, ...]:
        """See `PlatformLines`."""
        metrics: dict[str, float] = {
            "durationMs": round(report.duration_ms, 3),
            "billedDurationMs": report.billed_ms,
            "memorySizeMB": report.memory_size_mb,
            "maxMemoryUsedMB": report.max_memory_used_mb,
        }
        if report.init_ms is not None:
            metrics["initDurationMs"] = round(report.init_ms, 3)
        status = {"requestId": report.request_id, "status": report.status}
        if report.error_type:
            status["errorType"] = report.error_type
        duration = {"durationMs": metrics["durationMs"]}
        return (
            _event(at, "platform.runtimeDone", {**status, "metrics": duration}),
            _event(at, "platform.report", {"requestId": report.request_id, "metrics": metrics, **status}),
        )


def platform_lines(log_format: str) -> PlatformLines:
    """The lines for a function's log format, "Text" or "JSON"."""
    return JsonLines() if log_format.upper() == "JSON" else TextLines()


def _event(at: datetime, kind: str, record: object) -> str:
    return json.dumps({"time": _stamp(at), "type": kind, "record": record}, ensure_ascii=False)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
