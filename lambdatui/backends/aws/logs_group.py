"""Follows one log group: what was read of it, and what is read next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from lambdatui.backends.aws.logs_calls import REPEATS, LogCalls, LogGroup, Page
from lambdatui.backends.aws.logs_newest import MANY_EMPTY_PAGES, Newest, NewestFirst
from lambdatui.backends.aws.logs_trouble import GroupMissing, PageRefused
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogEvent
from lambdatui.core.tail_pace import interval_s
from lambdatui.core.tail_window import Look, Reach, TailWindow, newest

BUDGET_PAGES = 5
"""A look of more pages than this is behind; the look into the past takes turns with it from there on."""
_MENDED_S = 90.0
"""A group that may not be read is asked for again after this time: permissions get mended."""
_LOOPS = 3
"""So often a look that is led in circles is begun anew; then what it has is taken for everything."""


class _Reading:
    """A look on its way through its pages."""

    def __init__(self, look: Look, *, last: bool = False) -> None:
        self.look = look
        self.last = last
        self.token: str | None = None
        self.tokens: set[str] = set()
        self.pages = 0
        self.repeats = 0
        self.reached_ms = look.start_ms


class GroupTail:
    """Owns the place of a tail in one group. Makes one call at a time and waits for nothing else.

    After an error of any kind the place is the same as before: calling again goes on with the same page.
    """

    def __init__(
        self,
        group: LogGroup,
        calls: LogCalls,
        *,
        floor_ms: int,
        until_ms: int | None,
        reach: Reach,
        clock: Callable[[], float],
    ) -> None:
        self.group = group
        self.exists: bool | None = None
        """None while it is not known."""
        self.refused: WorkbenchError | None = None
        """Why it was not read the last time, where that does not pass by itself."""
        self.caught_up = False
        """Whether a look at what is new ever came to its end."""
        self.over = False
        """Whether all up to the end was read, so long after it that what came a little late was there."""
        self.due_s = clock()
        self.least_pause_s = 0.0
        """The pause between two looks is no shorter than this."""
        self.active_s = self.due_s
        """When the last event came, or when one was announced."""
        self._calls = calls
        self._clock = clock
        self._until_ms = until_ms
        self._overlap_ms = reach.overlap_ms
        self._window = TailWindow(floor_ms, reach)
        self._reading: _Reading | None = None
        self._deep: _Reading | None = None
        self._loops = 0

    @property
    def reading(self) -> bool:
        """Whether there are more pages of the look at what is new."""
        return self._reading is not None

    @property
    def looking_back(self) -> bool:
        """Whether there are more pages of a look into the past."""
        return self._deep is not None

    @property
    def over_budget(self) -> bool:
        """Whether what is new takes so many pages that the tail is behind."""
        return self._reading is not None and self._reading.pages >= BUDGET_PAGES

    def behind_s(self) -> float | None:
        """How old the newest is that was read, while there is more; None when not known."""
        server_ms = self._window.server_ms(self._clock())
        if server_ms is None or self._reading is None:
            return None
        return max(server_ms - self._reading.reached_ms, 0) / 1000

    @property
    def reach_s(self) -> float:
        """How late an event may come and still be shown."""
        return self._window.late_ms / 1000

    async def newest(self, newest_first: NewestFirst, limit: int) -> Newest:
        """The newest `limit` events, and all that there are from the first of them on.

        `begin_at` says which of them are shown: what is older is not part of the tail.
        """
        try:
            found = await newest_first.before(self.group, self._until_ms, limit, most_empty=MANY_EMPTY_PAGES)
        except GroupMissing:
            self._answered(exists=False)
            self.due_s = self._clock() + interval_s(0)
            return Newest((), complete=True, server_ms=None)
        except (PageRefused, WorkbenchError) as error:
            self._refuse(error)
            return Newest((), complete=True, server_ms=None)
        self._answered(exists=True)
        now_s = self._clock()
        self._window.hear(found.server_ms, now_s)
        events = self._window.fresh(found.events, following=False)
        if events and not found.complete:
            self._window.floor_ms = events[0].timestamp_ms
        self._window.settle(found.server_ms, now_s)
        self.due_s = self._next_s(now_s)
        return Newest(tuple(events), found.complete, found.server_ms)

    def begin_at(self, floor_ms: int) -> None:
        """Show nothing from before that moment."""
        self._window.floor_ms = max(self._window.floor_ms, floor_ms)

    def reach_back(self, from_ms: int, before_ms: int, server_ms: int | None, events: Sequence[LogEvent]) -> None:
        """These, all from `from_ms` up to `before_ms`, are shown by other means; what comes late there is news."""
        if self.refused is not None and self.exists is None:  # none of its own: once it may be read all of that is news
            self._window.floor_ms = min(self._window.floor_ms, from_ms)
        self._window.reach_back(from_ms, before_ms, server_ms, events)

    async def read(self, *, following: bool) -> list[LogEvent]:
        """The next page of what is new: those of its events that were not shown yet, in time order."""
        if self._reading is None:
            now_s = self._clock()
            look, *past = self._window.begin(now_s)
            self._reading = _Reading(look, last=self._left_s(now_s) <= 0)
            if past:
                self._deep = _Reading(past[0])
            self.due_s = self._next_s(now_s)
        reading = self._reading
        fresh, ended = await self._page(reading, following=following)
        if ended:
            self._reading = None
        return fresh

    async def look_back(self) -> list[LogEvent]:
        """The next page of the look into the past: what has come late."""
        reading = self._deep
        if reading is None:
            return []
        fresh, ended = await self._page(reading, following=True)
        if ended:
            self._deep = None
        return fresh

    def wake(self) -> None:
        """Something is about to be written."""
        self.active_s = self._clock()
        self.due_s = min(self.due_s, self.active_s)

    def _pause_s(self, quiet_s: float) -> float:
        return max(interval_s(quiet_s), self.least_pause_s)

    def _next_s(self, now_s: float) -> float:
        pause_s = self._pause_s(now_s - self.active_s)
        left_s = self._left_s(now_s)
        return now_s + (min(pause_s, left_s + 0.01) if left_s > 0 else pause_s)

    def _left_s(self, now_s: float) -> float:
        """How long it is until the last look, by the service's clock where that is known."""
        if self._until_ms is None:
            return float("inf")
        now_ms = self._window.server_ms(now_s)
        return (self._until_ms + self._overlap_ms - (self._calls.wall_ms() if now_ms is None else now_ms)) / 1000

    async def _page(self, reading: _Reading, *, following: bool) -> tuple[list[LogEvent], bool]:
        look = reading.look
        end_ms = self._until_ms if look.end_ms is None else look.end_ms
        try:
            page = await self._calls.page(self.group, look.start_ms, end_ms, token=reading.token)
        except GroupMissing:
            self._answered(exists=False)
            self.caught_up = True
            self.over = reading.last
            self._abandon()
            return [], True
        except PageRefused as error:
            if reading.token is None:
                self._refuse(error)
            self._abandon()  # the token is too old, or of a group that was deleted: begin again
            return [], True
        except WorkbenchError as error:
            self._refuse(error)
            return [], True
        self._answered(exists=True)
        # The time now: a call may have taken minutes, and the service's clock would be taken to be so much ahead.
        now_s = self._clock()
        self._window.hear(page.server_ms, now_s)
        fresh = self._window.fresh(page.events, following=following)
        if fresh and following:
            self.active_s = now_s
            self.due_s = min(self.due_s, now_s + self._pause_s(0))
        return fresh, self._advance(reading, page, now_s)

    def _answered(self, *, exists: bool) -> None:
        self.exists = exists
        self.refused = None

    def _refuse(self, error: PageRefused | WorkbenchError) -> None:
        """It may not be read: the others go on, and it is asked for again seldom.

        Raises:
            PageRefused: the pattern is to blame, not the group.
        """
        cause = error.__cause__ if isinstance(error, PageRefused) else error
        if (self.group.pattern and isinstance(error, PageRefused)) or not isinstance(cause, WorkbenchError):
            raise error
        self.refused = cause
        self.caught_up = True
        now_s = self._clock()
        left_s = self._left_s(now_s)
        self.over = left_s <= 0
        self.due_s = now_s + min(_MENDED_S, left_s + 0.01 if left_s > 0 else _MENDED_S)
        self._abandon()

    def _advance(self, reading: _Reading, page: Page, now_s: float) -> bool:
        """Whether that was the last page."""
        reading.pages += 1
        reading.reached_ms = max([reading.reached_ms, *(event.timestamp_ms for event in page.events[-1:])])
        if page.token is None:
            self._loops = 0
            self._complete(reading, now_s)
            return True
        if page.token in reading.tokens:
            reading.repeats += 1
        else:
            reading.repeats = 0
        if reading.repeats >= REPEATS:
            self._loops += 1
            if self._loops < _LOOPS:
                self._abandon()
                return True
            self._loops = 0
            self._complete(reading, now_s)
            return True
        reading.tokens.add(page.token)
        reading.token = page.token
        return False

    def _complete(self, reading: _Reading, now_s: float) -> None:
        self.caught_up = True
        self.over = self.over or reading.last
        self._window.complete(reading.look, now_s)

    def _abandon(self) -> None:
        self._window.abandon()
        self._reading = self._deep = None


_time = attrgetter("timestamp_ms")


def newest_of(parts: Iterable[Newest], limit: int) -> list[LogEvent]:
    """The newest `limit` events of several groups, in time order, and what is of the same millisecond as the first.

    What is older is then asked for by its time. Nothing from before the first event of a group that was not read to
    its beginning.
    """
    events: list[LogEvent] = []
    from_ms = 0
    for part in parts:
        events += part.events
        if part.events and not part.complete:
            from_ms = max(from_ms, part.events[0].timestamp_ms)
    chosen = [event for event in merged(events) if event.timestamp_ms >= from_ms]
    return list(newest(chosen, limit))


def merged(events: Sequence[LogEvent]) -> tuple[LogEvent, ...]:
    """In time order; events of one moment stay as the service has them."""
    return tuple(sorted(events, key=_time))
