"""`lambdatui invoke`: send one event, print the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import EventName, FunctionName
from lambdatui.cli.event_choice import ChosenEvent, check_payload, choose_event
from lambdatui.cli.exits import Exit, TimedOutWaiting
from lambdatui.cli.live_log import LiveLog, live_log
from lambdatui.cli.session import Session, Workplace, refuse_if_read_only
from lambdatui.cli.shapes import accepted_record, completed_record, permitted_record, progress_record
from lambdatui.cli.summary import failure_lines, headline, progress
from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import (
    Accepted,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    OutOfSight,
    Permitted,
    outcome_of,
)
from lambdatui.core.target import TargetKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of this invocation. `timeout_s` None waits as long as it takes."""

    request: InvocationRequest
    event: ChosenEvent
    logs: bool
    wait: bool
    timeout_s: float | None


@headless(
    "invoke",
    short_help="Invoke a function; its answer goes to stdout.",
    examples=(
        "lambdatui invoke resize -e put --logs",
        "lambdatui invoke resize -e ./event.json | jq .body",
        "echo '{\"id\": 7}' | lambdatui invoke resize -e -",
        "lambdatui invoke resize -e s3/put --async --no-wait",
        "lambdatui invoke resize --json --timeout 5",
    ),
)
@click.argument("function", metavar="FN", type=FunctionName())
@click.option(
    "-e",
    "--event",
    metavar="FILE|NAME|-",
    type=EventName(files=True),
    help="A saved event, a sample (s3/put), a file, or - for stdin. Without it the event is {}.",
)
@click.option("--async", "asynchronous", is_flag=True, help="Queue the event; it is retried when the function fails.")
@click.option("--dry-run", is_flag=True, help="Ask whether it would be allowed; nothing runs.")
@click.option("--logs", is_flag=True, help="Print the invocation's log lines on stderr as they come.")
@click.option(
    "--wait/--no-wait",
    default=True,
    help="With --async: wait until the event is delivered or discarded (the default), or only until it is accepted.",
)
@click.option(
    "--timeout", "timeout_s", metavar="S", type=click.FloatRange(min=0, min_open=True), help="Wait no longer."
)
async def command(
    session: Session,
    function: str,
    event: str | None,
    timeout_s: float | None,
    *,
    asynchronous: bool,
    dry_run: bool,
    logs: bool,
    wait: bool,
) -> int:
    """Invoke FN and print its answer alone on stdout, exactly as it came. What it took goes to stderr.

    An answer that is the function's error is printed too, and the exit code is 1. With --json one object; with
    --async --json an object a line, one for each step of the event.

    Locally an event accepted with --no-wait stays in the project's queue; what has not run when this command ends runs
    the next time the project is open. On AWS the service runs it; its attempts and their outcomes are read from the
    function's log. Where that can't be read this is said, and the exit code is that of an accepted event.
    """
    if asynchronous and dry_run:
        raise click.UsageError("--async and --dry-run are two ways to invoke: give one of them.")
    kind = InvocationType.EVENT if asynchronous else InvocationType.REQUEST_RESPONSE
    kind = InvocationType.DRY_RUN if dry_run else kind
    async with session.open() as workplace, session.naming(workplace.backend, function):
        if not dry_run:
            refuse_if_read_only(workplace.services, "nothing is invoked")
        chosen = await choose_event(workplace.services.events, function, event)
        check_payload(chosen, kind)
        wish = Wish(InvocationRequest(function, chosen.payload, kind), chosen, logs, wait, timeout_s)
        try:
            async with asyncio.timeout(timeout_s):
                return await _invoke(session, workplace, wish)
        except TimeoutError:
            detail = "It may have run in part."
            if not workplace.backend.invoker.cancelling_ends_it:
                detail = "The function goes on to its end on AWS, and is billed."
            if asynchronous:
                detail = "The event stays in the queue."
            raise TimedOutWaiting(f"No answer from {function} within {timeout_s:g} s", detail) from None


