"""The logs of functions in several places as one tail."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from lambdatui.backends.together.place_tail import Failed, PlaceTail, PlaceUpdate
from lambdatui.backends.together.places import Places
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.joint_history import JointHistory
from lambdatui.core.logs import (
    Following,
    LogBatch,
    LogEvent,
    QuickSource,
    Refused,
    TailQuery,
    TailState,
    TailUpdate,
    alike,
    nothing_left,
    together,
    without_names,
)
from lambdatui.core.merging import Ended, merged

_READ = frozenset({Following.FOLLOWING, Following.WAITING_FOR_GROUP})
"""States in which the history is told."""
_BEGINNING = frozenset({Following.CONNECTING, Following.CATCHING_UP})
_TROUBLES = {Following.THROTTLED: 3}
"""So often trouble is waited out by those who could begin: a throttle mostly passes within a second."""


class TogetherLogs:
    """Implements `LogSource`. A place that can't be tailed is told; the others go on."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def tail(self, query: TailQuery) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`. What there is already comes in the order of time, whatever place it is from."""
        async with aclosing(_Tail(self._places, query).updates()) as updates:
            async for update in updates:
                yield update

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See `LogSource.older`. A place that can't be read is left out, as in the tail."""
        groups = self._places.grouped(query.function_names)
        parts = await asyncio.gather(
            *(
                self._older(place, replace(query, function_names=names), before_ms, limit)
                for place, names in groups.items()
            )
        )
        read = [part for part in parts if not isinstance(part, Refused)]
        if not read:
            raise nothing_left(alike(part for part in parts if isinstance(part, Refused)))
        found = [event for part in read for event in part]
        found.sort(key=lambda event: event.timestamp_ms)
        if len(found) <= limit:
            return tuple(found)
        # All of the first one's millisecond, and nothing of which a place may have left out what stands beside it.
        first_ms = found[-limit].timestamp_ms
        return tuple(event for event in found if event.timestamp_ms >= first_ms)

    async def _older(self, place: str, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...] | Refused:
        try:
            events = await self._places.backends[place].logs.older(query, before_ms, limit)
        except WorkbenchError as error:
            return self._places.refused(Refused(query.function_names, without_names(error)), place)
        return tuple(self._places.event(event, place) for event in events)


class _Tail:
    """One tail over several places."""

    def __init__(self, places: Places, query: TailQuery) -> None:
        self._places = places
        self._follow = query.follow
        self._tails = {
            place: PlaceTail(places.backends[place].logs, replace(query, function_names=names))
            for place, names in places.grouped(query.function_names).items()
        }
        self._history = JointHistory(self._tails, query.newest if query.since_ms is None else None)
        self._going = set(self._tails)
        self._waiting: set[str] = set()
        """Those that go on when there is room for more of them."""
        self._states: dict[str, TailState] = {}
        self._failed: dict[str, WorkbenchError] = {}
        self._troubles: Counter[str] = Counter()

    async def updates(self) -> AsyncGenerator[TailUpdate, None]:
        """See `LogSource.tail`."""
        told: TailState | None = None
        async with aclosing(merged({place: tail.updates() for place, tail in self._tails.items()})) as items:  # type: ignore[type-var]  # a generator
            async for place, item in items:
                if isinstance(item, Ended):
                    self._end(place, item.error)
                else:
                    self._take(place, item)
                if events := self._history.ready():
                    yield LogBatch(events)
                self._let_go_on(place)
                if len(self._failed) == len(self._tails):
                    raise nothing_left(alike(map(self._refused, self._failed)))
                if (state := self._state()) != told:
                    told = state
                    yield state
                if self._going <= self._failed.keys():
                    return

    def _let_go_on(self, place: str) -> None:
        self._waiting.add(place)
        for name in [name for name in self._waiting if self._history.has_room(name)]:
            self._waiting.discard(name)
            self._tails[name].go_on()

    def _take(self, place: str, item: PlaceUpdate) -> None:
        beginning, update = item
        if beginning != self._tails[place].beginning:
            return
        match update:
            case LogBatch(events):
                if self._history.is_late(place):
                    self._tails[place].begin_at(self._history.first_ms or 0)
                    self._history.told(place)
                else:
                    self._failed.pop(place, None)
                    self._history.extend(place, [self._places.event(event, place) for event in events])
            case TailState():
                self._take_state(place, update)
            case Failed(error):
                self._failed[place] = error
                self._states.pop(place, None)
                self._history.give_up(place)

    def _take_state(self, place: str, state: TailState) -> None:
        following = state.following
        if following in _BEGINNING and place in self._failed:
            return  # whether it may be read now is not known yet
        self._failed.pop(place, None)
        self._states[place] = state
        if following in _READ:
            self._history.told(place)
        elif following not in _BEGINNING:
            self._troubles[place] += 1
            if self._follow and self._troubles[place] >= _TROUBLES.get(following, 1):
                self._history.give_up(place)

    def _end(self, place: str, error: WorkbenchError | None) -> None:
        self._going.discard(place)
        if error is None:
            self._history.told(place)
        else:
            self._failed[place] = error
            self._states.pop(place, None)
            self._history.give_up(place)

    def _refused(self, place: str) -> Refused:
        refused = Refused(self._tails[place].query.function_names, without_names(self._failed[place]))
        return self._places.refused(refused, place)

    def _state(self) -> TailState:
        states = [
            replace(
                state,
                missing=tuple(f"{place}: {name}" for name in state.missing),
                refused=tuple(self._places.refused(part, place) for part in state.refused),
            )
            for place, state in self._states.items()
        ]
        details = [f"{place}: {state.detail}" for place, state in self._states.items() if state.detail]
        state = together(states, details)
        return replace(state, refused=alike((*map(self._refused, self._failed), *state.refused)))


class QuickTogetherLogs(TogetherLogs):
    """Implements `QuickSource` too: every place has the quicker way, and each costs by itself."""

    def __init__(self, places: Places, live_cost: str) -> None:
        super().__init__(places)
        self.live_cost = live_cost


def together_logs(places: Places) -> TogetherLogs:
    """The logs of all places, with the quicker way where all have it."""
    costs = [one.logs.live_cost for one in places.backends.values() if isinstance(one.logs, QuickSource)]
    if len(costs) < len(places.backends):
        return TogetherLogs(places)
    return QuickTogetherLogs(places, f"In each of {len(costs)} places: {costs[0]}")
