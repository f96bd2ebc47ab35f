"""Tails the logs of Lambda functions from CloudWatch Logs."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from weakref import WeakSet

from lambdatui.backends.aws.live_tail import LiveSessions
from lambdatui.backends.aws.logs_calls import FilterLogEvents, LogCalls, LogGroup
from lambdatui.backends.aws.logs_group import GroupTail, merged, newest_of
from lambdatui.backends.aws.logs_live import COST, live
from lambdatui.backends.aws.logs_newest import Newest, NewestFirst
from lambdatui.backends.aws.logs_rate import CALLS_PER_SECOND, Rate
from lambdatui.backends.aws.logs_trouble import GroupMissing, PageRefused, Trouble, outcome_of
from lambdatui.core.errors import Denied, NotFound, WorkbenchError
from lambdatui.core.logs import (
    Following,
    LogBatch,
    LogEvent,
    Refused,
    TailQuery,
    TailState,
    TailUpdate,
    alike,
    nothing_left,
)
from lambdatui.core.tail_pace import backoff_s, interval_s
from lambdatui.core.tail_window import Reach

_PATIENCE = 6
"""So many failures in a row are waited out where nobody follows: about 15 s."""
_PATIENCE_WITH = {Following.CREDENTIALS_EXPIRED: 1, Following.CLOCK_OFF: 1}
"""Who waits for the end of a log does not sign in meanwhile; once more, as the profile's files are read anew."""
_BEFORE_MS = 300_000
"""A group that may be read later than a tail began, where nothing was shown, is read from so long before."""
_INTERVALS_S = (1.5, 3.0, 5.0, 10.0)
"""The pause between two looks is told in these steps: a title that changes with each look is noise."""


