"""Reads pages of log events: one FilterLogEvents call each, in its turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from hashlib import sha1
from typing import Any

from lambdatui.backends.aws.logs_rate import Rate
from lambdatui.backends.aws.logs_trouble import outcome_of
from lambdatui.core.errors import Unreachable, WorkbenchError
from lambdatui.core.logs import LogEvent

NEWEST_FIRST_SINCE_MS = 1_704_067_200_000
"""1 January 2024: newest first is served for later times only (CloudWatch Logs API reference, 2026)."""

REPEATS = 3
"""So often a token that came before is followed again; then the reading leads nowhere."""

_DATE_MARGIN_MS = 2_000
_SKEW_MS = 300_000
"""A clock that is further off than this can't sign requests either: its times are not believed."""
_STREAM = re.compile(r"\d{4}/\d\d/\d\d/([A-Za-z0-9_-]+)\[")
"""In a group that was chosen, a stream is named YYYY/MM/DD/NAME[VERSION]ID, its NAME cut to 60 characters; in the
usual group of a function the NAME is left out."""


FilterLogEvents = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Sends one request of FilterLogEvents, once: trying again is the tail's. Raises WorkbenchError."""


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group, those functions of it that are asked for, and the pattern that their events must match."""

    name: str
    functions: tuple[str, ...]
    pattern: str = ""

    def owner(self, stream: str) -> str | None:
        """The function that writes this stream; None when it is none of those asked for."""
        named = _STREAM.match(stream)
        if named is not None:
            return next((name for name in self.functions if name[:60] == named[1]), None)
        if len(self.functions) == 1:
            return self.functions[0]
        return next((name for name in self.functions if self.name == f"/aws/lambda/{name}"), "")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `server_ms` is a moment that the service had surely passed when it gave it."""

    events: tuple[LogEvent, ...]
    token: str | None
    server_ms: int | None
    asked: int
    """How many events the service sent, those of other functions included."""


class LogCalls:
    """Makes the calls of all tails of one account and region, each in its turn.

    `wall_ms` is the time in milliseconds since the epoch; it is only believed where the service agrees.
    """

    def __init__(self, filter_log_events: FilterLogEvents, rate: Rate, wall_ms: Callable[[], int]) -> None:
        self._filter_log_events = filter_log_events
        self._rate = rate
        self.wall_ms = wall_ms

    async def page(
        self,
        group: LogGroup,
        start_ms: int,
        end_ms: int | None = None,
        *,
        token: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Page:
        """`aws logs filter-log-events --log-group-name GROUP --start-time START …`

        Raises:
            Trouble: it will pass.
            GroupMissing: there is no such group now.
            PageRefused: the token or the order is not taken.
            WorkbenchError: it will not pass; `Denied` names the permission.
        """
        request: dict[str, Any] = {"logGroupName": group.name, "startTime": max(start_ms, 0)}
        if end_ms is not None:
            request["endTime"] = max(end_ms, 0)
        if limit is not None:
            request["limit"] = limit
        if group.pattern:
            request["filterPattern"] = group.pattern
        if newest_first:
            request["startFromHead"] = False
        if token is not None:
            request["nextToken"] = token
        try:
            await self._rate.turn()
            return page_of(await self._filter_log_events(request), group, self.wall_ms())
        except WorkbenchError as error:
            raise outcome_of(error) from error


def page_of(answer: Mapping[str, Any], group: LogGroup, wall_ms: int) -> Page:
    """What FilterLogEvents answered. What is no event is passed over.

    Raises:
        Unreachable: it is no page: something in between answered, and what it did not say may not be the last page.
    """
    raw_events = answer.get("events")
    if not isinstance(raw_events, list):
        raise Unreachable("CloudWatch Logs gave no page of events", "Its answer has no events.", "Try again.")
    owners = _Owners(group)
    try:
        events = _well_formed(raw_events, owners)
    except AttributeError:
        counted: Counter[tuple[str, int]] = Counter()
        events = [event for raw in raw_events if (event := event_of(raw, group, counted)) is not None]
    ingested_ms = [event.ingestion_ms for event in events if event.ingestion_ms <= wall_ms + _SKEW_MS]
    heard = [moment for moment in (max(ingested_ms, default=None), _date_ms(answer, wall_ms)) if moment is not None]
    if None in owners.values():
        events = [event for event in events if event.function_name is not None]
    token = answer.get("nextToken")
    return Page(
        tuple(events), token if isinstance(token, str) and token else None, max(heard, default=None), len(raw_events)
    )


class _Owners(dict[str, Any]):
    """The function that writes each stream, asked for once; None for those of others."""

    def __init__(self, group: LogGroup) -> None:
        super().__init__()
        self._group = group

    def __missing__(self, stream: str) -> str | None:
        owner = self[stream] = self._group.owner(stream)
        return owner


def _well_formed(raw_events: list[Any], owners: _Owners) -> list[LogEvent]:
    """Events that were checked as they were parsed.

    Raises:
        AttributeError: these were not.
    """
    return [
        LogEvent(
            raw.eventId, raw.timestamp, raw.ingestionTime, raw.logStreamName, raw.message, owners[raw.logStreamName]
        )
        for raw in raw_events
    ]


def event_of(raw: Any, group: LogGroup, counted: Counter[tuple[str, int]]) -> LogEvent | None:
    """One event, whatever is missing of it; None without a time, or when it is of no function asked for.

    `counted` are the events of each millisecond of a stream that the page had before. Some servers that stand in for
    AWS give no ids: the place among those keeps equal lines apart, and their order. A look begins with a whole
    millisecond, so the next look counts alike.
    """
    if not isinstance(raw, Mapping):
        return None
    stream, message = str(raw.get("logStreamName", "")), str(raw.get("message", ""))
    try:
        stamp = int(raw["timestamp"])
        ingestion = int(raw.get("ingestionTime", stamp))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    owner = group.owner(stream)
    if owner is None:
        return None
    event_id = str(raw.get("eventId") or "")
    if not event_id:
        number = counted[stream, stamp] = counted[stream, stamp] + 1
        told = f"{stamp}\0{message}".encode("utf-8", "surrogatepass")
        event_id = f"{stream} {number:06} {sha1(told, usedforsecurity=False).hexdigest()}"
    return LogEvent(event_id, stamp, ingestion, stream, message, owner)


def _date_ms(answer: Mapping[str, Any], wall_ms: int) -> int | None:
    """The service's clock, where ours agrees with it."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        date_ms = int(parsedate_to_datetime(headers["date"]).timestamp() * 1000)
    except (KeyError, ValueError):
        return None
    return min(date_ms, wall_ms) - _DATE_MARGIN_MS if abs(date_ms - wall_ms) < _SKEW_MS else None
