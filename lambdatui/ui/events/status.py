"""The line above the editor: which event it is, how large, whether it is JSON."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from lambdatui.core.events import EventSource, JsonProblem
from lambdatui.core.text import clean
from lambdatui.ui.functions.columns import shorten


@dataclass(frozen=True, slots=True)
class Origin:
    """What the text began as. `text` is that of its file, None while it is not known; `name` "" for a new event."""

    name: str = ""
    source: EventSource | None = None
    path: str = ""
    revision: str = ""
    text: str | None = None

    @property
    def saved(self) -> bool:
        """Whether it is a file that can be written again."""
        return self.source in (EventSource.FUNCTION, EventSource.PROJECT)

    @property
    def suggested_name(self) -> str:
        """A name to save it under."""
        return self.name.rpartition("/")[2] or "default"


@dataclass(frozen=True, slots=True)
class EventStatus:
    """What the status line tells. `busy` says what is being waited for, "" when nothing is.

    `sending` is how it would be sent ("live · streamed"), "" for a plain invocation.
    """

    origin: Origin
    modified: bool
    size_bytes: int
    limit_bytes: int
    problem: JsonProblem | None
    busy: str = ""
    sending: str = ""


def describe(status: EventStatus, width: int) -> Content:
    """The line, `width` cells wide: the event's name on the left; size and verdict on the right."""
    over = status.size_bytes > status.limit_bytes
    size = (
        f"{size_text(status.size_bytes)} of {size_text(status.limit_bytes)}",
        "$text-error" if over else "$text-muted",
    )
    problem = status.problem
    if status.busy:
        verdict = (status.busy, "$text-muted")
    elif problem is not None:
        message = problem.message[:1].lower() + problem.message[1:]
        verdict = (f"line {problem.line}, column {problem.column}: {message}", "$text-error bold")
    elif over:
        verdict = ("too large", "$text-error bold")
    else:
        verdict = ("valid JSON", "$text-success")
    origin = status.origin
    mark = (" · modified", "$text-warning") if status.modified else ("", "")
    kind = (
        (f" {origin.source.value}", "$text-muted")
        if origin.source and origin.source is not EventSource.FUNCTION
        else ("", "")
    )
    sending = (f" → {status.sending}", "bold $text-accent") if status.sending else ("", "")
    name = " ".join(clean(origin.name).split()) or "new event"
    for right in ((size, (" · ", "$text-muted"), verdict), (verdict,)):
        for left in ((kind, mark, sending), (mark, sending)):
            room = width - 3 - sum(cell_len(text) for text, _ in (*left, *right))
            if room >= min(cell_len(name), 12):
                shown = shorten(name, room)[0]
                gap = " " * (room - cell_len(shown) + 1)
                return Content.assemble(" ", (shown, "bold"), *left, gap, *right)
    return Content.assemble(" ", (shorten(verdict[0], max(1, width - 2))[0], verdict[1]))


def size_text(size_bytes: int) -> str:
    """ "1,042 B", "104 kB", "5.5 MB", "6 MB"; a kB has 1,024 bytes, as in Lambda's limits."""
    if size_bytes < 10_000:
        return f"{size_bytes:,} B"
    if size_bytes < 1024 * 1024:
        return f"{size_bytes / 1024:,.0f} kB"
    return f"{size_bytes / 1024 / 1024:.1f}".removesuffix(".0") + " MB"
