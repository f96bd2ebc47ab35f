"""A log group on the stub: what was written into it, found by time, stream and pattern as CloudWatch finds it."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.fixtures.aws_stub import AwsStub, Reply, Seen


class LogBook:
    """Owns the events of one group. Answers FilterLogEvents, a page of `page` events at a time."""

    def __init__(self, stub: AwsStub, page: int = 1000) -> None:
        self.events: list[dict[str, Any]] = []
        self._page = page
        stub.answer("logs:FilterLogEvents", self._answer)

    def write(self, *messages: str, stream: str = "2026/11/23/[$LATEST]one", ago_ms: int = 0) -> None:
        """Put messages into a stream, all of this moment."""
        now_ms = time.time_ns() // 1_000_000 - ago_ms
        for message in messages:
            self.events.append(
                {
                    "eventId": f"{len(self.events):040d}",
                    "timestamp": now_ms,
                    "ingestionTime": now_ms,
                    "logStreamName": stream,
                    "message": message,
                }
            )

    def _answer(self, seen: Seen) -> Reply:
        asked = json.loads(seen.body)
        streams = asked.get("logStreamNames")
        pattern = asked.get("filterPattern", "").strip('"')
        start_ms, end_ms = asked.get("startTime", 0), asked.get("endTime", 1 << 60)
        found = [
            event
            for event in self.events
            if (not streams or event["logStreamName"] in streams)
            and pattern in event["message"]
            and start_ms <= event["timestamp"] <= end_ms
        ]
        first = int(asked.get("nextToken") or 0)
        more = {"nextToken": str(first + self._page)} if first + self._page < len(found) else {}
        return Reply(body={"events": found[first : first + self._page], **more})


def started(request_id: str) -> str:
    return f"START RequestId: {request_id} Version: $LATEST\n"


def ended(request_id: str, more: str = "") -> str:
    return (
        f"REPORT RequestId: {request_id}\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\t"
        f"Max Memory Used: 61 MB\t{more}\n"
    )


def raised(error: str) -> str:
    return (
        f'[ERROR] {error}\nTraceback (most recent call last):\n\u00a0\u00a0File "/var/task/app.py", line 2, in handler'
    )


def json_started(request_id: str) -> str:
    return json.dumps({"type": "platform.start", "record": {"requestId": request_id, "version": "7"}})


def json_ended(request_id: str, status: str = "success", error_type: str = "") -> str:
    metrics = {"durationMs": 5.0, "billedDurationMs": 6, "memorySizeMB": 128, "maxMemoryUsedMB": 40}
    record: dict[str, object] = {"requestId": request_id, "metrics": metrics, "status": status}
    return json.dumps({"type": "platform.report", "record": record | ({"errorType": error_type} if error_type else {})})
