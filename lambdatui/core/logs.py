"""Log events, and the promise of a source that tails them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable


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


@dataclass(frozen=True, slots=True)
class LogBatch:
    """Events that became visible, in time order within the source's overlap window; each event once."""

    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class TailState:
    """What the tail does from now on; `behind_s` is how far it lags, None when not known."""

    following: Following
    behind_s: float | None = None
    detail: str = ""


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
    following = min((state.following for state in states), key=_GRAVITY.index, default=Following.WAITING_FOR_GROUP)
    behind = [state.behind_s for state in states if state.behind_s is not None]
    return TailState(following, max(behind, default=None), " · ".join(details))


@runtime_checkable
class QuickSource(Protocol):
    """A `LogSource` that has a quicker way, see `TailQuery.live`, and says what it costs."""

    live_cost: str


class LogSource(Protocol):
    """Tails the logs of functions."""

    def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """Every event once, in batches; with `follow` it ends after `until_ms` only, else after the last stored event.

        Throttling, cut connections and a missing group are states, not errors: the tail recovers.
        Raises:
            NotFound: no function of that name.
            Denied: the permission to read logs is missing.
        """
        ...

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """The newest `limit` events before `before_ms`, in time order; () at the beginning.

        More than `limit` where one millisecond has more: those of the first one's are all there. So asking again, for
        what is before the first of them, leaves no gap and repeats none.
        """
        ...
