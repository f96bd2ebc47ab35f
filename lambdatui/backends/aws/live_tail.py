"""Reads CloudWatch's Live Tail: what was just ingested, a batch a second, without ids and perhaps not all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from lambdatui.backends.aws.logs_calls import LogGroup, event_of
from lambdatui.backends.aws.session import Patience, Session
from lambdatui.backends.aws.shapes import mapping
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Unsupported
from lambdatui.core.live_match import LIVE_ID
from lambdatui.core.logs import LogEvent

_GROUPS = 10
"""The most that one session follows (CloudWatch Logs API reference, 2026)."""
_PATIENCE = Patience(read_timeout_s=10.0, attempts=1)
"""An update comes each second, even an empty one."""
_FAILURES = (
    BotoCoreError,
    ClientError,
    HTTPError,
    OSError,
    ResponseParserError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """What was ingested in a second. `sampled`: there was more, and some of it was left out."""

    events: tuple[LogEvent, ...]
    sampled: bool = False


LiveSessions = Callable[[Sequence[LogGroup]], AsyncGenerator[LiveUpdate, None]]
"""Opens a session over groups; it ends, or raises WorkbenchError, sooner or later."""


class LiveTail:
    """Opens sessions of StartLiveTail. `arn_of` tells the ARN of a group."""

    def __init__(self, session: Session, arn_of: Callable[[LogGroup], Awaitable[str]]) -> None:
        self._session = session
        self._arn_of = arn_of
        self._numbers = count()

    async def updates(self, groups: Sequence[LogGroup]) -> AsyncGenerator[LiveUpdate, None]:
        """`aws logs start-live-tail --log-group-identifiers ARN…`

        Raises:
            Denied: logs:StartLiveTail is missing.
            Unsupported: more groups than a session takes.
            WorkbenchError: it could not be opened, or was cut.
        """
        if len(groups) > _GROUPS:
            raise Unsupported(f"Live Tail follows {_GROUPS} log groups at most, not {len(groups)}")
        parameters: dict[str, Any] = {"logGroupIdentifiers": [await self._arn_of(group) for group in groups]}
        if groups[0].pattern:
            parameters["logEventFilterPattern"] = groups[0].pattern
        client = await self._session.client("logs", _PATIENCE)
        try:
            stream = (await call_blocking(client.start_live_tail, **parameters))["responseStream"]
        except _FAILURES as error:
            raise self._session.translated(error, "logs", "StartLiveTail") from error
        frames = iter(stream)
        try:
            while True:
                frame = mapping(await call_blocking(next, frames, None))
                if not frame:
                    return
                if "sessionUpdate" in frame:
                    yield self._update(mapping(frame["sessionUpdate"]), groups)
        except _FAILURES as error:
            raise self._session.translated(error, "logs", "StartLiveTail") from error
        finally:
            # Not waited for: it waits for the next frame.
            Thread(target=_close, args=(stream,), name="close-live-tail", daemon=True).start()

    def _update(self, update: Any, groups: Sequence[LogGroup]) -> LiveUpdate:
        events: list[LogEvent] = []
        for raw in update.get("sessionResults") or ():
            identifier = str(mapping(raw).get("logGroupIdentifier", ""))
            named = (group for group in groups if identifier.endswith(f":{group.name}") or identifier == group.name)
            group = next(named, groups[0] if len(groups) == 1 else None)
            event = event_of(raw, group, Counter()) if group is not None else None
            if event is not None:
                events.append(event._replace(event_id=f"{LIVE_ID}{next(self._numbers)}"))
        sampled = mapping(update.get("sessionMetadata")).get("sampled") is True
        return LiveUpdate(tuple(events), sampled)


def _close(stream: Any) -> None:
    try:
        stream.close()
    except _FAILURES:
        return  # closed already, from under whoever reads it