async def _invoke(session: Session, workplace: Workplace, wish: Wish) -> int:
    function = wish.request.function_name
    async with _log(session, workplace, wish) as log:
        match await workplace.backend.invoker.invoke(wish.request):
            case Completed() as completed:
                if log is not None:
                    await log.finish(completed.request_id, completed.log_tail)
                if session.output.json:
                    session.output.record(
                        completed_record(function, completed, workplace.cost_usd(function, completed))
                    )
                return await _conclude(session, workplace, wish, completed)
            case Permitted() as permitted:
                if session.output.json:
                    session.output.record(permitted_record(function, permitted))
                session.output.say(f"allowed: {function} could be invoked; nothing ran", "good")
                return Exit.OK
            case Accepted() as accepted:
                return await _queued(session, workplace, wish, accepted, log)


async def _queued(session: Session, workplace: Workplace, wish: Wish, accepted: Accepted, log: LiveLog | None) -> int:
    function = wish.request.function_name
    if session.output.json:
        session.output.record(accepted_record(function, accepted))
    session.output.say(f"accepted · request id {accepted.request_id}")
    if not wish.wait:
        on_aws = workplace.services.target.kind is TargetKind.AWS
        locally = "it is in the queue: what has not run by now runs when the project is open next"
        session.output.say(f"AWS runs it; `lambdatui tail {function}` shows its log" if on_aws else locally, "dim")
        return Exit.OK
    if log is not None:
        log.know(accepted.request_id)
    async for state in workplace.backend.invoker.follow(accepted.request_id):
        if session.output.json:
            last = state.completed if isinstance(state, Delivered | Discarded) else None
            session.output.record(progress_record(function, state, workplace.cost_usd(function, last)))
        match state:
            case Delivered(completed=completed, attempt=attempts) | Discarded(completed=completed, attempts=attempts):
                if log is not None:
                    await log.finish(accepted.request_id, completed.log_tail if completed else "", attempts)
                session.output.say(progress(state), "good" if isinstance(state, Delivered) else "bad")
                if completed is not None:
                    await _conclude(session, workplace, wish, completed)
                return Exit.OK if isinstance(state, Delivered) else Exit.FAILED
            case _:
                out_of_sight = isinstance(state, OutOfSight)
                session.output.say(progress(state), "warning" if out_of_sight else "dim")
                if out_of_sight:
                    return Exit.OK
    raise TimedOutWaiting(f"What became of {accepted.request_id} is not known", "The target stopped telling.")


async def _conclude(session: Session, workplace: Workplace, wish: Wish, completed: Completed) -> int:
    await workplace.services.history.add(_row(wish, completed))
    if not session.output.json:
        session.output.payload(completed.payload)
    cost = workplace.cost_usd(wish.request.function_name, completed)
    session.output.say(headline(completed, cost), "bad" if completed.function_error else "good")
    for line in failure_lines(completed):
        session.output.say(f"  {line}")
    return Exit.FAILED if completed.function_error else Exit.OK


def _row(wish: Wish, completed: Completed) -> HistoryRow:
    return HistoryRow(
        at=completed.started_at,
        function_name=wish.request.function_name,
        invocation_type=wish.request.invocation_type,
        request_id=completed.request_id,
        event_name=wish.event.name,
        payload=wish.request.payload,
        outcome=outcome_of(completed).value,
        answer=completed.payload,
        report=completed.report,
        elapsed_ms=completed.elapsed_ms,
    )


@asynccontextmanager
async def _log(session: Session, workplace: Workplace, wish: Wish) -> AsyncIterator[LiveLog | None]:
    if not wish.logs or wish.request.invocation_type is InvocationType.DRY_RUN:
        yield None
        return
    since_ms = round(workplace.services.clock().timestamp() * 1000)
    async with live_log(workplace.backend.logs, wish.request.function_name, since_ms, session.output) as live:
        yield live
