"""How fast a service may be asked: a token bucket whose rate gives way to throttles."""

from __future__ import annotations

_LEAST_PER_SECOND = 1.0
_ONE_THROTTLE_S = 1.0
"""Throttles closer together than this are one: the requests were under way together."""


class CallBudget:
    """Hands out calls, at most `per_second` of them, `burst` at once after a rest. Has no clock: it is told the time.

    A throttle halves the rate and empties the bucket; each success gives a little back, about one call a second more
    with each second.
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self.per_second = per_second
        self._most_per_second = per_second
        self._burst = float(burst)
        self._tokens = float(burst)
        self._filled_at_s = float("-inf")
        self._throttled_at_s = float("-inf")
        self._closed_until_s = float("-inf")

    def take(self, now_s: float) -> float:
        """0 when a call may be made now, and it is counted; else the seconds until one may."""
        if now_s < self._closed_until_s:
            return self._closed_until_s - now_s
        passed_s = max(now_s - max(self._filled_at_s, self._closed_until_s), 0.0)
        self._tokens = min(self._burst, self._tokens + passed_s * self.per_second)
        self._filled_at_s = now_s
        # A sum of fractions may be short of a whole by a rounding error.
        if self._tokens < 1.0 - 1e-9:
            return (1.0 - self._tokens) / self.per_second
        self._tokens -= 1.0
        return 0.0

    def throttled(self, now_s: float, retry_after_s: float | None = None) -> None:
        """A call was refused: slower from now on."""
        if now_s - self._throttled_at_s >= _ONE_THROTTLE_S:
            self.per_second = max(self.per_second / 2, min(_LEAST_PER_SECOND, self._most_per_second))
            self._throttled_at_s = now_s
        self._tokens = 0.0
        self._closed_until_s = max(self._closed_until_s, now_s + (retry_after_s or 0.0))

    def succeeded(self) -> None:
        """A call was answered: a little faster."""
        self.per_second = min(self._most_per_second, self.per_second + 1.0 / self.per_second)
