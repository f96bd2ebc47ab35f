"""A moment as a person types it, to go there in a log."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from textual.app import App

from lambdatui.core.errors import InvalidInput
from lambdatui.ui.dialogs.prompt import Prompt

_BACK = re.compile(r"-\s*(\d+)\s*(s|m|min|h|d)", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_FORMATS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")


async def ask_moment(app: App[object], near: datetime, *, utc: bool) -> int | None:
    """Ask for a moment; None when the reader changed their mind."""

    def problem(text: str) -> str:
        try:
            moment_ms(text, near, utc=utc)
        except InvalidInput as error:
            return f"{error.title}. {error.hint}"
        return ""

    keys = "14:02   14:02:11   2026-11-23 14:02   -10m · enter goes · esc cancel"
    typed = await app.push_screen_wait(Prompt("Go to a time", "", problem, keys))
    return moment_ms(typed, near, utc=utc) if typed is not None else None


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
