"""Log events, and the promise of a source that tails them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.listed import listed


class LogEvent(NamedTuple):
    """One event of a log group. Times in milliseconds since the epoch, UTC.

    A tuple, because they come by the ten thousand: making a frozen dataclass takes four times as long.
    `message` may hold several lines, split by newlines or `\\r`. `event_id` is unique in its group and stable.
    """

    event_id: str
    timestamp_ms: int
    ingestion_ms: int
    stream: str
    message: str
    function_name: str = ""


@dataclass(frozen=True, slots=True)
class TailQuery:
    """What to tail: whole functions, from `since_ms` (None: the newest `newest` events), then on and on.

    Of the millisecond in which the newest events begin all are shown: what is older is reached by its time. It is read
    to its end some seconds after `until_ms`: what happened before that may be shown later. `filter_pattern` is in
    CloudWatch's language, and it is the service that filters; "" for everything. `live` asks for the quickest way that
    the service has, at its price; where there is none it is as without.
    """

    function_names: tuple[str, ...]
    since_ms: int | None = None
    until_ms: int | None = None
    newest: int = 1000
    follow: bool = True
    filter_pattern: str = ""
    live: bool = False

    def selects_as(self, other: TailQuery) -> bool:
        """Whether both want the same events, wherever they begin and end."""
        return (self.function_names, self.filter_pattern) == (other.function_names, other.filter_pattern)


class Following(Enum):
    """What a tail is doing, in the words of the pane's title."""

    CONNECTING = "connecting"
    FOLLOWING = "following"
    CATCHING_UP = "catching up"
    THROTTLED = "throttled"
    WAITING_FOR_GROUP = "no logs yet"
    CREDENTIALS_EXPIRED = "credentials expired"
    CLOCK_OFF = "clock is wrong"
    RECONNECTING = "reconnecting"


class Live(Enum):
    """What became of the quicker way that a tail was asked for, see `TailQuery.live`: what is worth least first."""

    NOT_ASKED = 0
    REFUSED = 1
    INTERRUPTED = 2
    OPENING = 3
    OPEN = 4


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Events that became visible, in time order within the source's overlap window; each event once."""

    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Functions whose logs the tail goes on without, and why. It asks for them again now and then."""

    functions: tuple[str, ...]
    error: WorkbenchError

    def __str__(self) -> str:
        return f"without {listed(self.functions)}: {self.error.title}"


@dataclass(frozen=True, slots=True)
class TailState:
    """What the tail does from now on; `behind_s` is how far it lags, None when not known.

    `missing` are the log groups that do not exist yet, `refused` what may not be read. Both are told when all was
    asked for, and as long as it is so.
    """

    following: Following
    behind_s: float | None = None
    detail: str = ""
    missing: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    live: Live = Live.NOT_ASKED

    @property
    def words(self) -> str:
        """All that there is to say beside what it does."""
        missing = f"no log group {listed(self.missing)} yet" if self.missing else ""
        return " · ".join(part for part in (*map(str, self.refused), self.detail, missing) if part)


TailUpdate: TypeAlias = LogBatch | TailState

# What a reader must know first, first.
_GRAVITY = (
    Following.CREDENTIALS_EXPIRED,
    Following.CLOCK_OFF,
    Following.THROTTLED,
    Following.RECONNECTING,
    Following.CONNECTING,
    Following.CATCHING_UP,
    Following.FOLLOWING,
    Following.WAITING_FOR_GROUP,
)


def together(states: Iterable[TailState], details: Iterable[str]) -> TailState:
    """The state of several tails as one: the gravest, and how far the slowest lags. `details` are what it says."""
    states = tuple(states)
    missing = tuple(name for state in states for name in state.missing)
    refused = alike(part for state in states for part in state.refused)
    following = min((state.following for state in states), key=_GRAVITY.index, default=Following.WAITING_FOR_GROUP)
    behind = [state.behind_s for state in states if state.behind_s is not None]
    live = max((state.live for state in states), key=lambda one: one.value, default=Live.NOT_ASKED)
    return TailState(following, max(behind, default=None), " · ".join(details), missing, refused, live)


def alike(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    """`refused`, those that were refused in the same words as one."""
    functions: dict[str, tuple[str, ...]] = {}
    errors: dict[str, WorkbenchError] = {}
    for part in refused:
        title = part.error.title
        errors.setdefault(title, part.error)
        functions[title] = (*functions.get(title, ()), *part.functions)
    return tuple(Refused(functions[title], error) for title, error in errors.items())


def nothing_left(refused: Sequence[Refused]) -> WorkbenchError:
    """What a tail fails with when everything was refused: why, and of several functions which."""
    first, *others = refused
    if not others and len(first.functions) == 1:
        return first.error
    error = copy(first.error)
    error.title = f"{listed(first.functions)}: {error.title}"
    told = [f"{listed(other.functions)}: {other.error.title}" for other in others]
    error.detail = "\n".join(part for part in (error.detail, *told) if part)
    error.__cause__ = None if others else first.error
    return error


def without_names(error: WorkbenchError) -> WorkbenchError:
    """`error` as it was before `nothing_left` put names to it, for who has better names."""
    cause = error.__cause__
    return cause if isinstance(cause, WorkbenchError) and error.title.endswith(f": {cause.title}") else error


@runtime_checkable
class QuickSource(Protocol):
    """A `LogSource` that has a quicker way, see `TailQuery.live`, and says what it costs."""

    live_cost: str


class LogSource(Protocol):
    """Tails the logs of functions."""

    def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """Every event once, in batches; with `follow` it ends after `until_ms` only, else after the last stored event.

        Throttling, cut connections and a missing group are states, not errors: the tail recovers. One function of
        several whose log may not be read, or that is gone, is told in the state: the others are tailed.
        Raises:
            NotFound: no function of these names.
            Denied: the permission to read the logs is missing, of all of them.
        """
        ...

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """The newest `limit` events before `before_ms`, in time order; () at the beginning.

        More than `limit` where one millisecond has more: those of the first one's are all there. So asking again, for
        what is before the first of them, leaves no gap and repeats none.
        """
        ...
