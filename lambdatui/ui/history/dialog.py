"""The list of a function's recent invocations, to send one's event again. Pure but for the dialog that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lambdatui.core.history import HistoryRow
from lambdatui.core.invocation import InvocationType, Outcome
from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.functions.columns import ago

_GOOD = frozenset({Outcome.SUCCEEDED.value, "accepted", "allowed"})
_PREVIEW_BYTES = 300


def history_dialog(function_name: str, rows: Sequence[HistoryRow], now: datetime) -> Choose:
    """Asks for one of `rows`; its answer is an index into them."""
    return Choose(
        f"History of {function_name}",
        [choice_of(row, now) for row in rows],
        keys="enter edits its event · esc closes",
        empty=f"{function_name} was not invoked from here yet: i does.",
    )


def choice_of(row: HistoryRow, now: datetime) -> Choice:
    """How it ended and the event's name; the payload's beginning; duration and age."""
    good = row.outcome in _GOOD
    how = "async " if row.invocation_type is InvocationType.EVENT else ""
    duration_ms = row.report.duration_ms if row.report else row.elapsed_ms
    return Choice(
        text=f"{how}{row.outcome} · {row.event_name or 'unnamed event'}",
        note=row.payload[:_PREVIEW_BYTES].decode("utf-8", "replace") or "{}",
        side=f"{duration_ms:,.1f} ms {ago(row.at, now):>5}",
        mark="●" if good else "✗",
        tone="$success" if good else "$error",
    )
