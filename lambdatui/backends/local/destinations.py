"""Where the record of a failed async invocation goes, and what it looks like."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.core.errors import InvalidInput, WorkbenchError
from lambdatui.core.invocation import Completed

MAX_HOPS = 16
"""How many times a failure may travel from function to function: Lambda's own loop detection ends at about 16."""


def destination_of(text: str, root: Path) -> Path | str | None:
    """What an `on_failure` setting names: a file, a function's name, or None for nowhere.

    A relative path is one below the project's folder `root`.
    Raises:
        InvalidInput: it is neither "function:NAME" nor "file:PATH".
    """
    text = text.strip()
    if not text:
        return None
    kind, _, name = text.partition(":")
    name = name.strip()
    if kind == "function" and name:
        return name
    if kind == "file" and name and "\0" not in name:
        return root / Path(name).expanduser()
    raise InvalidInput("On-failure destination: function:NAME or file:PATH", f"“{text}” is neither.")


def failure_record(
    *,
    request_id: str,
    function_arn: str,
    payload: bytes,
    condition: str,
    invoke_count: int,
    completed: Completed | None,
    now: datetime,
) -> bytes:
    """The record that AWS sends to a failure destination, as one line of JSON.

    `completed` is the last attempt, None when there was none (the event grew too old first).
    Source: answers recorded from AWS; Lambda developer guide, "Retaining records of asynchronous invocations".
    """
    record: dict[str, object] = {
        "version": "1.0",
        "timestamp": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{function_arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": invoke_count,
        },
        "requestPayload": _document(payload),
    }
    if completed is not None:
        record["responseContext"] = {
            "statusCode": completed.status_code,
            "executedVersion": completed.executed_version,
            "functionError": completed.function_error,
        }
        record["responsePayload"] = _document(completed.payload)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def append_record(file: Path, record: bytes) -> None:
    """Add one record as a line to `file`, in one write, so that two workbenches don't mix their lines.

    Raises:
        WorkbenchError: the file can't be written.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            line = memoryview(record + b"\n")
            while line:
                line = line[os.write(descriptor, line) :]
        finally:
            os.close(descriptor)
    except OSError as error:
        raise WorkbenchError(f"{file} can't be written", error.strerror or str(error)) from error


def _document(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return payload.decode("utf-8", "replace")
