"""`lambdatui invoke`: send one event, print the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import click

from lambdatui.cli.command import headless
from lambdatui.cli.completing import EventName, FunctionName
from lambdatui.cli.event_choice import ChosenEvent, check_payload, choose_event
from lambdatui.cli.exits import Exit, TimedOutWaiting
from lambdatui.cli.live_log import LATE_S, LiveLog, live_log
from lambdatui.cli.session import Session, Workplace, refuse_if_read_only
from lambdatui.cli.shapes import accepted_record, completed_record, permitted_record, progress_record
from lambdatui.cli.summary import failure_lines, headline, progress
from lambdatui.core.errors import MayHaveRun
from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import (
    Accepted,
    Answer,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    OutOfSight,
    Permitted,
    outcome_of,
)
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES
from lambdatui.core.target import TargetKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of this invocation. Waiting ends at `until_s` of the loop's clock, None for never."""

    request: InvocationRequest
    event: ChosenEvent
    logs: bool
    wait: bool
    until_s: float | None


@headless(
    "invoke",
    short_help="Invoke a function; its answer goes to stdout.",
    examples=(
        "lambdatui invoke resize -e put --logs",
        "lambdatui invoke resize -e ./event.json | jq .body",
        "echo '{\"id\": 7}' | lambdatui invoke resize -e -",
        "lambdatui invoke resize -e s3/put --async --no-wait",
        "lambdatui invoke resize --json --timeout 5",
        "lambdatui invoke resize --profile prod --qualifier live --logs",
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
@click.option("--stream", "streamed", is_flag=True, help="Write the answer as it comes, chunk by chunk.")
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
@click.option("--qualifier", metavar="Q", default="$LATEST", help="A version or an alias. On AWS.")
@click.option("--client-context", metavar="JSON", default="", help="The client context, a JSON object.")
@click.option("--tenant-id", metavar="ID", default="", help="The tenant, where the function isolates them. On AWS.")
@click.option("--durable-name", metavar="NAME", default="", help="The durable execution's name. On AWS.")
@click.option("--send-anyway", is_flag=True, help="Send an event larger than Lambda takes: AWS is the judge.")
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
    streamed: bool,
    send_anyway: bool,
    qualifier: str,
    client_context: str,
    tenant_id: str,
    durable_name: str,
) -> int:
    """Invoke FN and print its answer alone on stdout, exactly as it came. What it took goes to stderr.

    An answer that is the function's error is printed too, and the exit code is 1. With --json one object; with
    --async --json an object a line, one for each step of the event.

    Locally an event accepted with --no-wait stays in the project's queue; what has not run when this command ends runs
    the next time the project is open. On AWS the service runs it; its attempts and their outcomes are read from the
    function's log. Where that can't be read this is said, and the exit code is that of an accepted event.
    """
    kind = _kind_of(asynchronous=asynchronous, dry_run=dry_run, streamed=streamed)
    async with session.open() as workplace, session.naming(workplace.backend, function):
        if not dry_run:
            refuse_if_read_only(workplace.services, "nothing is invoked")
        chosen = await choose_event(workplace.services.events, function, event)
        on_aws = workplace.services.target.kind is TargetKind.AWS
        if warning := check_payload(chosen, kind, over_limit=send_anyway and on_aws):
            session.output.say(f"warning: {warning} It is sent anyway.", "warning")
        request = InvocationRequest(
            function,
            chosen.payload,
            kind,
            qualifier,
            client_context,
            tenant_id,
            durable_name,
            over_limit=send_anyway and on_aws,
            streamed=streamed,
        )
        until_s = None if timeout_s is None else asyncio.get_running_loop().time() + timeout_s
        wish = Wish(request, chosen, logs, wait, until_s)
        try:
            return await _invoke(session, workplace, wish)
        except TimeoutError:
            detail = "It may have run in part."
            if not workplace.backend.invoker.cancelling_ends_it:
                detail = "The function keeps running to its end on AWS, and is billed."
            if asynchronous:
                detail = "The event stays in the queue."
            raise TimedOutWaiting(f"No answer from {function} within {timeout_s:g} s", detail) from None


def _kind_of(*, asynchronous: bool, dry_run: bool, streamed: bool) -> InvocationType:
    ways = {"--async": asynchronous, "--dry-run": dry_run, "--stream": streamed}
    given = [flag for flag, is_given in ways.items() if is_given]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} are two ways to invoke: give one of them.")
    if asynchronous:
        return InvocationType.EVENT
    return InvocationType.DRY_RUN if dry_run else InvocationType.REQUEST_RESPONSE


