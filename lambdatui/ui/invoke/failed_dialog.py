"""The list of a function's failed async events, to send one again. Pure but for the dialog that it makes."""

from __future__ import annotations

from datetime import datetime

from lambdatui.core.failed_events import FailedEvent, KeptEvents
from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.functions.columns import ago

_PREVIEW_BYTES = 300


def failed_dialog(kept: KeptEvents, now: datetime) -> Choose:
    """Asks for one of the events; its answer is an index into them."""
    count = len(kept.events)
    seen = "1 event" if count == 1 else f"{count} events"
    return Choose(
        f"Failed events in {kept.queue} · {seen}{' of more' if kept.more else ''}",
        [choice_of(event, now) for event in kept.events],
        keys="enter edits it, then i sends it · it stays in the queue · esc closes",
        empty="No failed event is in the queue now, or somebody else is receiving them.",
    )


def choice_of(event: FailedEvent, now: datetime) -> Choice:
    """Its error; its payload's beginning; attempts and age."""
    tries = "" if event.attempts is None else f"{event.attempts} attempts"
    age = ago(event.sent_at, now) if event.sent_at else ""
    return Choice(
        text=event.error or event.condition or event.request_id or "failed",
        note=event.payload[:_PREVIEW_BYTES].decode("utf-8", "replace") or "{}",
        side=" · ".join(part for part in (tries, age) if part),
        mark="✗",
        tone="$error",
    )