class AwsLogs:
    """Implements `LogSource` by FilterLogEvents over whole groups: streams are never chosen.

    `log_group_of` tells a function's group and raises NotFound for a function that does not exist. `reach` says how
    late an event may come. One `rate` serves everything that reads logs of the same account and region.
    """

    def __init__(
        self,
        filter_log_events: FilterLogEvents,
        log_group_of: Callable[[str], Awaitable[str]],
        rate: Rate,
        wall_ms: Callable[[], int],
        reach: Reach | None = None,
        *,
        live_sessions: LiveSessions | None = None,
    ) -> None:
        self.live_cost = COST
        """See `QuickSource`."""
        self._live_sessions = live_sessions
        self.reach = reach or Reach()
        self.calls = LogCalls(filter_log_events, rate, wall_ms)
        self.newest_first = NewestFirst(self.calls, wall_ms)
        self._log_group_of = log_group_of
        self._tails: WeakSet[_Tail] = WeakSet()

    async def tail(self, query: TailQuery) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`. Where `query` does not follow, trouble that lasts is raised as what it is."""
        tail = _Tail(self, query)
        self._tails.add(tail)
        sessions = self._live_sessions if query.live and query.follow else None
        try:
            async with aclosing(tail.updates() if sessions is None else live(tail, sessions)) as updates:
                async for update in updates:
                    yield update
        finally:
            self._tails.discard(tail)

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See `LogSource.older`. Events of one millisecond come together, even if they are more than `limit`."""
        if limit <= 0:
            return ()
        groups, refused = await self.groups(query)
        found: list[Newest] = []
        for group in groups:
            try:
                found.append(await self._before(group, before_ms - 1, limit))
            except Denied as error:
                refused = (Refused(group.functions, error), *refused)
        if not found:
            raise nothing_left(alike(refused))
        events = newest_of(found, limit)
        tails = [tail for tail in self._tails if tail.query.selects_as(query)]
        if len(tails) == 1:  # of several nobody knows which one these events are shown beside
            heard = [part.server_ms for part in found if part.server_ms is not None]
            server_ms = min(heard) if len(heard) == len(found) else None
            tails[0].reach_back(events[0].timestamp_ms if events else 0, before_ms, server_ms, events)
        return tuple(events)

    def poke(self, function_name: str) -> None:
        """`function_name` was invoked just now: its tails look at once, and often for a while."""
        for tail in self._tails:
            tail.wake(function_name)

    async def groups(self, query: TailQuery) -> tuple[tuple[LogGroup, ...], tuple[Refused, ...]]:
        """The groups of the functions asked for; those that share one are tailed together. Then what is gone.

        Raises:
            NotFound: no function of these names.
        """
        groups: dict[str, list[str]] = {}
        gone: list[Refused] = []
        for name in dict.fromkeys(query.function_names):
            try:
                groups.setdefault(await self._log_group_of(name), []).append(name)
            except NotFound as error:
                gone.append(Refused((name,), error))
        if gone and not groups:
            raise gone[0].error
        return tuple(LogGroup(group, tuple(names), query.filter_pattern) for group, names in groups.items()), (*gone,)

    async def _before(self, group: LogGroup, end_ms: int, limit: int) -> Newest:
        failures = 0
        while True:
            try:
                return await self.newest_first.before(group, end_ms, limit)
            except GroupMissing:
                return Newest((), complete=True, server_ms=None)
            except PageRefused as refused:
                raise _cause(refused) from refused
            except Trouble as trouble:
                failures += 1
                if failures > 2:
                    raise trouble.error from trouble
                await asyncio.sleep(backoff_s(failures, _chance()))


class _Tail:
    """One tail, from its first page on. Steps of one or a few calls, each repeated until it succeeds."""

    def __init__(self, logs: AwsLogs, query: TailQuery) -> None:
        self._logs = logs
        self.query = query
        self.begin_ms = query.since_ms or 0
        self.until_ms = query.until_ms
        self._poked = asyncio.Event()
        self._found = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._groups: list[GroupTail] | None = None
        self._gone: tuple[Refused, ...] = ()
        self._to_begin: list[GroupTail] = []
        self._newest: list[Newest] = []
        self._ahead: dict[GroupTail, list[LogEvent]] = {}
        self._ready: list[LogEvent] = []
        self._ended = False
        self._seen_all_s: float | None = None
        """When everything that was visible had been read the last time."""

    async def updates(self) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`."""
        failures = 0
        state = TailState(Following.CONNECTING)
        yield state
        while True:
            trouble = await self._try_step()
            if self._ready:
                batch, self._ready = LogBatch(merged(self._ready)), []
                yield batch
            if self._nothing_is_left:
                raise nothing_left(self._refused())
            if trouble is not None:
                failures += 1
                if failures > _PATIENCE_WITH.get(trouble.following, _PATIENCE) and not self._waits:
                    raise trouble.error from trouble
                state = self._told(trouble.following, self._silent_s(), trouble.detail)
                yield state
                await self._wait(backoff_s(failures, _chance()))
                continue
            failures = 0
            now = self._state()
            if self._ended and not (now.missing or now.refused):
                return
            if now != state:
                state = now
                yield state
            if self._ended:
                return
            await self._rest()

    @property
    def _nothing_is_left(self) -> bool:
        """Whether everything was asked for, and refused."""
        return bool(self._groups) and not self._to_begin and all(group.refused for group in self._groups or ())

    @property
    def _waits(self) -> bool:
        """Whether there may be more to come: trouble that lasts is waited out."""
        end_ms = None if self.until_ms is None else self.until_ms + self._logs.reach.overlap_ms
        return self.query.follow and (end_ms is None or self._logs.calls.wall_ms() < end_ms)

    @property
    def least_pause_s(self) -> float:
        """The pause between two looks is no shorter than this."""
        return max((group.least_pause_s for group in self._groups or ()), default=0.0)

    @least_pause_s.setter
    def least_pause_s(self, pause_s: float) -> None:
        for group in self._groups or ():
            group.least_pause_s = pause_s

    async def found_groups(self) -> tuple[LogGroup, ...]:
        """The groups, once they are known."""
        await self._found.wait()
        return tuple(group.group for group in self._groups or ())

    def look(self) -> None:
        """Look at once at everything."""
        for group in self._groups or ():
            group.due_s = min(group.due_s, self._clock())
        self._poked.set()

    def wake(self, function_name: str) -> None:
        """Look at once at the group of a function."""
        for group in self._groups or ():
            if function_name in group.group.functions:
                group.wake()
        self._poked.set()

    def reach_back(self, from_ms: int, before_ms: int, server_ms: int | None, events: Sequence[LogEvent]) -> None:
        """These, all from `from_ms` up to `before_ms`, are shown by other means: only what comes late there is news."""
        for group in self._groups or ():
            mine = [event for event in events if event.function_name in group.group.functions]
            group.reach_back(from_ms, before_ms, server_ms, mine)

    async def _try_step(self) -> Trouble | None:
        try:
            await self._step()
        except Trouble as trouble:
            return trouble
        except PageRefused as refused:
            raise _cause(refused) from refused
        return None

    def _refused(self) -> tuple[Refused, ...]:
        """What may not be read, and what is gone."""
        denied = (Refused(one.group.functions, one.refused) for one in self._groups or () if one.refused)
        return alike((*denied, *self._gone))

    async def _step(self) -> None:
        if self._groups is None:
            await self._find_groups()
        elif self._to_begin:
            await self._begin(self._to_begin[0])
        elif self._ahead:
            await self._read_history()
        else:
            await self._follow(self._groups)

    async def _find_groups(self) -> None:
        query = self.query
        try:
            groups, self._gone = await self._logs.groups(query)
        except NotFound:
            raise
        except WorkbenchError as error:
            outcome = outcome_of(error)
            raise outcome if isinstance(outcome, Trouble) else error from error
        floor_ms = query.since_ms or 0
        self._groups = [
            GroupTail(
                group,
                self._logs.calls,
                floor_ms=floor_ms,
                until_ms=query.until_ms,
                reach=self._logs.reach,
                clock=self._clock,
            )
            for group in groups
        ]
        self._found.set()
        if query.since_ms is None:
            self._to_begin = list(self._groups)
        else:
            self._ahead = {group: [] for group in self._groups}

    async def _begin(self, group: GroupTail) -> None:
        """The newest events of each group; of all of them together as many as were asked for are shown."""
        self._newest.append(await group.newest(self._logs.newest_first, self.query.newest))
        self._to_begin.remove(group)
        if not self._to_begin:
            self._ready = newest_of(self._newest, self.query.newest)
            older_left_out = len(self._ready) < sum(len(part.events) for part in self._newest)
            if self._ready and (older_left_out or not all(part.complete for part in self._newest)):
                self.begin_ms = self._ready[0].timestamp_ms
                for begun in self._groups or ():
                    begun.begin_at(self.begin_ms)
            shown_ms = self._ready[0].timestamp_ms if self._ready else self._logs.calls.wall_ms() - _BEFORE_MS
            for refused in self._groups or ():
                if refused.refused is not None:
                    refused.begin_at(shown_ms)
            self._newest.clear()
            self._end_of_history()

    async def _read_history(self) -> None:
        """One page of what there is since the beginning of the query, merged in the order of time.

        A group that has more to come holds back what others have from a later time.
        """
        unfinished = [group for group in self._ahead if not group.caught_up]
        group = next((group for group in unfinished if not self._ahead[group]), None)
        if group is not None:
            self._ahead[group] = await group.read(following=False)
            unfinished = [group for group in self._ahead if not group.caught_up]
        if any(not self._ahead[group] for group in unfinished):
            return
        if not unfinished or len(self._ahead) == 1:
            for group, events in self._ahead.items():
                self._ready += events
                self._ahead[group] = []
            if not unfinished:
                self._ahead = {}
                self._end_of_history()
            return
        horizon_ms = min(self._ahead[group][-1].timestamp_ms for group in unfinished)
        for group, events in self._ahead.items():
            self._ready += [event for event in events if event.timestamp_ms <= horizon_ms]
            self._ahead[group] = [event for event in events if event.timestamp_ms > horizon_ms]

    def _end_of_history(self) -> None:
        self._ended = not self.query.follow
        self._seen_all_s = self._clock()

    async def _follow(self, groups: list[GroupTail]) -> None:
        """One page of each group that has news or is due, and of looks into the past where there is time."""
        began_s = self._clock()
        for group in groups:
            if group.reading or group.due_s <= began_s:
                self._ready += await group.read(following=True)
        for group in groups:
            if group.looking_back and (group.over_budget or not any(other.reading for other in groups)):
                self._ready += await group.look_back()
        if not any(group.reading for group in groups):
            self._seen_all_s = began_s
            self._ended = all(group.over and not group.looking_back for group in groups)

    async def _rest(self) -> None:
        groups = self._groups or []
        if self._to_begin or self._ahead or any(group.reading or group.looking_back for group in groups):
            return
        await self._wait(min((group.due_s for group in groups), default=self._clock() + 1) - self._clock())

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            with suppress(TimeoutError):
                # Timers may fire a hair early: what is due a hair away would be asked for again and again.
                # Not wait_for: until Python 3.12 it loses a cancellation that comes with what it waits for.
                async with asyncio.timeout(max(seconds, 0.001)):
                    await self._poked.wait()
        self._poked.clear()

    def _silent_s(self) -> float | None:
        return None if self._seen_all_s is None else round(self._clock() - self._seen_all_s, 1)

    def _state(self) -> TailState:
        now_s = self._clock()
        groups = [group for group in self._groups or () if group.refused is None]
        if not groups or self._to_begin:
            return TailState(Following.CONNECTING)
        if all(group.exists is False for group in groups):
            return self._told(Following.WAITING_FOR_GROUP)
        late = [group for group in groups if group.over_budget or (self._ahead and not group.caught_up)]
        if late:
            behind_s = max((group.behind_s() or 0.0 for group in late), default=0.0)
            return self._told(Following.CATCHING_UP, round(behind_s, 1))
        turns_s = len(groups) / CALLS_PER_SECOND  # they share the calls
        pause_s = max(turns_s, *(interval_s(now_s - group.active_s) for group in groups))
        step_s = next((step for step in _INTERVALS_S if step >= pause_s), float(round(pause_s)))
        return self._told(Following.FOLLOWING, step_s)

    def _told(self, following: Following, behind_s: float | None = None, detail: str = "") -> TailState:
        """With what is left out, as soon as everything was asked for once."""
        groups = self._groups or []
        if any(group.exists is None and group.refused is None for group in groups):
            return TailState(following, behind_s, detail)
        missing = tuple(group.group.name for group in groups if group.exists is False and group.refused is None)
        return TailState(following, behind_s, detail, missing, self._refused())


def _cause(refused: PageRefused) -> BaseException:
    return refused.__cause__ or refused


def _chance() -> float:
    return random.random()  # noqa: S311  # spreads the next attempts of several tails; guards no secret
