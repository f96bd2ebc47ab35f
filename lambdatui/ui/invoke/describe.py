"""What a state of the Result pane reads like: a headline for the frame, a body for the view. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from textual.content import Content

from lambdatui.core.cost import cost_usd, format_usd
from lambdatui.core.errors import MayHaveRun, WorkbenchError
from lambdatui.core.invocation import (
    Completed,
    InvocationRequest,
    InvocationType,
    Outcome,
    failure_in,
    outcome_of,
)
from lambdatui.core.limits import Prices
from lambdatui.core.payload import payload_limit_bytes
from lambdatui.ui.events.status import size_text
from lambdatui.ui.invoke.body import Body, Kind, failure_body, json_body, text_body, with_log
from lambdatui.ui.invoke.figures import report_figures
from lambdatui.ui.invoke.state import Abandoned, Allowed, Failed, Finished, Following, Idle, InvocationState, Running
from lambdatui.ui.invoke.timeline import timeline_body, timeline_headline

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
            return timeline_headline(state, width)
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
            return timeline_body(state, root)
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
            cost = cost_usd(completed.report, architecture, prices) if completed.report is not None else None
            return version if cost is None else f"≈{format_usd(cost)} on AWS · {version}"
        case Following(request_id):
            return f"async · {request_id}"
        case _:
            return ""
