"""How often a tail looks, and how long it waits after a failure."""

from __future__ import annotations

from dataclasses import dataclass

FASTEST_S = 1.5
SLOWEST_S = 10.0


def interval_s(quiet_s: float) -> float:
    """Seconds between two looks when the newest event came `quiet_s` ago: often after activity, seldom when idle."""
    return min(max(quiet_s / 20, FASTEST_S), SLOWEST_S)


def backoff_s(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: 0.5, 1, 2 … 10; `chance` (0 to 1) takes off up to a half."""
    return min(0.5 * 2.0 ** min(failures - 1, 8), SLOWEST_S) * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class ListPace:
    """How often a tail looks for functions that are new: after `first_s` at first, seldom when none comes."""

    first_s: float
    slowest_s: float
    page_s: float = 0.0
    """A list is read no more often than its pages take at a page in this time."""

    def pause_s(self, pages: int, looks: int) -> float:
        """Seconds to the next look, after `looks` that found nothing at a list of `pages`."""
        return max(min(self.first_s * 1.25 ** min(looks, 20), self.slowest_s), self.page_s * pages)


LISTED_ON_AWS = ListPace(60.0, 120.0, page_s=3.0)
"""ListFunctions shares 15 calls a second with whatever else reads the account: this takes a third of one at most."""
LISTED_HERE = ListPace(5.0, 15.0)
