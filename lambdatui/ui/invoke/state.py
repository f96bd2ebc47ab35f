"""What the Result pane can be in: a union of frozen states, written by its worker only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.invocation import AsyncState, Completed, InvocationRequest, Permitted


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing was invoked yet."""


@dataclass(frozen=True, slots=True)
class Running:
    """An answer is awaited since `since_s` (monotonic seconds). `ends`: to stop waiting ends the function too.

    `received` is what has come of a streamed answer.
    """

    request: InvocationRequest
    since_s: float
    ends: bool = True
    received: bytes = b""


@dataclass(frozen=True, slots=True)
class LogPart:
    """The log of an invocation as far as it is known; `note` says what is missing and why, "" when nothing is."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The function ran to an end, good or bad. `architecture` prices it.

    `log` is None where the Logs pane has it all at once.
    """

    request: InvocationRequest
    completed: Completed
    architecture: str
    log: LogPart | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """A dry run came back: the call would be allowed."""

    request: InvocationRequest
    permitted: Permitted


@dataclass(frozen=True, slots=True)
class Failed:
    """The function was not reached, or its answer was lost after `received` of it."""

    request: InvocationRequest
    error: WorkbenchError
    received: bytes = b""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The user stopped waiting after `waited_s` seconds. `ended`: that ended the function, else it goes on."""

    request: InvocationRequest
    waited_s: float
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Following:
    """An async event was accepted; `steps` is what became of it, oldest first. `ended` when there is no more."""

    request_id: str
    steps: tuple[tuple[datetime, AsyncState], ...]
    ended: bool
    architecture: str
    request: InvocationRequest | None = None


InvocationState: TypeAlias = Idle | Running | Finished | Allowed | Failed | Abandoned | Following
