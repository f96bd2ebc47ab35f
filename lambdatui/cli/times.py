"""Points in time as they are typed (`10m`, ISO 8601) and as log lines show them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from lambdatui.core.errors import InvalidInput

_AGO = re.compile(r"(\d{1,9})\s*(s|m|h|d|w)", re.IGNORECASE)
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def milliseconds_of(text: str, now: datetime) -> int:
    """The moment that `text` names, in milliseconds since the epoch.

    `10m`, `2h`, `1d` count back from `now`; `now` is now; else ISO 8601, in local time unless it names a zone.
    Raises:
        InvalidInput: it names no moment.
    """
    word = text.strip()
    if word.lower() == "now":
        return _milliseconds(now)
    try:
        if ago := _AGO.fullmatch(word):
            return _milliseconds(now - timedelta(seconds=int(ago[1]) * _UNIT_S[ago[2].lower()]))
        return _milliseconds(datetime.fromisoformat(word).astimezone(UTC))
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"“{text}” is not a point in time", "Write 30s, 10m, 2h or 1d ago, or 2026-11-23T14:02:11Z."
        ) from None


class Stamps:
    """The texts of `show_time`, for events that come in order: those of one second have all but three digits."""

    def __init__(self, *, utc: bool) -> None:
        self._utc = utc
        self._second = -1
        self._head = ""

    def text(self, timestamp_ms: int) -> str:
        """The same as `show_time`."""
        second, millisecond = divmod(timestamp_ms, 1000)
        if second != self._second:
            whole = show_time(second * 1000, utc=self._utc)
            if len(whole) < 23:  # no moment of our calendar
                return show_time(timestamp_ms, utc=self._utc)
            self._second, self._head = second, whole[: whole.rindex(".") + 1]
        return f"{self._head}{millisecond:03}Z" if self._utc else f"{self._head}{millisecond:03}"


def show_time(timestamp_ms: int, *, utc: bool) -> str:
    """Date and time with milliseconds: "2026-11-23T14:02:11.023Z" with `utc`, else local, without the zone."""
    try:
        moment = datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return str(timestamp_ms)
    if utc:
        return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    return moment.astimezone().replace(tzinfo=None).isoformat(" ", timespec="milliseconds")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
