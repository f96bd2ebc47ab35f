"""What becomes of an async event, step by step: its headline and its lines. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from textual.content import Content

from lambdatui.core.invocation import (
    AsyncState,
    Attempting,
    Completed,
    Delivered,
    Discarded,
    OutOfSight,
    Queued,
    Waiting,
    failure_in,
)
from lambdatui.ui.invoke.body import Body, Kind, failure_body, joined, json_body, text_body
from lambdatui.ui.invoke.figures import report_figures
from lambdatui.ui.invoke.state import Following


def timeline_headline(state: Following, width: int) -> Content:
    """How far the event has come, in `width` cells."""
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


def timeline_body(state: Following, root: str) -> Body:
    """Every step with its time, and what the last attempt answered or logged; the last step is what is waited for."""
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
    return joined(timeline, answer)


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
