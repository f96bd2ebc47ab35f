"""Finds rows that moved up or down together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from lambdatui.ui.output.cells import UNKNOWN, Row

_LEAST_ROWS = 3
_EDGE = 3
"""Cells at both ends that may differ: a frame, a scrollbar."""


class Scroll(NamedTuple):
    """The rows from `top` to `bottom` (both count) move up by `rows`; down where that is negative."""

    top: int
    bottom: int
    rows: int


def scroll_between(old: Sequence[Row], new: Sequence[Row]) -> Scroll | None:
    """The scroll that brings most of the changed rows near to what they shall be; None when none does."""
    changed = [y for y, row in enumerate(new) if row is not old[y] and row != old[y]]
    if len(changed) < _LEAST_ROWS:
        return None
    places: dict[str, list[int]] = {}
    for y in range(changed[0], changed[-1] + 1):
        places.setdefault(_key(old[y]), []).append(y)
    votes: Counter[int] = Counter()
    for y in changed:
        key = _key(new[y])
        if key.strip() and UNKNOWN not in key:
            votes.update(from_y - y for from_y in places.get(key, ()) if from_y != y)
    if not votes:
        return None
    rows, count = max(votes.items(), key=lambda vote: (vote[1], -abs(vote[0])))
    if count < _LEAST_ROWS:
        return None
    moved = [y for y in changed if 0 <= y + rows < len(old) and _key(old[y + rows]) == _key(new[y])]
    top, bottom = moved[0], moved[-1]
    return Scroll(top, bottom + rows, rows) if rows > 0 else Scroll(top + rows, bottom, rows)


def _key(row: Row) -> str:
    return row.text[_EDGE:-_EDGE]
