"""How a call is written: a row of the log, and everything that is known of it."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from lambdatui.core.actions import Action, told

_STATUS_COLUMNS = 3


def row(action: Action, width: int, *, utc: bool) -> Content:
    """Time, operation, parameters, outcome and duration in `width` cells: cut are the parameters, then the outcome."""
    named = f" {clock(action, utc=utc)}  {action.name}"
    length = f"{duration(action):>10} "
    room = max(width - cell_len(named) - cell_len(length) - 2, _STATUS_COLUMNS)
    right = Content.assemble(
        (f"×{action.attempts} " if action.attempts > 1 else "", "$warning"),
        Content.styled(outcome(action), _tone(action)).truncate(room, ellipsis=True),
        (length, "$text-muted"),
    )
    left = Content.assemble(
        (f" {clock(action, utc=utc)}  ", "$text-muted"),
        (f"{action.name}  ", "$foreground"),
        (told(dict(action.parameters)), "$text-muted"),
    )
    return Content.assemble(left.truncate(max(width - right.cell_length - 1, 1), ellipsis=True, pad=True), " ", right)


def detail(action: Action, command: str, *, utc: bool) -> Content:
    """Everything that is known, the command first; it is "" while it is being looked up."""
    attempts = f"{action.attempts} attempts" if action.attempts > 1 else ""
    ended = f"{outcome(action)} after {duration(action)}" if action.outcome else "under way"
    about = [clock(action, utc=utc), ended, attempts, action.request_id and f"request {action.request_id}"]
    lines = [(name, told(value)) for name, value in action.parameters.items()]
    width = max((len(name) for name, _ in lines), default=0)
    parts = [
        Content.styled(action.name, "bold"),
        Content.styled(command or "…", "$accent"),
        Content.styled(" · ".join(part for part in about if part), "$text-muted"),
        *(Content.assemble((f"{name:<{width}}  ", "$text-muted"), value) for name, value in lines if value),
    ]
    return Content("\n").join(parts)


def searched(action: Action) -> str:
    """What a filter looks at."""
    return f"{action.name} {told(dict(action.parameters))} {action.outcome} {action.request_id}".casefold()


def outcome(action: Action) -> str:
    """How it ended."""
    return action.outcome or "under way"


def duration(action: Action) -> str:
    """How long it took, "" while it is under way."""
    if action.duration_ms is None:
        return ""
    return f"{action.duration_ms / 1000:,.1f} s" if action.duration_ms >= 10_000 else f"{action.duration_ms:,.0f} ms"


def clock(action: Action, *, utc: bool) -> str:
    """When it began, to the millisecond."""
    at = action.started_at if utc else action.started_at.astimezone()
    return at.strftime("%H:%M:%S.%f")[:-3]


def _tone(action: Action) -> str:
    if not action.outcome:
        return "$text-muted"
    return "$error" if action.failed else "$success"
