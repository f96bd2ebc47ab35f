"""The figures that Lambda reports at the end of an invocation, parsed from both log formats."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """What one invocation took. Durations in milliseconds, memory in MB.

    `init_ms` is None when the environment was warm. `status` is "success", "error", "failure" or "timeout";
    `error_type` is AWS's code, such as "Runtime.OutOfMemory", "" when there is none.
    """

    request_id: str
    duration_ms: float
    billed_ms: int
    memory_size_mb: int
    max_memory_used_mb: int
    init_ms: float | None = None
    status: str = "success"
    error_type: str = ""
    metered: bool = True
    """False where only the duration was reported: Lambda Managed Instances are paid by the instance. What is billed,
    and memory, are then 0 and mean nothing."""

    @property
    def billed(self) -> str:
        """ "billed 13 ms", "" where nothing is."""
        return f"billed {self.billed_ms:,} ms" if self.metered else ""

    @property
    def memory(self) -> str:
        """ "61 of 512 MB", "" where it is not known."""
        return f"{self.max_memory_used_mb:,} of {self.memory_size_mb:,} MB" if self.metered else ""

    @property
    def cold(self) -> bool:
        """Whether this invocation waited for INIT."""
        return self.init_ms is not None


_FIELD = re.compile(r"([A-Za-z][A-Za-z ]*): ([^\t]*)")


def parse_report(line: str) -> Report | None:
    """The report in a text-format REPORT line, or None when the line is not one.

    Unknown fields (XRAY TraceId, Restore Duration, …) are passed over. Source: the REPORT line of Lambda's
    text log format, fields split by tabs.
    """
    if not line.startswith("REPORT RequestId: "):
        return None
    fields = {
        m[1]: m[2].strip() for part in line.removeprefix("REPORT ").split("\t") if (m := _FIELD.match(part.strip()))
    }
    try:
        return Report(
            request_id=fields["RequestId"],
            duration_ms=_ms(fields["Duration"]),
            billed_ms=round(_ms(fields["Billed Duration"])),
            memory_size_mb=_mb(fields["Memory Size"]),
            max_memory_used_mb=_mb(fields["Max Memory Used"]),
            init_ms=_ms(fields["Init Duration"]) if "Init Duration" in fields else None,
            status=fields.get("Status", "success"),
            error_type=fields.get("Error Type", ""),
        )
    except (KeyError, ValueError, OverflowError):
        return None


def parse_platform_report(line: str) -> Report | None:
    """The report in a JSON-format `platform.report` record, or None when the line is not one."""
    if not line.startswith("{") or '"platform.report"' not in line:
        return None
    try:
        document = json.loads(line)
        if document["type"] != "platform.report":
            return None
        record = document["record"]
        metrics = record["metrics"]
        init_ms = metrics.get("initDurationMs")
        metered = "billedDurationMs" in metrics or "memorySizeMB" in metrics
        return Report(
            request_id=str(record["requestId"]),
            duration_ms=float(metrics["durationMs"]),
            billed_ms=round(metrics["billedDurationMs"]) if metered else 0,
            memory_size_mb=int(metrics["memorySizeMB"]) if metered else 0,
            max_memory_used_mb=int(metrics["maxMemoryUsedMB"]) if metered else 0,
            init_ms=None if init_ms is None else float(init_ms),
            status=str(record.get("status", "success")),
            error_type=str(record.get("errorType") or ""),
            metered=metered,
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def report_line(report: Report) -> str:
    """The text-format REPORT line for `report`, without its line end; the inverse of `parse_report`."""
    parts = [
        f"REPORT RequestId: {report.request_id}",
        f"Duration: {report.duration_ms:.2f} ms",
        f"Billed Duration: {report.billed_ms} ms",
        f"Memory Size: {report.memory_size_mb} MB",
        f"Max Memory Used: {report.max_memory_used_mb} MB",
    ]
    if report.init_ms is not None:
        parts.append(f"Init Duration: {report.init_ms:.2f} ms")
    if report.status != "success":
        parts.append(f"Status: {report.status}")
    if report.error_type:
        parts.append(f"Error Type: {report.error_type}")
    return "\t".join(parts) + "\t"


def _ms(text: str) -> float:
    return float(text.removesuffix("ms"))


def _mb(text: str) -> int:
    return int(float(text.removesuffix("MB")))
