"""How often a tail looks, and how long it waits after a failure."""

from __future__ import annotations

FASTEST_S = 1.5
SLOWEST_S = 10.0


def interval_s(quiet_s: float) -> float:
    """Seconds between two looks when the newest event came `quiet_s` ago: often after activity, seldom when idle."""
    return min(max(quiet_s / 20, FASTEST_S), SLOWEST_S)


def backoff_s(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: 0.5, 1, 2 … 10; `chance` (0 to 1) takes off up to a half."""
    return min(0.5 * 2.0 ** min(failures - 1, 8), SLOWEST_S) * (1 - chance / 2)
