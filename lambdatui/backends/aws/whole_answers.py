"""Refuses an answer whose connection was cut in the middle: botocore takes it for a short one.

botocore 1.44 does not compare an answer with its Content-Length, and a JSON document that does not parse becomes one
without any field: half a page of events would be the last page, without events.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from botocore.exceptions import ConnectionClosedError


def refuse_cut_answers(client: Any, attempts: int) -> None:
    """Have a boto3 client send again what was answered in part, up to `attempts` times in all, and raise then.

    Raises, from the client's calls:
        ConnectionClosedError: the answer of the last attempt was cut.
    """
    client.meta.events.register("needs-retry", partial(_again, allowed=attempts))


def _again(response: Any, operation: Any, attempts: int, request_dict: Any, *, allowed: int, **_: Any) -> float | None:
    """Seconds until the request is sent again; None leaves that to botocore."""
    # What is streamed is read, and compared with its length, by whoever asked for it.
    streamed = operation.has_streaming_output or operation.has_event_stream_output
    if response is None or streamed or _is_whole(response[0]):
        return None
    if attempts < allowed:
        return 0.0
    raise ConnectionClosedError(endpoint_url=request_dict["url"])


def _is_whole(answer: Any) -> bool:
    length = answer.headers.get("Content-Length", "")
    return not length.isdecimal() or len(answer.content) >= int(length)
