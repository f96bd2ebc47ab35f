"""Reads a log group backwards from its newest event, also on servers that only read forwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, pairwise

from lambdatui.backends.aws.logs_calls import NEWEST_FIRST_SINCE_MS, LogCalls, LogGroup, Page
from lambdatui.backends.aws.logs_trouble import PageRefused
from lambdatui.core.logs import LogEvent
from lambdatui.core.tail_window import in_order

MANY_EMPTY_PAGES = 40
"""Empty pages are normal in a group that was quiet for years; who can't wait for its newest event stops here."""
_REPEATS = 8
"""So often a token that came before is followed again; then there is nothing behind it."""
_MORE = 100
"""So many more events are asked for: few tell little about the order that they come in, and the last may not count."""
_MINUTE_MS = 60_000
_WIDTHS_MS = tuple(minutes * _MINUTE_MS for minutes in (1, 10, 60, 360, 1_440, 10_080, 43_200, 525_600))


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest events before a moment, in time order: all that there are from the first of them on.

    `complete`: there are none before them. `server_ms` is a moment that the service had surely passed when the reading
    began.
    """

    events: tuple[LogEvent, ...]
    complete: bool
    server_ms: int | None


class NewestFirst:
    """Asks for the newest first, and remembers whether the server knows that order.

    A server that ignores it answers with the oldest: it is then read forwards, in windows that grow backwards.
    """

    def __init__(self, calls: LogCalls, wall_ms: Callable[[], int]) -> None:
        self._calls = calls
        self._wall_ms = wall_ms
        self._knows_order: bool | None = None

    async def before(self, group: LogGroup, end_ms: int | None, limit: int, *, most_empty: int | None = None) -> Newest:
        """The newest events up to `end_ms`, inclusive: at least `limit` of them; all when there are fewer.

        Fewer where `most_empty` pages with nothing on them have to be passed.
        Raises: see `LogCalls.page`.
        """
        if self._knows_order is not False and (end_ms is None or end_ms >= NEWEST_FIRST_SINCE_MS):
            found = await self._backwards(group, end_ms, limit, most_empty)
            if found is not None and (not found.complete or len(found.events) >= limit):
                return found
            if found is not None:
                return await self._with_ancient(group, found)
        return await self._forwards(group, end_ms, limit)

    async def _backwards(
        self, group: LogGroup, end_ms: int | None, limit: int, most_empty: int | None
    ) -> Newest | None:
        """None: the server does not know the order."""
        found: dict[str, LogEvent] = {}
        token: str | None = None
        server_ms: int | None = None
        tokens: Counter[str] = Counter()
        asked = min(max(limit, 0) + _MORE, 10_000)
        oldest_ms = empty = 0
        for number in count():
            try:
                page = await self._calls.page(
                    group, NEWEST_FIRST_SINCE_MS, end_ms, token=token, newest_first=True, limit=asked
                )
            except PageRefused:
                if token is None and group.pattern:
                    raise  # more likely it is the pattern: the order is not to blame
                if token is None:
                    self._knows_order = False
                return None
            server_ms = page.server_ms if number == 0 else server_ms
            found.update((event.event_id, event) for event in page.events)
            for event in page.events:
                oldest_ms = min(oldest_ms or event.timestamp_ms, event.timestamp_ms)
            more = page.asked >= asked or page.token is not None
            if more and not self._is_newest_first(page):
                return None
            token = page.token
            # The last millisecond may go on: only one that is followed by an older one is whole.
            enough = len(found) > limit and sum(event.timestamp_ms > oldest_ms for event in found.values()) >= limit
            empty += not page.asked
            if token is None or tokens[token] == _REPEATS or enough or empty == most_empty:
                break
            tokens[token] += 1
        events = _sorted(found)
        if token is not None:
            events = tuple(event for event in events if event.timestamp_ms > oldest_ms)
        return Newest(events, token is None, server_ms)

    def _is_newest_first(self, page: Page) -> bool:
        """Which end of the log a page is, of which there are more."""
        order = _order(page.events)
        if order is not None:
            self._knows_order = order
        return order is not False and (self._knows_order is not None or not page.asked)

    async def _with_ancient(self, group: LogGroup, found: Newest) -> Newest:
        """What there is from before the time that newest first is served for, too: mostly nothing."""
        ancient = await self._forwards(group, NEWEST_FIRST_SINCE_MS - 1, 1)
        return Newest(ancient.events + found.events, ancient.complete, found.server_ms)

    async def _forwards(self, group: LogGroup, end_ms: int | None, limit: int) -> Newest:
        page = await self._calls.page(group, 0, end_ms)
        server_ms = page.server_ms
        if page.token is None:
            return Newest(_sorted({event.event_id: event for event in page.events}), True, server_ms)
        found: dict[str, LogEvent] = {}
        anchor_ms = self._wall_ms() if end_ms is None else end_ms
        until_ms = end_ms
        for width_ms in _WIDTHS_MS:
            start_ms = max(anchor_ms - width_ms, 0)
            await self._read(group, start_ms, until_ms, found)
            if len(found) >= limit:
                return Newest(_sorted(found), False, server_ms)
            until_ms = start_ms - 1
        await self._read(group, 0, until_ms, found)
        return Newest(_sorted(found), True, server_ms)

    async def _read(self, group: LogGroup, start_ms: int, end_ms: int | None, found: dict[str, LogEvent]) -> None:
        token: str | None = None
        tokens: Counter[str] = Counter()
        while True:
            page = await self._calls.page(group, start_ms, end_ms, token=token)
            found.update((event.event_id, event) for event in page.events)
            token = page.token
            if token is None or tokens[token] == _REPEATS:
                return
            tokens[token] += 1


def _order(events: tuple[LogEvent, ...]) -> bool | None:
    """Whether the newest come first; None when all have the same time."""
    times = [event.timestamp_ms for event in events]
    if not times or min(times) == max(times):
        return None
    return all(later >= earlier for later, earlier in pairwise(times))


def _sorted(found: dict[str, LogEvent]) -> tuple[LogEvent, ...]:
    return tuple(sorted(found.values(), key=in_order))