async def _invoke(session: Session, workplace: Workplace, wish: Wish) -> int:
    function = wish.request.function_name
    async with _log(session, workplace, wish) as log:
        sent = not (
            workplace.backend.invoker.cancelling_ends_it or wish.request.invocation_type is InvocationType.DRY_RUN
        )
        with session.sending("it was sent: AWS runs it to its end, and bills it", lambda: sent):
            async with asyncio.timeout_at(wish.until_s):
                answer = await _answer(session, workplace, wish)
        match answer:
            case Completed() as completed:
                return await _conclude(session, workplace, wish, completed, log)
            case Permitted() as permitted:
                if session.output.json:
                    session.output.record(permitted_record(function, permitted))
                session.output.say(f"allowed: {function} could be invoked; nothing ran", "good")
                return Exit.OK
            case Accepted() as accepted:
                async with asyncio.timeout_at(wish.until_s):
                    return await _queued(session, workplace, wish, accepted, log)


async def _answer(session: Session, workplace: Workplace, wish: Wish) -> Answer:
    """The answer; a streamed one is on stdout when this returns."""
    invoker = workplace.backend.invoker
    if not wish.request.streamed:
        return await invoker.invoke(wish.request)
    async with aclosing(invoker.stream(wish.request)) as parts:  # type: ignore[type-var]  # every stream is a generator
        async for part in parts:
            if isinstance(part, Completed):
                if not session.output.json:
                    session.output.end_of_stream()
                return part
            if not session.output.json:
                session.output.chunk(part.payload)
    raise MayHaveRun("The stream ended without an end", hint="Look at the logs first.")


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
                if log is not None and completed is not None:
                    await _end_log(session, wish, completed, log, attempts)
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


async def _conclude(
    session: Session, workplace: Workplace, wish: Wish, completed: Completed, log: LiveLog | None = None
) -> int:
    """Everything about an invocation that ran: its log, its answer, its figures, its row in the history."""
    await workplace.services.history.add(_row(wish, completed))
    cost = workplace.cost_usd(wish.request.function_name, completed)
    if log is not None and not log.is_late:
        await _end_log(session, wish, completed, log)
    if session.output.json and wish.request.invocation_type is InvocationType.REQUEST_RESPONSE:
        session.output.record(completed_record(wish.request.function_name, completed, cost))
    elif not session.output.json and not wish.request.streamed:
        session.output.payload(completed.payload)
    if log is not None and log.is_late:
        await _end_log(session, wish, completed, log)
    session.output.say(headline(completed, cost), "bad" if completed.function_error else "good")
    for line in failure_lines(completed):
        session.output.say(f"  {line}")
    return Exit.FAILED if completed.function_error else Exit.OK


async def _end_log(session: Session, wish: Wish, completed: Completed, log: LiveLog, attempts: int = 1) -> None:
    most_s = None if wish.until_s is None else max(wish.until_s - asyncio.get_running_loop().time(), 0.0)
    if not await log.finish(completed.request_id, completed.log_tail, attempts, most_s) and log.is_late:
        name, request_id = wish.request.function_name, completed.request_id
        tail = f"`lambdatui tail {name} --request-id {request_id}`"
        session.output.say(f"the rest of the log has not arrived: {tail} shows it later", "warning")


def _row(wish: Wish, completed: Completed) -> HistoryRow:
    return HistoryRow(
        at=completed.started_at,
        function_name=wish.request.function_name,
        invocation_type=wish.request.invocation_type,
        request_id=completed.request_id,
        event_name=wish.event.name,
        payload=wish.request.payload,
        outcome=outcome_of(completed).value,
        answer=completed.payload[:SYNC_PAYLOAD_BYTES],
        report=completed.report,
        elapsed_ms=completed.elapsed_ms,
    )


@asynccontextmanager
async def _log(session: Session, workplace: Workplace, wish: Wish) -> AsyncIterator[LiveLog | None]:
    if not wish.logs or wish.request.invocation_type is InvocationType.DRY_RUN:
        yield None
        return
    since_ms = round(workplace.services.clock().timestamp() * 1000)
    late_s = None if workplace.backend.invocation_logs is None else LATE_S
    name, masked = wish.request.function_name, workplace.services.settings.logs.mask_secrets
    async with live_log(workplace.backend.logs, name, since_ms, session.output, late_s, masked=masked) as live:
        yield live
