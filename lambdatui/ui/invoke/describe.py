"""What a state of the Result pane reads like: a headline for the frame, a body for the view. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from textual.content import Content

from lambdatui.core.cost import cost_usd, format_usd
from lambdatui.core.errors import MayHaveRun, WorkbenchError
from lambdatui.core.events import payload_limit_bytes
from lambdatui.core.invocation import (
    AsyncState,
    Attempting,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    Outcome,
    OutOfSight,
    Queued,
    Waiting,
    failure_in,
    outcome_of,
)
from lambdatui.core.limits import Prices
from lambdatui.core.report import Report
from lambdatui.ui.events.status import size_text
from lambdatui.ui.invoke.body import Body, Kind, Line, failure_body, json_body, text_body, with_log
from lambdatui.ui.invoke.state import Abandoned, Allowed, Failed, Finished, Following, Idle, InvocationState, Running

_DEFAULT_PRICES = Prices()
_STREAM_CHARACTERS = 64 * 1024
_TONES = {
    Outcome.SUCCEEDED: "$success",
    Outcome.FUNCTION_ERROR: "$error",
    Outcome.TIMED_OUT: "$error",
    Outcome.OUT_OF_MEMORY: "$error",
    Outcome.EXITED: "$error",
    Outcome.INIT_FAILED: "$error",
}


@dataclass(frozen=True, slots=True)
class Description:
    """`headline` goes into the frame's upper edge, `subtitle` into its lower one."""

    headline: Content
    body: Body
    subtitle: str = ""


def headline(state: InvocationState, now_s: float, width: int = 200) -> Content:
    """The frame's upper text in `width` cells; `now_s` is monotonic and counts a running invocation's seconds."""
    match state:
        case Idle():
            return Content("Result")
        case Running():
            return _running_headline(state, now_s)
        case Finished(request, completed):
            return completed_headline(completed, width, request.qualifier)
        case Allowed():
            return Content.assemble("Result ", (" dry run: allowed ", "bold $success"))
        case Failed(_, error):
            return Content.assemble("Result ", (f" {failed_word(error)} ", "bold $error"), f" {error.title}")
        case Abandoned(_, waited_s):
            return Content.assemble("Result ", (f" stopped after {waited_s:.1f} s ", "bold $warning"))
        case Following():
            return _async_headline(state, width)
        case _:
            assert_never(state)


def failed_word(error: WorkbenchError) -> str:
    """What the headline calls an invocation without an answer: only some errors mean that nothing ran."""
    return "may have run" if isinstance(error, MayHaveRun) else "not invoked"


def _running_headline(state: Running, now_s: float) -> Content:
    what = "dry run" if state.request.invocation_type is InvocationType.DRY_RUN else "running"
    what = "streaming" if state.request.streamed else what
    label = f" {what} {max(now_s - state.since_s, 0):.1f} s "
    came = f"{size_text(len(state.received))} so far" if state.received else ""
    return Content.assemble("Result ", (label, "bold $accent"), came)


def completed_headline(completed: Completed, width: int = 200, qualifier: str = "$LATEST") -> Content:
    """Status and figures of an invocation that ran: "200 ok · 12.4 ms · billed 13 ms · 61 of 512 MB · …".

    Asked for by alias or version, it begins with which version ran.
    """
    outcome = outcome_of(completed)
    status = f" {completed.status_code} ok " if outcome is Outcome.SUCCEEDED else f" {outcome.value} "
    which = _which(qualifier, completed.executed_version)
    room = width - len("Result ") - len(status) - len(which)
    if completed.report is None:
        figures = f"{completed.elapsed_ms:.1f} ms"
    else:
        # An environment whose INIT failed was neither cold nor warm.
        figures = report_figures(completed.report, room, tell_start=outcome is not Outcome.INIT_FAILED)
    return Content.assemble("Result ", (status, f"bold {_TONES[outcome]}"), which + figures)


def _which(qualifier: str, executed: str) -> str:
    """The alias or version that was asked for, and the version that ran."""
    if qualifier in ("", "$LATEST"):
        return ""
    return f"version {executed} · " if executed == qualifier else f"{qualifier} → {executed} · "


