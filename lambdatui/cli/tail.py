"""`lambdatui tail`: the logs of functions, line by line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.output import Output
from lambdatui.cli.reader import while_somebody_reads
from lambdatui.cli.session import Session
from lambdatui.cli.shapes import log_record
from lambdatui.cli.times import milliseconds_of, show_time
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState
from lambdatui.core.text import clean

Wanted = Callable[[LogEvent], bool]


@headless(
    "tail",
    short_help="Follow the logs of functions.",
    examples=(
        "lambdatui tail resize",
        "lambdatui tail resize order-created --since 10m --grep 'ERROR|WARN'",
        "lambdatui tail resize --since 2026-11-23T14:00:00Z --until 2026-11-23T15:00:00Z --json | jq .message",
        "lambdatui tail resize --since 1h --no-follow --filter timeout --utc",
    ),
)
@click.argument("functions", metavar="FN...", nargs=-1, required=True, type=FunctionName())
@click.option("--since", metavar="WHEN", help="Begin at 30s, 10m, 2h or 1d ago, or at an ISO 8601 time.")
@click.option("--until", metavar="WHEN", help="End there; times as for --since.")
@click.option(
    "-n",
    "--newest",
    default=1000,
    show_default=True,
    type=click.IntRange(min=0),
    help="Without --since: begin with this many events.",
)
@click.option("--filter", "text", metavar="TEXT", help="Only events that contain TEXT, in this case.")
@click.option("--grep", "pattern", metavar="RE", help="Only events in which the regular expression is found.")
@click.option("--invert", is_flag=True, help="Only events that --filter and --grep would leave out.")
@click.option("--follow/--no-follow", default=True, help="Wait for new events (the default), or end with the last one.")
@click.option("--utc", is_flag=True, help="Times in UTC; by default in your time zone.")
async def command(  # noqa: PLR0917  # click passes them by name
    session: Session,
    functions: tuple[str, ...],
    since: str | None,
    until: str | None,
    newest: int,
    text: str | None,
    pattern: str | None,
    *,
    invert: bool,
    follow: bool,
    utc: bool,
) -> int:
    """Print the log events of each FN as they come: time, function (when there are several), message.

    Lines that belong to one event are indented under the first. With --json an object an event, the message as
    it was logged. A tail waits through throttling, cut connections and a group that does not exist yet.
    """
    wanted = _wanted(text, pattern, invert=invert)
    async with session.open() as workplace, session.naming(workplace.backend, *functions):
        now = workplace.services.clock()
        until_ms = None if until is None else milliseconds_of(until, now)
        left_s = None if until_ms is None else until_ms / 1000 - now.timestamp()
        query = TailQuery(
            tuple(dict.fromkeys(functions)),
            since_ms=None if since is None else milliseconds_of(since, now),
            until_ms=until_ms,
            newest=newest,
            follow=follow and (left_s is None or left_s > 0),
        )
        utc = utc or workplace.services.settings.time_display == "utc"
        lines = Lines(session.output, several=len(query.function_names) > 1, utc=utc)
        try:
            async with (
                while_somebody_reads(),
                asyncio.timeout(left_s if query.follow else None),
                aclosing(workplace.backend.logs.tail(query)) as updates,  # type: ignore[type-var]  # a generator
            ):
                async for update in updates:
                    match update:
                        case LogBatch(events):
                            lines.extend([event for event in events if wanted(event)])
                        case TailState():
                            lines.tell(update)
        except TimeoutError:
            return Exit.OK
    return Exit.OK


@dataclass(slots=True)
class Lines:
    """Writes events to stdout, one write a batch, and what becomes of the tail to stderr."""

    output: Output
    several: bool
    utc: bool
    following: Following = Following.FOLLOWING

    def extend(self, events: Sequence[LogEvent]) -> None:
        """Write `events`."""
        if not events:
            return
        if self.output.json:
            for event in events:
                self.output.record(log_record(event))
        else:
            self.output.line("\n".join(self._line(event) for event in events))

    def tell(self, state: TailState) -> None:
        """Say what the tail does now, if that is news a reader can use."""
        if state.following in (self.following, Following.CONNECTING, Following.CATCHING_UP):
            return
        self.following = state.following
        self.output.say(" · ".join(part for part in (state.following.value, state.detail) if part), "dim")

    def _line(self, event: LogEvent) -> str:
        prefix = show_time(event.timestamp_ms, utc=self.utc)
        if self.several:
            prefix += f" {clean(event.function_name)}"
        first, *others = clean(event.message).rstrip("\n").split("\n")
        return "\n".join([f"{self.output.data_tone(prefix, 'dim')} {first}", *(f"    {other}" for other in others)])


def _wanted(text: str | None, pattern: str | None, *, invert: bool) -> Wanted:
    if text is None and pattern is None:
        if invert:
            raise click.UsageError("--invert needs --filter or --grep.")
        return lambda _event: True
    try:
        found = re.compile(pattern or "").search
    except re.error as error:
        raise click.BadParameter(f"not a regular expression: {error}", param_hint="--grep") from None
    needle = text or ""
    return lambda event: (needle in event.message and found(event.message) is not None) is not invert
