"""A moment as a person types it: how long ago, a time of day, a date with or without one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from lambdatui.core.errors import InvalidInput

_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(min|[smhdw])\s*", re.IGNORECASE | re.ASCII)
_AGO = re.compile(rf"-?\s*(?:{_SPAN.pattern})+(?:ago)?", re.IGNORECASE | re.ASCII)
_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?", re.ASCII)


def moment_ms(typed: str, now: datetime, *, utc: bool = False, after_ms: int | None = None) -> int:
    """The moment that `typed` names, in milliseconds since the epoch.

    "10m", "-10m", "1h30m ago", "1.5h" count back from `now`, and "now" is that. "14:02", "14:02:11.5" are the last
    such time there was, or the first one from `after_ms` on. Else it is a date or ISO 8601. What names no zone is
    in that of this machine, or in UTC.
    Raises:
        InvalidInput: it names none.
    """
    text = typed.strip()
    try:
        return round(_parsed(text, now, utc=utc, after_ms=after_ms).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise InvalidInput(
            f"“{typed}” is not a point in time", hint="Write 1h30m, 14:02:11 or 2026-11-23 14:02."
        ) from None


def _parsed(text: str, now: datetime, *, utc: bool, after_ms: int | None) -> datetime:
    if text.lower() == "now":
        return now
    if _AGO.fullmatch(text):
        return now - timedelta(
            seconds=sum(float(count) * _UNITS_S[unit.lower()] for count, unit in _SPAN.findall(text))
        )
    if found := _TIME_OF_DAY.fullmatch(text):
        hour, minute, second = (int(part or 0) for part in found.groups()[:3])
        of_day = time(hour, minute, second, int((found[4] or "").ljust(6, "0")))
        today = now.astimezone(UTC if utc else None).date()
        near = [_placed(datetime.combine(today + timedelta(days), of_day), utc=utc) for days in (-1, 0, 1)]
        if after_ms is None:
            return max(moment for moment in near if moment <= now)
        return next((moment for moment in near if moment.timestamp() * 1000 >= after_ms), near[-1])
    return _placed(datetime.fromisoformat(text), utc=utc)


def _placed(moment: datetime, *, utc: bool) -> datetime:
    """With its zone; that of this machine is the one of that day, be it in summer or in winter."""
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC) if utc else moment.astimezone()
