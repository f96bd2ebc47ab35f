"""What an invocation may carry, checked before it leaves: size, text, JSON."""

from __future__ import annotations

import json

from lambdatui.core.errors import InvalidInput
from lambdatui.core.events import problem_of
from lambdatui.core.invocation import InvocationRequest, InvocationType
from lambdatui.core.limits import ASYNC_PAYLOAD_BYTES, SYNC_PAYLOAD_BYTES

QUICK_BYTES = 65_536
"""A larger payload takes long to check: not on the event loop."""


def payload_limit_bytes(invocation_type: InvocationType) -> int:
    """The largest payload in bytes."""
    return ASYNC_PAYLOAD_BYTES if invocation_type is InvocationType.EVENT else SYNC_PAYLOAD_BYTES


def checked_payload(request: InvocationRequest) -> bytes:
    """The payload as it is sent: `{}` for an empty one.

    Raises:
        InvalidInput: too large for the invocation type (unless `over_limit` leaves that to the service), no UTF-8
            text, or not JSON (the title has line and column); or the client context is no JSON object.
    """
    limit = payload_limit_bytes(request.invocation_type)
    size = len(request.payload)
    if size > limit and not request.over_limit:
        raise InvalidInput(
            f"The event is too large: {size:,} bytes",
            f"RequestEntityTooLargeException: Request must be smaller than {limit} bytes for the "
            f"{request.invocation_type.value} invocation type.",
        )
    if request.client_context:
        _check_client_context(request.client_context)
    if not request.payload.strip():
        return b"{}"
    _check_json(request.payload)
    return request.payload


def _check_json(payload: bytes) -> None:
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        line = payload.count(b"\n", 0, error.start) + 1
        column = error.start - payload.rfind(b"\n", 0, error.start)
        raise InvalidInput(f"The event is not UTF-8 text: line {line}, byte {column}") from error
    problem = problem_of(text)
    if problem is not None:
        raise InvalidInput(
            f"The event is not JSON: line {problem.line}, column {problem.column}",
            f"{problem.message}. Lambda answers InvalidRequestContentException.",
        )


def _check_client_context(text: str) -> None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The client context is not JSON", str(error)) from error
    if not isinstance(document, dict):
        raise InvalidInput("The client context is a JSON object")
