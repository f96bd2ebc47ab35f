"""A moment as a person types it, to go there in a log."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from lambdatui.core.errors import InvalidInput

_BACK = re.compile(r"-\s*(\d+)\s*(s|m|min|h|d)", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_FORMATS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")


def moment_ms(typed: str, near: datetime, *, utc: bool) -> int:
    """The moment in milliseconds: "14:02", "14:02:11", "2026-11-23 14:02", an ISO time, "-10m" before `near`.

    A time of day is that of the day of `near`, in UTC or in the zone of this machine.
    Raises:
        InvalidInput: it is none of these.
    """
    text = typed.strip()
    near = near.astimezone(UTC) if utc else near.astimezone()
    try:
        if back := _BACK.fullmatch(text):
            return round((near - timedelta(seconds=int(back[1]) * _UNITS[back[2].lower()])).timestamp() * 1000)
        return round(_parsed(text, near).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise InvalidInput(
            "Not a time", f"“{text}” was typed.", "14:02, 14:02:11, 2026-11-23 14:02 or -10m are times"
        ) from None


def _parsed(text: str, near: datetime) -> datetime:
    for form in _FORMATS:
        try:
            time = datetime.strptime(text, form).time()  # noqa: DTZ007 - only its time of day is used
        except ValueError:
            continue
        return near.replace(hour=time.hour, minute=time.minute, second=time.second, microsecond=time.microsecond)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=near.tzinfo)