def report_figures(report: Report, width: int = 200, *, tell_start: bool = True) -> str:
    """The figures of a report in one line of `width` cells: duration and memory stay longest."""
    duration = f"{report.duration_ms:,.1f} ms"
    billed = f"billed {report.billed_ms:,}"
    memory = f"{report.max_memory_used_mb:,} of {report.memory_size_mb:,} MB"
    start = "warm" if report.init_ms is None else f"cold +{report.init_ms:,.0f} ms"
    starts = (start,) if tell_start else ()
    for parts in ((duration, billed, memory, *starts), (duration, memory, *starts), (duration, memory)):
        line = " · ".join(parts)
        if len(line) <= width:
            return line
    return duration


def describe_body(state: InvocationState, root: str = "") -> Body:
    """The body of a state; `root` is the project's folder. Takes long for a large answer: off the event loop then."""
    match state:
        case Idle():
            return text_body(
                [
                    ("No invocation yet.", "text"),
                    ("", "text"),
                    ("i  invoke the function with the event above", "muted"),
                    ("a  invoke it asynchronously: queued, retried, followed", "muted"),
                    ("e  edit the event first", "muted"),
                ],
                raw=" ",
            )
        case Running():
            return _running_body(state)
        case Finished(_, completed, _, log):
            if completed.function_error:
                body = failure_body(failure_in(completed), completed.payload, root)
            else:
                body = json_body(completed.payload)
            return body if log is None else with_log(replace(body, of=completed.request_id), log)
        case Allowed(request):
            return text_body([(f"Invoking {request.function_name} with this event is allowed. Nothing ran.", "ok")])
        case Failed(_, error, received):
            parts: list[tuple[str, Kind]] = [(error.title, "error")]
            parts += [("\n" + error.detail, "text")] if error.detail else []
            parts += [("\n" + error.hint, "ok")] if error.hint else []
            if received:
                parts += [(f"\nwhat came before that, {size_text(len(received))}", "muted")]
                parts += [(received[-_STREAM_CHARACTERS:].decode("utf-8", "replace"), "text")]
            return text_body(parts, raw=received.decode("utf-8", "replace"))
        case Abandoned(request, _, ended):
            after = (
                "Its local execution environment was ended; the next invocation is cold."
                if ended
                else "The function keeps running to its end on AWS, and is billed; its log shows below."
            )
            return text_body([(f"Stopped waiting for {request.function_name}.", "warning"), (after, "muted")])
        case Following():
            return _async_body(state, root)
        case _:
            assert_never(state)


def _running_body(state: Running) -> Body:
    stop = "x  stop waiting" if state.ends else "x  stop waiting: the function keeps running on AWS"
    if not state.received:
        return text_body(
            [(f"Waiting for {state.request.function_name} …", "text"), ("", "text"), (stop, "muted")], raw=" "
        )
    text = state.received[-_STREAM_CHARACTERS:].decode("utf-8", "replace")
    body = text_body([(text, "text"), ("", "text"), (stop, "muted")], raw=state.received.decode("utf-8", "replace"))
    return replace(body, reveal=len(body.lines) - 1, of=f"stream {state.since_s}")


def over_limit_question(request: InvocationRequest) -> str:
    """What is asked before an event is sent that is larger than its type takes."""
    limit = payload_limit_bytes(request.invocation_type)
    return (
        f"{len(request.payload):,} bytes; {request.invocation_type.value} takes {limit:,} as far as is known here.\n"
        "Send it anyway? AWS is the judge: it may refuse, and then nothing runs."
    )


def subtitle(state: InvocationState, prices: Prices = _DEFAULT_PRICES) -> str:
    """The frame's lower text: what it would cost at `prices`, version and request id."""
    match state:
        case Finished(_, completed, architecture):
            version = f"{completed.executed_version} · {completed.request_id}"
            if completed.report is None:
                return version
            return f"≈{format_usd(cost_usd(completed.report, architecture, prices))} on AWS · {version}"
        case Following(request_id):
            return f"async · {request_id}"
        case _:
            return ""


