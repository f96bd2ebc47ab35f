"""What the logs pane says about its tail: states, and the words for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.logs import Following, TailState
from lambdatui.ui.logs.canvas import Picture


@dataclass(frozen=True, slots=True)
class NoFunction:
    """Nothing is selected."""


@dataclass(frozen=True, slots=True)
class Tailing:
    """The source is at work; `tail` is what it said last."""

    tail: TailState


@dataclass(frozen=True, slots=True)
class Broken:
    """The source gave up."""

    error: WorkbenchError


LogsState: TypeAlias = NoFunction | Tailing | Broken

CONNECTING = Tailing(TailState(Following.CONNECTING))


@dataclass(frozen=True, slots=True)
class Words:
    """`title` says it in a word or two, in the style `tone`; `picture` stands where no line does."""

    title: str
    tone: str
    picture: Picture


def describe(state: LogsState, function_name: str, *, hidden: int = 0, filtered: bool = False) -> Words:
    """What to say. `hidden` lines were cleared from view; `filtered` says that a filter hides what there is."""
    match state:
        case NoFunction():
            return Words("", "muted", (("No function selected", "text"), ("Its log will show here", "muted")))
        case Broken(error):
            rows = [("✗ " + error.title, "error")]
            rows += [(line, "text") for line in error.detail.split("\n")[:3] if line]
            rows += [(line, "muted") for line in error.hint.split("\n")[:2] if line]
            return Words(error.title, "error", (*rows, ("", "text"), ("press r to try again", "muted")))
        case Tailing(tail):
            if filtered:
                picture: Picture = (("No line matches the filter", "text"), ("esc in the filter shows all", "muted"))
            elif hidden:
                picture = ((f"{hidden:,} lines cleared from view", "text"), ("press u to bring them back", "muted"))
            else:
                picture = _picture(tail, function_name)
            return Words(_title(tail), _TONES.get(tail.following, "muted"), picture)
        case _:
            assert_never(state)


_TONES = {
    Following.FOLLOWING: "success",
    Following.THROTTLED: "warning",
    Following.RECONNECTING: "warning",
    Following.CREDENTIALS_EXPIRED: "error",
    Following.CLOCK_OFF: "error",
}


def _title(tail: TailState) -> str:
    if tail.behind_s is None or tail.following not in (Following.FOLLOWING, Following.CATCHING_UP):
        return tail.following.value
    if tail.behind_s < 60:
        return f"{tail.following.value} · {tail.behind_s:.1f} s behind"
    return f"{tail.following.value} · {tail.behind_s / 60:.0f} min behind"


def _picture(tail: TailState, function_name: str) -> Picture:
    detail: Picture = tuple((part, "muted") for part in tail.words.split(" · ") if part)
    match tail.following:
        case Following.CONNECTING:
            return ((f"Opening the log of {function_name} …", "muted"), *detail)
        case Following.FOLLOWING | Following.WAITING_FOR_GROUP | Following.CATCHING_UP:
            return (("No logs yet", "text"), (f"press i to invoke {function_name}", "muted"), *detail)
        case Following.THROTTLED:
            return (("Throttled", "warning"), ("the service asks to wait; trying again", "muted"), *detail)
        case Following.CREDENTIALS_EXPIRED:
            return (("Credentials expired", "error"), ("log in again; the tail goes on by itself", "muted"), *detail)
        case Following.CLOCK_OFF:
            return (("AWS takes no request from this machine", "error"), *detail)
        case Following.RECONNECTING:
            return (("The connection was lost", "warning"), ("connecting again …", "muted"), *detail)
        case _:
            assert_never(tail.following)
