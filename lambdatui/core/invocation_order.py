"""Which invocations of a log show, and in which order: those that a filter finds, by their start or by a figure."""

from __future__ import annotations

from bisect import bisect_left, insort
from enum import Enum
from typing import TypeAlias

from lambdatui.core.invocation_query import FIGURES, CostOf, InvocationQuery
from lambdatui.core.log_invocations import Invocation, InvocationIndex

_Place: TypeAlias = tuple[float, int, str]


class SortBy(Enum):
    """What the rows are sorted by, the most at the end; the name of a figure, "" for the time of the start."""

    STARTED = ""
    DURATION = "duration"
    BILLED = "billed"
    MEMORY = "memory"
    COST = "cost"


class InvocationOrder:
    """Owns the order of one index for one filter. Counts from 0; without a filter it is the index's own.

    Rows are looked at in `step`, the newest first: one that has changed since stands where it stood until then.
    """

    def __init__(
        self,
        index: InvocationIndex,
        query: InvocationQuery | None = None,
        sort_by: SortBy = SortBy.STARTED,
        cost_of: CostOf = lambda _: None,
    ) -> None:
        self.index = index
        self.query = query
        self.sort_by = sort_by
        self._cost_of = cost_of
        self._places: list[_Place] = []
        self._shown: dict[str, tuple[_Place, Invocation]] = {}
        self._looked_at = -1
        self._to_look_at: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self.index) if self._plain else len(self._places)

    def row(self, number: int) -> Invocation:
        """Row `number`."""
        if self._plain:
            return self.index.row(number)
        return self._shown[self._places[number][2]][1]

    def rank(self, request_id: str) -> int | None:
        """The number of the row of one invocation; None when it does not show."""
        if self._plain:
            return self.index.rank(request_id)
        shown = self._shown.get(request_id)
        return bisect_left(self._places, shown[0]) if shown is not None else None

    def step(self, rows: int) -> bool:
        """Look at so many rows that are new or have changed; False when there was none."""
        if self._plain:
            return False
        self._notice()
        for _ in range(min(rows, len(self._to_look_at))):
            self._look_at(self._to_look_at.popitem()[0])
        return bool(self._to_look_at)

    @property
    def _plain(self) -> bool:
        return self.query is None and self.sort_by is SortBy.STARTED

    def _notice(self) -> None:
        version = self.index.version
        if version == self._looked_at:
            return
        changed = self.index.changed_since(self._looked_at) if self._looked_at >= 0 else None
        if changed is None:
            changed = (*self._shown, *self.index.request_ids())
        for request_id in changed:
            if request_id in self._shown and self.index.rank(request_id) is None:
                self._forget(request_id)
            else:
                self._to_look_at[request_id] = None
        self._looked_at = version

    def _look_at(self, request_id: str) -> None:
        self._forget(request_id)
        row = self.index.find(request_id)
        if row is not None and (self.query is None or self.query.holds(row, self._cost_of)):
            place = (self._figure(row), row.started_ms, request_id)
            self._shown[request_id] = place, row
            insort(self._places, place)

    def _forget(self, request_id: str) -> None:
        shown = self._shown.pop(request_id, None)
        if shown is not None:
            del self._places[bisect_left(self._places, shown[0])]

    def _figure(self, row: Invocation) -> float:
        if self.sort_by is SortBy.STARTED:
            return 0.0
        figure = FIGURES[self.sort_by.value].of(row, self._cost_of)
        return figure if figure is not None else -1.0
