"""The time of a log line as it is shown: of the day, since now, or since the line before."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum


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
    seconds, milliseconds = divmod(timestamp_ms, 1000)
    if not utc:
        try:
            offset = datetime.fromtimestamp(seconds, tz=UTC).astimezone().utcoffset()
        except (OverflowError, OSError, ValueError):
            offset = None
        seconds += int(offset.total_seconds()) if offset is not None else 0
    minutes, second = divmod(seconds % 86400, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{milliseconds:03}"


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
    """ "+0.012 s", "+12.3 s", "+3 min 5 s", "+5 h 2 min"."""
    sign, milliseconds = ("-" if milliseconds < 0 else "+"), abs(milliseconds)
    if milliseconds < 10_000:
        return f"{sign}{milliseconds / 1000:.3f} s"
    if milliseconds < 100_000:
        return f"{sign}{milliseconds / 1000:.1f} s"
    minutes = milliseconds // 60_000
    if minutes < 100:
        return f"{sign}{minutes} min"
    return f"{sign}{minutes // 60} h" if minutes < 6_000 else f"{sign}{min(minutes // 1440, 9999)} d"
