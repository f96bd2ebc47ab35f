"""Points in time as options name them and as log lines show them."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lambdatui.core.moments import moment_ms

_DAY_MS = 86_400_000


def span_ms(since: str | None, until: str | None, now: datetime) -> tuple[int | None, int | None]:
    """The bounds that --since and --until name, see `moment_ms`; None for one that was not given.

    A time of day as the end is the first one after a beginning of these 24 hours, else that of today.
    Raises:
        InvalidInput: one of them names no moment.
        click.UsageError: the end is before the beginning.
    """
    begin_ms = None if since is None else moment_ms(since, now)
    if until is None:
        return begin_ms, None
    today_ms = moment_ms("00:00", now)
    of_late = begin_ms is not None and begin_ms > now.timestamp() * 1000 - _DAY_MS
    end_ms = moment_ms(until, now, after_ms=begin_ms if of_late else today_ms)
    if begin_ms is not None and end_ms < begin_ms:
        raise click.UsageError("--until is before --since: nothing lies between them.")
    return begin_ms, end_ms


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
