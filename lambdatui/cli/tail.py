"""`lambdatui tail`: the logs of functions, line by line or invocation by invocation."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import FunctionName
from lambdatui.cli.exits import Exit
from lambdatui.cli.first_look import FirstLook
from lambdatui.cli.growing_tail import GrowthUpdate, growing_tail
from lambdatui.cli.log_choice import LogChoice, meant_by
from lambdatui.cli.log_rows import InvocationRows
from lambdatui.cli.named import functions_named, globs_in
from lambdatui.cli.newcomers import NewcomerWatch
from lambdatui.cli.reader import while_somebody_reads
from lambdatui.cli.session import Session, Workplace
from lambdatui.cli.tail_states import ToldStates
from lambdatui.cli.tail_writers import EventWriter, Look, RowWriter, Writer
from lambdatui.cli.times import span_ms
from lambdatui.core.logs import Following, LogBatch, TailQuery, TailState
from lambdatui.core.tail_pace import LISTED_HERE, LISTED_ON_AWS
from lambdatui.core.target import TargetKind

_GARBAGE = 100_000
"""Events come by the ten thousand and have no cycles: looking for those every 700 objects takes a fifth of the time."""


@headless(
    "tail",
    short_help="Follow the logs of functions.",
    examples=(
        "lambdatui tail resize",
        "lambdatui tail 'order-*' --since 10m --grep 'timeout|refused'",
        "lambdatui tail resize --errors --since 1d --no-follow",
        "lambdatui tail resize --invocations --since 1h",
        "lambdatui tail resize --request-id 8f1f6a52 --since 1h --no-follow",
        "lambdatui tail resize --since 2026-11-23T14:00:00Z --until 2026-11-23T15:00:00Z --json | jq .message",
    ),
)
@click.argument("functions", metavar="FN...", nargs=-1, required=True, type=FunctionName())
@click.option("--since", metavar="WHEN", help="Begin at 30s, 10m, 1h30m or 2d ago, at 14:02, at an ISO 8601 time.")
@click.option("--until", metavar="WHEN", help="End there, some ten seconds later for what comes late. Times as above.")
@click.option(
    "-n",
    "--newest",
    default=1000,
    show_default=True,
    type=click.IntRange(min=0),
    help="Without --since: begin with this many events.",
)
@click.option(
    "--filter",
    "pattern",
    metavar="PATTERN",
    default="",
    help='Only events that match a CloudWatch filter pattern: TERM, -TERM, ?A ?B, "a b", %RE%, { $.x = 1 }. The '
    "service filters.",
)
@click.option(
    "--grep", metavar="RE", help="Only events in which the regular expression is found; in colour it stands out."
)
@click.option("--invert", is_flag=True, help="Only events in which --grep is not found.")
@click.option("--errors", is_flag=True, help="Only events at level ERROR or above; only invocations that failed.")
@click.option(
    "--request-id",
    metavar="ID",
    help="Only the lines of one invocation: its id, or 8 characters or more of its beginning.",
)
@click.option("--invocations", is_flag=True, help="One row an invocation, when it has ended, instead of its lines.")
@click.option("--follow/--no-follow", default=True, help="Wait for new events (the default), or end with the last one.")
@click.option(
    "--live",
    is_flag=True,
    help="On AWS: news within a second by Live Tail, about $0.01 a minute; polling fills what it leaves out.",
)
@click.option(
    "--mask/--no-mask",
    default=None,
    help="Cover what looks like a key, token or password; by default as logs.mask_secrets says.",
)
@click.option("--utc", is_flag=True, help="Show times in UTC; by default in your time zone.")
async def command(  # noqa: PLR0917  # click passes them by name
    session: Session,
    functions: tuple[str, ...],
    since: str | None,
    until: str | None,
    newest: int,
    pattern: str,
    grep: str | None,
    request_id: str | None,
    *,
    invert: bool,
    errors: bool,
    invocations: bool,
    follow: bool,
    live: bool,
    mask: bool | None,
    utc: bool,
) -> int:
    """Print the log events of each FN as they come: time, function (when there are several), message.

    FN may be a glob ("order-*"). While it is followed the list is read again every minute or two: functions that
    were made meanwhile join, and one that is deleted ends nothing. A time without a zone is in your own; 14:02 is the
    last one there was, as --until the first one after --since. Lines that belong to one event are indented under the
    first. With --json an object an event: eventId, timestamp, ingestionTime (milliseconds), logStreamName, message as
    it was logged, function. Each event comes once; one that --live brought first has an eventId of our own, "live-7".

    A tail waits through throttling, cut connections and a group that does not exist yet, and says so on stderr. A
    function whose log may not be read is named there, and asked for again now and then; a tail that ends without it
    ends with exit code 3.
    """
    gc.set_threshold(_GARBAGE)
    if invocations and (grep is not None or pattern):
        raise click.UsageError("--invocations needs every line: --filter and --grep leave some out.")
    choice = LogChoice(grep=grep, invert=invert, errors=errors, request_id=request_id)
    async with session.open() as workplace, session.naming(workplace.backend, *functions):
        now, settings = workplace.services.clock(), workplace.services.settings
        since_ms, until_ms = span_ms(since, until, now)
        is_past = until_ms is not None and until_ms <= now.timestamp() * 1000
        query = TailQuery(
            await functions_named(workplace.backend.catalogue, functions),
            since_ms=since_ms,
            until_ms=until_ms,
            newest=newest,
            follow=follow and not is_past,
            filter_pattern=pattern,
            live=live,
        )
        look = Look(
            utc=utc or settings.time_display == "utc",
            masked=settings.logs.mask_secrets if mask is None else mask,
            several=len(query.function_names) > 1 or bool(globs_in(functions)),
        )
        writer: Writer
        if invocations:
            rows = InvocationRows(errors, None if request_id is None else meant_by(request_id))
            cost_of, wall_ms = workplace.cost_of(), partial(_wall_ms, workplace)
            writer = RowWriter(session.output, rows, look, cost_of, follow=query.follow, wall_ms=wall_ms)
        else:
            writer = EventWriter(session.output, query, choice, look)
        first = FirstLook(session.output, newest, look.utc, over=since is not None or not choice.leaves_out)
        updates = _updates(workplace, query, functions)
        states = ToldStates(session.output, follow=query.follow, details=live)
        await _print(updates, query, writer, states, first)
        first.count((), writer.end())
        first.end()
    return Exit.UNREACHABLE if states.incomplete else Exit.OK


async def _print(
    tail: AsyncGenerator[GrowthUpdate, None],
    query: TailQuery,
    writer: Writer,
    states: ToldStates,
    first: FirstLook,
) -> None:
    # Of the millisecond in which the newest events begin the source gives all; here they are counted.
    counted = query.since_ms is None
    async with while_somebody_reads(), aclosing(tail) as updates:
        async for update in updates:
            match update:
                case LogBatch(events):
                    events = events[-query.newest :] if counted else events
                    first.count(events, writer.extend(events))
                    counted = False
                case TailState(following=following):
                    counted = counted and following in (Following.CONNECTING, Following.CATCHING_UP)
                    if following in (Following.FOLLOWING, Following.WAITING_FOR_GROUP):
                        first.end()
                    states.tell(update)
                case _:
                    states.tell_growth(update)


def _updates(workplace: Workplace, query: TailQuery, words: Sequence[str]) -> AsyncGenerator[GrowthUpdate, None]:
    """Without a glob, or when nobody follows, no function is new."""
    backend = workplace.backend
    if not query.follow or not globs_in(words):
        return backend.logs.tail(query)  # type: ignore[return-value]  # a generator
    pace = LISTED_ON_AWS if backend.target.kind is TargetKind.AWS else LISTED_HERE
    watch = NewcomerWatch(backend.catalogue, words, query.function_names, pace, partial(_wall_ms, workplace))
    return growing_tail(backend.logs, query, watch)


def _wall_ms(workplace: Workplace) -> int:
    return round(workplace.services.clock().timestamp() * 1000)