def _async_headline(state: Following, width: int) -> Content:
    if not state.steps:
        return Content.assemble("Result ", (" async: accepted ", "bold $accent"))
    match state.steps[-1][1]:
        case Queued():
            return Content.assemble("Result ", (" async: queued ", "bold $accent"))
        case Attempting(_, attempt, of):
            return Content.assemble("Result ", (f" async: attempt {attempt}{_of(of)} runs ", "bold $accent"))
        case Waiting(_, attempt, of, _, retry_in_s):
            text = f" async: attempt {attempt}{_of(of)} failed, retry in {retry_in_s:.0f} s "
            return Content.assemble("Result ", (text, "bold $warning"))
        case Delivered(_, attempt, completed):
            tries = f" async ok, attempt {attempt} "
            room = width - len("Result ") - len(tries)
            figures = report_figures(completed.report, room) if completed.report else ""
            return Content.assemble("Result ", (tries, "bold $success"), figures)
        case Discarded(_, attempts):
            return Content.assemble("Result ", (f" async failed after {_tries(attempts)} ", "bold $error"))
        case OutOfSight():
            return Content.assemble("Result ", (" async: accepted, out of sight ", "bold $warning"))


def _async_body(state: Following, root: str) -> Body:
    parts: list[tuple[str, Kind]] = [(f"Event {state.request_id}", "muted")]
    last: Completed | None = None
    for at, step in state.steps:
        for number, (text, kind) in enumerate(_told(step)):
            parts.append((f"{'' if number else at.strftime('%H:%M:%S'):8}  {text}", kind))
        if isinstance(step, Delivered | Discarded):
            last = step.completed
    timeline = replace(text_body(parts), reveal=len(parts) - 1, of=state.request_id)
    if last is None:
        return timeline
    if last.payload.strip():
        answer = failure_body(failure_in(last), last.payload, root) if last.function_error else json_body(last.payload)
    elif last.log_tail:
        # AWS keeps what an async attempt answers to itself; its log is what there is.
        answer = text_body([("log of the last attempt", "muted"), (last.log_tail.rstrip("\n"), "foreign")])
    else:
        return timeline
    return _joined(timeline, answer)


def _joined(first: Body, second: Body) -> Body:
    offset = len(first.lines) + 1
    moved = (replace(line, fold_end=line.fold_end + offset if line.fold_end >= 0 else -1) for line in second.lines)
    lines = (*first.lines, Line(""), *moved)
    return replace(first, lines=lines, folded=frozenset(index + offset for index in second.folded), raw=second.raw)


def _told(step: AsyncState) -> list[tuple[str, Kind]]:
    """One step of an event, in lines."""
    match step:
        case Queued():
            return [("queued", "text")]
        case Attempting(_, attempt, of):
            return [(f"attempt {attempt}{_of(of)} runs", "text")]
        case Waiting(_, attempt, _, error, retry_in_s):
            return [(f"attempt {attempt} failed: {error}", "error"), (f"the next in {_pause(retry_in_s)}", "muted")]
        case Delivered(_, attempt, _, destination, note):
            lines: list[tuple[str, Kind]] = [(f"attempt {attempt} succeeded", "ok")]
            lines += [(f"record sent to {destination}", "muted")] if destination else []
            return [*lines, *_noted(note)]
        case Discarded(_, attempts, condition, error, _, destination, note):
            why = f"discarded after {_tries(attempts)}: {condition}" if condition else "not tried again in time"
            sent = f"record sent to {destination}" if destination else "no failure destination: the event is gone"
            lines = [(f"{why}: {error}", "error")]
            lines += [(sent, "muted")] if destination or not note else []
            return [*lines, *_noted(note)]
        case OutOfSight(_, reason, hint, fate):
            told: list[tuple[str, Kind]] = [("accepted; what becomes of it can't be seen from here", "warning")]
            told += [(part, "text") for part in (reason, fate) if part]
            return [*told, (hint, "ok")] if hint else told
        case _:
            assert_never(step)


def _pause(seconds: float) -> str:
    # Long pauses are the service's own, and not to the second.
    return f"{seconds:.1f} s" if seconds < 10 else f"about {seconds:.0f} s"


def _noted(note: str) -> list[tuple[str, Kind]]:
    return [(f"not known: {note}", "warning")] if note else []


def _of(most: int | None) -> str:
    return "" if most is None else f" of {most}"


def _tries(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts} attempts"
