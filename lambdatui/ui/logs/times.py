"""The time of a log line as it is shown: of the day, since now, or since the line before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import Enum

_EPOCH = date(1970, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TimeStyle(Enum):
    """What stands before a line; the value is its name where it is remembered."""

    LOCAL = "local"
    UTC = "utc"
    RELATIVE = "relative"
    DELTA = "delta"

    @property
    def words(self) -> str:
        """What the frame calls it."""
        return _WORDS[self]

    @property
    def next(self) -> TimeStyle:
        """The style that the key shows after this one."""
        styles = list(TimeStyle)
        return styles[(styles.index(self) + 1) % len(styles)]


_WORDS = {
    TimeStyle.LOCAL: "local time",
    TimeStyle.UTC: "UTC",
    TimeStyle.RELATIVE: "time ago",
    TimeStyle.DELTA: "time since the line before",
}


def times_of(name: str) -> TimeStyle:
    """The style of that name, local time for one that is none."""
    return next((style for style in TimeStyle if style.value == name), TimeStyle.LOCAL)


def stamp_columns(width: int, style: TimeStyle = TimeStyle.UTC) -> int:
    """How much of a time fits beside the message: with milliseconds, without, or nothing."""
    if width < 36:
        return 0
    if style in (TimeStyle.RELATIVE, TimeStyle.DELTA):
        return 10
    return 12 if width >= 60 else 8


def stamp(timestamp_ms: int, style: TimeStyle, *, now_ms: int = 0, before_ms: int | None = None) -> str:
    """The time in that style; `before_ms` is the time of the line before, None when there is none."""
    if style is TimeStyle.RELATIVE:
        return f"{ago(now_ms - timestamp_ms):>10}"
    if style is TimeStyle.DELTA:
        return f"{'' if before_ms is None else since(timestamp_ms - before_ms):>10}"
    return time_of_day(timestamp_ms, utc=style is TimeStyle.UTC)


def time_of_day(timestamp_ms: int, *, utc: bool) -> str:
    """ "14:02:11.023", in UTC or in the zone of this machine."""
    minutes, second = divmod(_shown_seconds(timestamp_ms, utc=utc) % 86400, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{timestamp_ms % 1000:03}"


def day_of(timestamp_ms: int, *, utc: bool) -> int:
    """The day, counted since 1970, in UTC or in the zone of this machine."""
    return _shown_seconds(timestamp_ms, utc=utc) // 86400


def date_of(day: int, today: int) -> str:
    """ "14 Nov", or "2025-11-14" in another year than `today`'s; "" for what no calendar has."""
    try:
        shown, this_year = _EPOCH + timedelta(days=day), (_EPOCH + timedelta(days=today)).year
    except OverflowError:
        return ""
    return f"{shown.day:2} {_MONTHS[shown.month - 1]}" if shown.year == this_year else shown.isoformat()


def dated(time: str, date: str, columns: int) -> str:
    """The date, and as much of the time as fits beside it without being cut in the middle: "14 Nov 14:02"."""
    for size in (8, 5):
        if time and len(date) + 1 + size <= columns:
            return f"{date} {time[:size]}"
    return date[-columns:]


def moment(timestamp_ms: int, now_ms: int, *, utc: bool) -> str:
    """ "14:02:11", and before it the date unless that is today's: "14 Nov 14:02:11"."""
    day, today = day_of(timestamp_ms, utc=utc), day_of(now_ms, utc=utc)
    words = time_of_day(timestamp_ms, utc=utc)[:8]
    return f"{date_of(day, today)} {words}".lstrip() if day != today else words


def _shown_seconds(timestamp_ms: int, *, utc: bool) -> int:
    """Seconds since 1970 by the clock on the wall."""
    seconds = timestamp_ms // 1000
    if utc:
        return seconds
    try:
        offset = datetime.fromtimestamp(seconds, tz=UTC).astimezone().utcoffset()
    except (OverflowError, OSError, ValueError):
        offset = None
    return seconds + (int(offset.total_seconds()) if offset is not None else 0)


def ago(elapsed_ms: int) -> str:
    """ "12 s ago", "3 min ago", "5 h ago", "2 d ago"; "now" for less than a second and for clocks that differ."""
    seconds = elapsed_ms // 1000
    if seconds < 1:
        return "now"
    for limit, unit, word in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // unit} {word} ago"
    return f"{min(seconds // 86400, 9999)} d ago"


def since(milliseconds: int) -> str:
    """ "+0.012 s", "+12.3 s", "+3 min", "+27 h", "+5 d 23 h"."""
    sign, milliseconds = ("-" if milliseconds < 0 else "+"), abs(milliseconds)
    if milliseconds < 10_000:
        return f"{sign}{milliseconds / 1000:.3f} s"
    if milliseconds < 100_000:
        return f"{sign}{milliseconds / 1000:.1f} s"
    minutes = milliseconds // 60_000
    if minutes < 100:
        return f"{sign}{minutes} min"
    hours = minutes // 60
    if hours < 100:
        return f"{sign}{hours} h"
    return f"{sign}{hours // 24} d {hours % 24} h" if hours < 2_400 else f"{sign}{min(hours // 24, 9999)} d"
