"""The whole log of one invocation, and the promise of a source that finds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lambdatui.core.report import Report


@dataclass(frozen=True, slots=True)
class InvocationLog:
    """The lines of one invocation. `whole`: from START to REPORT; else `missing` says why, and what could be read."""

    text: str
    whole: bool
    report: Report | None = None
    missing: str = ""


class InvocationLogs(Protocol):
    """Finds the log of an invocation by its request id, once the service has stored it."""

    async def find(self, function_name: str, request_id: str, started_at: datetime) -> InvocationLog:
        """Wait for the end of the log, for so long as it usually takes; then give what there is.

        Source: CloudWatch FilterLogEvents.
        Raises:
            Denied: the permission to read logs is missing.
            WorkbenchError: the log can't be read.
        """
        ...


def is_whole(log_tail: str, request_id: str) -> bool:
    """Whether the last 4 KB are all there is: START and REPORT of the invocation are among them."""
    start = log_tail.find(request_id)
    if not request_id or start < 0:
        return False
    line = log_tail[log_tail.rfind("\n", 0, start) + 1 : start + len(request_id) + 200].partition("\n")[0]
    began = line.startswith("START RequestId: ") or '"platform.start"' in line
    ended = f"REPORT RequestId: {request_id}" in log_tail or '"platform.report"' in log_tail
    return began and ended
