"""Async events that failed and are kept in a queue, and the promise of whoever can look at them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lambdatui.core.text import clean


@dataclass(frozen=True, slots=True)
class FailedEvent:
    """One event as its queue keeps it. `payload` is what the function was sent; "" and None are what is not told."""

    payload: bytes
    request_id: str = ""
    function_name: str = ""
    error: str = ""
    condition: str = ""
    attempts: int | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptEvents:
    """What was seen of a queue: `queue` is its name, `events` the newest first, `more` whether there are others."""

    queue: str
    events: tuple[FailedEvent, ...]
    more: bool = False


class FailedEvents(Protocol):
    """Looks into the queue where the failed async events of a function are kept. Takes nothing out of it."""

    async def peek(self, function_name: str, qualifier: str) -> KeptEvents:
        """Some of the messages: a queue gives no list. Each look counts as a receive of those that it shows.

        Source: SQS ReceiveMessage, visible to others again at once.
        Raises:
            NotFound: the function's failures are kept nowhere.
            Unsupported: where they are kept can't be looked at, or the target is read-only.
            Denied: the permission to read the settings or the queue is missing.
        """
        ...


def failed_event_of(body: str, attributes: Mapping[str, str], sent_at: datetime | None) -> FailedEvent:
    """The event in a message: a destination's record, or the event itself with attributes from a dead-letter queue.

    Source: Lambda developer guide, "Retaining records of asynchronous invocations"; recorded answers.
    """
    try:
        record = json.loads(body)
    except (ValueError, RecursionError):
        record = None
    context = record.get("requestContext") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(context, dict) or "requestPayload" not in record:
        return FailedEvent(
            body.encode("utf-8", "replace"),
            request_id=_line(attributes.get("RequestID")),
            error=": ".join(part for part in (_line(attributes.get(n)) for n in ("ErrorCode", "ErrorMessage")) if part),
            sent_at=sent_at,
        )
    arn = _line(context.get("functionArn"))
    count = context.get("approximateInvokeCount")
    return FailedEvent(
        json.dumps(record["requestPayload"], ensure_ascii=False, indent=2).encode("utf-8", "replace"),
        request_id=_line(context.get("requestId")),
        function_name=arn.split(":")[6] if arn.count(":") >= 6 else "",
        error=_error_of(record.get("responsePayload")),
        condition=_line(context.get("condition")),
        attempts=count if isinstance(count, int) and not isinstance(count, bool) else None,
        sent_at=sent_at,
    )


def _error_of(payload: object) -> str:
    if not isinstance(payload, dict):
        return _line(payload)
    return ": ".join(part for part in (_line(payload.get("errorType")), _line(payload.get("errorMessage"))) if part)


def _line(value: object) -> str:
    return " ".join(clean(value).split()) if isinstance(value, str) else ""
