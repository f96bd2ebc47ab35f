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
    """The source is at work; `tail` is what it said last, `since_s` when that was."""

    tail: TailState
    since_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Broken:
    """The source gave up, at `since_s`, when it was `behind_s` behind; None when that is not known."""

    error: WorkbenchError
    since_s: float = 0.0
    behind_s: float | None = None


LogsState: TypeAlias = NoFunction | Tailing | Broken

CONNECTING = Tailing(TailState(Following.CONNECTING))


def lags(state: LogsState) -> bool:
    """Whether the lines fall behind what happens; who follows looks again in a moment."""
    match state:
        case Tailing(tail):
            return tail.following not in (Following.FOLLOWING, Following.WAITING_FOR_GROUP)
        case Broken():
            return True
        case NoFunction():
            return False
        case _:
            assert_never(state)


def behind_s(state: LogsState, now_s: float) -> float | None:
    """How far behind the lines are: what the source said, and the time since. None: as far as usual, or unknown."""
    match state:
        case Tailing(tail, since_s):
            return None if tail.behind_s is None or not lags(state) else tail.behind_s + now_s - since_s
        case Broken(_, since_s, behind):
            return None if behind is None else behind + now_s - since_s
        case NoFunction():
            return None
        case _:
            assert_never(state)


def after(state: LogsState, error: WorkbenchError, now_s: float) -> Broken:
    """What comes after `state` when the source gives up now."""
    known = state.tail.behind_s if isinstance(state, Tailing) and not lags(state) else behind_s(state, now_s)
    return Broken(error, now_s, known)


@dataclass(frozen=True, slots=True)
class Words:
    """`title` says it in a word or two, in the style `tone`; `picture` stands where no line does."""

    title: str
    tone: str
    picture: Picture


def describe(
    state: LogsState,
    function_name: str,
    *,
    now_s: float = 0.0,
    lines: int = 0,
    hidden: int = 0,
    filtered: bool = False,
) -> Words:
    """What to say at `now_s` beside so many `lines`.

    `hidden` lines were cleared from view; `filtered` says that a filter hides what there is.
    """
    match state:
        case NoFunction():
            return Words("", "muted", (("No function selected", "text"), ("Its log will show here", "muted")))
        case Broken(error):
            rows = [("✗ " + error.title, "error")]
            rows += [(line, "text") for line in error.detail.split("\n")[:3] if line]
            rows += [(line, "muted") for line in error.hint.split("\n")[:2] if line]
            return Words(
                _with_lag(error.title, behind_s(state, now_s)),
                "error",
                (*rows, ("", "text"), ("press r to try again", "muted")),
            )
        case Tailing(tail):
            if filtered:
                picture: Picture = (("No line matches the filter", "text"), ("esc shows all", "muted"))
            elif hidden:
                picture = ((f"{hidden:,} lines cleared from view", "text"), ("press u to bring them back", "muted"))
            else:
                picture = _picture(tail, function_name)
            if tail.following is Following.WAITING_FOR_GROUP and tail.missing and lines:
                return Words("the log group is gone, waiting for it", "warning", picture)
            title = _with_lag(tail.following.value, behind_s(state, now_s))
            return Words(title, _TONES.get(tail.following, "muted"), picture)
        case _:
            assert_never(state)


_TONES = {
    Following.FOLLOWING: "success",
    Following.THROTTLED: "warning",
    Following.RECONNECTING: "warning",
    Following.CREDENTIALS_EXPIRED: "error",
    Following.CLOCK_OFF: "error",
}


def _with_lag(words: str, lag_s: float | None) -> str:
    """ "throttled · 12 s behind"."""
    if lag_s is None or lag_s < 1:
        return words
    for unit_s, limit_s, unit in ((1, 60, "s"), (60, 7_200, "min"), (3_600, 172_800, "h"), (86_400, float("inf"), "d")):
        if lag_s < limit_s:
            return f"{words} · {lag_s / unit_s:.0f} {unit} behind"
    return words


def _picture(tail: TailState, function_name: str) -> Picture:
    detail: Picture = tuple((part, "muted") for part in tail.words.split(" · ") if part)
    match tail.following:
        case Following.CONNECTING:
            return ((f"Opening the log of {function_name} …", "muted"), *detail)
        case Following.FOLLOWING | Following.WAITING_FOR_GROUP | Following.CATCHING_UP:
            if tail.following is Following.WAITING_FOR_GROUP and tail.missing:
                first = f"the first invocation of {function_name} makes it: press i"
                return (("No log group yet", "text"), (first, "muted"), *detail)
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
