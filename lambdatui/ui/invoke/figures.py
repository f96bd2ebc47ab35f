"""The figures of an invocation in one line, as many as fit. Pure."""

from __future__ import annotations

from lambdatui.core.report import Report


def report_figures(report: Report, width: int = 200, *, tell_start: bool = True) -> str:
    """The figures of a report in one line of `width` cells: duration and memory stay longest."""
    duration = f"{report.duration_ms:,.1f} ms"
    billed = report.billed.removesuffix(" ms")
    memory = report.memory
    start = "warm" if report.init_ms is None else f"cold +{report.init_ms:,.0f} ms"
    starts = (start,) if tell_start else ()
    for parts in ((duration, billed, memory, *starts), (duration, memory, *starts), (duration, memory)):
        line = " · ".join(part for part in parts if part)
        if len(line) <= width:
            return line
    return duration
