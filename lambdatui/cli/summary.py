"""The sentence about an invocation that goes to stderr."""

from __future__ import annotations

from lambdatui.core.cost import format_usd
from lambdatui.core.invocation import (
    AsyncState,
    Attempting,
    Completed,
    Delivered,
    Discarded,
    Outcome,
    OutOfSight,
    Queued,
    Waiting,
    failure_in,
    outcome_of,
)


def headline(completed: Completed, cost: float | None) -> str:
    """How it ended and what it took: "ok · 12.4 ms · billed 13 ms · 61 of 512 MB · warm · ≈$0.00000032".

    `cost` is in US dollars, None when it is not known.
    """
    parts = [outcome_of(completed).value]
    report = completed.report
    if report is None:
        parts.append(f"{completed.elapsed_ms:.1f} ms waited")
    else:
        parts += [
            f"{report.duration_ms:,.1f} ms",
            report.billed,
            report.memory,
            "warm" if report.init_ms is None else f"cold +{report.init_ms:,.0f} ms",
        ]
    if cost is not None:
        parts.append(f"≈{format_usd(cost)}")
    if completed.executed_version not in ("", "$LATEST"):
        parts.append(f"version {completed.executed_version}")
    return " · ".join(part for part in parts if part)


def failure_lines(completed: Completed) -> list[str]:
    """The function's error as a person reads it: its type and message, then its stack; [] when it succeeded."""
    if outcome_of(completed) is Outcome.SUCCEEDED:
        return []
    failure = failure_in(completed)
    first = ": ".join(part for part in (failure.error_type, failure.error_message) if part)
    return [first, *(line for frame in failure.stack_trace for line in frame.rstrip().splitlines())]


def progress(state: AsyncState) -> str:
    """One step of an async event, in words."""
    match state:
        case Queued():
            return "queued"
        case Attempting(attempt=attempt, of=most):
            return f"attempt {attempt}{_of(most)}"
        case Waiting(attempt=attempt, of=most, error=error, retry_in_s=pause_s):
            return f"attempt {attempt}{_of(most)} failed: {error} · again in {pause_s:.1f} s"
        case Delivered(attempt=attempt, destination=destination, note=note):
            return f"delivered at attempt {attempt}{_sent_to(destination)}{_noting(note)}"
        case Discarded(attempts=attempts, condition=condition, error=error, destination=destination, note=note):
            why = f" ({condition})" if condition else ", as far as was seen"
            tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
            return f"discarded after {tries}{why}: {error}{_sent_to(destination)}{_noting(note)}"
        case OutOfSight(reason=reason, hint=hint, fate=fate):
            parts = [f"accepted; what becomes of it can't be seen: {reason}", hint, fate]
            return "\n  ".join(part for part in parts if part)


def _of(most: int | None) -> str:
    return "" if most is None else f" of {most}"


def _noting(note: str) -> str:
    return f" · not known: {note}" if note else ""


def _sent_to(destination: str) -> str:
    return f" · record sent to {destination}" if destination else ""
