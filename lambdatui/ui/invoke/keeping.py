"""What the list and the history keep of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdatui.core.errors import MayHaveRun, WorkbenchError
from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import AsyncState, Completed, Delivered, Discarded, InvocationType, Outcome, outcome_of
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES
from lambdatui.ui.functions.columns import Mark

if TYPE_CHECKING:
    from lambdatui.ui.invoke.pane import ResultPane


def kept(event: ResultPane.Answered, event_name: str) -> tuple[HistoryRow, Mark | None, bool]:
    """The row of the history, the mark in the list, and whether the function has run to an end.

    `event_name` is the name of the event that was sent, "" when it has none.
    """
    request, answer = event.request, event.answer
    is_event = request.invocation_type is InvocationType.EVENT
    mark: Mark | None
    if isinstance(answer, Completed):
        outcome = outcome_of(answer)
        mark = Mark.SUCCEEDED if outcome is Outcome.SUCCEEDED else Mark.FAILED
        word, body, report = outcome.value, answer.payload[:SYNC_PAYLOAD_BYTES], answer.report
    elif isinstance(answer, WorkbenchError):
        mark = Mark.FAILED
        word = "may have run" if isinstance(answer, MayHaveRun) else "not invoked"
        body, report = str(answer).encode(), None
    else:
        mark = Mark.RUNNING if is_event else None
        word, body, report = "accepted" if is_event else "allowed", b"", None
    row = HistoryRow(
        event.started_at,
        request.function_name,
        request.invocation_type,
        "" if isinstance(answer, WorkbenchError) else answer.request_id,
        event_name,
        request.payload,
        word,
        body,
        report,
        event.elapsed_ms,
    )
    return row, mark, isinstance(answer, Completed)


def mark_of(step: AsyncState) -> Mark | None:
    """The mark of a function whose event is not followed any more; None when nobody knows how it ended."""
    match step:
        case Delivered():
            return Mark.SUCCEEDED
        case Discarded():
            return Mark.FAILED
        case _:
            return None
