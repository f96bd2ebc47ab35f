"""Reads the answer of a streamed invocation, an event at a time, off the event loop."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from threading import Thread
from typing import Any

from botocore.eventstream import EventStream, ParserError
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import MayHaveRun

_HINT = "It is not sent again by itself: look at the logs first."
# What is not botocore's own comes from its parser, on bytes that are no event.
_UNPARSED = (ParserError, ResponseParserError, AttributeError, KeyError, TypeError, ValueError)
_FAILURES = (BotoCoreError, ClientError, HTTPError, OSError, *_UNPARSED)


async def stream_events(session: Session, stream: object) -> AsyncGenerator[Mapping[str, Any], None]:
    """The events of InvokeWithResponseStream, up to its InvokeComplete.

    The next is read when it is asked for: a slow reader slows the server down. Closing ends the connection.
    Raises:
        MayHaveRun: the stream ended before InvokeComplete.
    """
    if not isinstance(stream, EventStream):
        raise MayHaveRun("The answer was no stream: the function may have run", "AWS gave no EventStream.", _HINT)
    events = iter(stream)
    try:
        while True:
            event = mapping(await call_blocking(next, events, None))
            if not event:
                raise MayHaveRun(
                    "The stream was cut: its answer is incomplete",
                    "It ended without InvokeComplete. The function may still run.",
                    _HINT,
                )
            yield event
            if "InvokeComplete" in event:
                return
    except _FAILURES as error:
        told = session.translated(error, "lambda", "InvokeWithResponseStream")
        detail = "\n".join(part for part in (told.detail or told.title, "The function may still run.") if part)
        raise MayHaveRun("The stream was cut: its answer is incomplete", detail, _HINT) from error
    finally:
        # Not waited for: whoever closes may wait for whoever still reads.
        Thread(target=stream.close, name="close-stream", daemon=True).start()
