"""The logs of functions in several places as one tail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from lambdatui.backends.together.places import Places, at
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import LogBatch, LogEvent, QuickSource, TailQuery, TailState, TailUpdate, together
from lambdatui.core.merging import Ended, merged


class TogetherLogs:
    """Implements `LogSource`. A place that can't be tailed is told; the others go on."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """See `LogSource.tail`. Events of several places come in the order in which each place gives them."""
        groups = self._places.grouped(query.function_names)
        sources = {
            place: self._places.backends[place].logs.tail(replace(query, function_names=names))
            for place, names in groups.items()
        }
        states: dict[str, TailState] = {}
        failed: dict[str, WorkbenchError] = {}
        async for place, update in merged(sources):
            match update:
                case LogBatch(events):
                    yield LogBatch(tuple(self._event(event, place) for event in events))
                    continue
                case TailState():
                    states[place] = update
                case Ended():
                    states.pop(place, None)
                    if update.error is not None:
                        failed[place] = at(place, update.error)
                        if len(failed) == len(groups):
                            raise update.error
            if states:
                told = [error.title for error in failed.values()]
                told += [f"{place}: {state.detail}" for place, state in states.items() if state.detail]
                yield together(states.values(), told)

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See `LogSource.older`."""
        groups = self._places.grouped(query.function_names)
        parts = await asyncio.gather(
            *(
                self._places.backends[place].logs.older(replace(query, function_names=names), before_ms, limit)
                for place, names in groups.items()
            )
        )
        found = [self._event(event, place) for place, events in zip(groups, parts, strict=True) for event in events]
        found.sort(key=lambda event: event.timestamp_ms)
        if len(found) <= limit:
            return tuple(found)
        # All of the first one's millisecond, and nothing of which a place may have left out what stands beside it.
        first_ms = found[-limit].timestamp_ms
        return tuple(event for event in found if event.timestamp_ms >= first_ms)

    def _event(self, event: LogEvent, place: str) -> LogEvent:
        # Ids are unique in a group: the same one may be in another place.
        name = self._places.joined(event.function_name, place)
        return event._replace(function_name=name, event_id=f"{place}/{event.event_id}")


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
