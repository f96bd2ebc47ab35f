"""One invocation: what is asked, what comes back, and how an async one goes on."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Protocol, TypeAlias

from lambdatui.core.report import Report


class InvocationType(StrEnum):
    """AWS's own words for the three ways to invoke."""

    REQUEST_RESPONSE = "RequestResponse"
    EVENT = "Event"
    DRY_RUN = "DryRun"


@dataclass(frozen=True, slots=True)
class InvocationRequest:
    """What is sent. `payload` is JSON in UTF-8 (empty means `{}`); `client_context` is JSON text or "".

    `tenant_id` and `durable_name` (DurableExecutionName) are for the functions that need them. Without `log_tail` the
    end of the log is not asked for. `over_limit`: send even more than the type takes, the service is the judge.
    `streamed`: whoever asked wants the answer as it comes, see `Invoker.stream`.
    """

    function_name: str
    payload: bytes
    invocation_type: InvocationType = InvocationType.REQUEST_RESPONSE
    qualifier: str = "$LATEST"
    client_context: str = ""
    tenant_id: str = ""
    durable_name: str = ""
    log_tail: bool = True
    over_limit: bool = False
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """A function ran to an end, good or bad.

    `function_error` is AWS's X-Amz-Function-Error ("Handled", "Unhandled"), "" when the function succeeded.
    `log_tail` is the last 4 KB of the log, decoded, or all of it. `elapsed_ms` is what the caller waited. `failure` is
    the error of a streamed answer, whose payload is what came before it.
    """

    request_id: str
    status_code: int
    payload: bytes
    function_error: str
    executed_version: str
    log_tail: str
    report: Report | None
    started_at: datetime
    elapsed_ms: float
    failure: FunctionFailure | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a streamed answer, as it came."""

    payload: bytes


StreamPart: TypeAlias = Chunk | Completed


@dataclass(frozen=True, slots=True)
class Accepted:
    """An async event is in the queue (202). It survives the end of the workbench."""

    request_id: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Permitted:
    """A dry run: the call would be allowed (204). Nothing ran."""

    request_id: str


Answer: TypeAlias = Completed | Accepted | Permitted


class Outcome(Enum):
    """How a completed invocation ended, in the words of the headline."""

    SUCCEEDED = "ok"
    FUNCTION_ERROR = "function error"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    EXITED = "exited"
    INIT_FAILED = "init failed"


_OUTCOMES = {
    "Sandbox.Timedout": Outcome.TIMED_OUT,
    "Runtime.OutOfMemory": Outcome.OUT_OF_MEMORY,
    "Runtime.ExitError": Outcome.EXITED,
    "Runtime.ImportModuleError": Outcome.INIT_FAILED,
    "Runtime.HandlerNotFound": Outcome.INIT_FAILED,
    "Runtime.UserCodeSyntaxError": Outcome.INIT_FAILED,
    "Runtime.MalformedHandlerName": Outcome.INIT_FAILED,
    "Runtime.InvalidEntrypoint": Outcome.INIT_FAILED,
    "Init.Timedout": Outcome.INIT_FAILED,
}
_INIT_REPORT = re.compile(r'^(?:INIT_REPORT |\{.*"platform\.initReport").*$', re.MULTILINE)
_INIT_STATUSES = ("Status: error", "Status: failure", '"status":"error"', '"status":"failure"')


@dataclass(frozen=True, slots=True)
class FunctionFailure:
    """The error that a function answered with. `stack_trace` holds one entry a frame, as the runtime gave it."""

    error_type: str
    error_message: str
    stack_trace: tuple[str, ...] = ()


def failure_of(payload: bytes) -> FunctionFailure:
    """The error in the payload of an invocation whose `function_error` is set.

    Reads `errorType`, `errorMessage` and `stackTrace` (Python, Java) or `trace` (Node); a payload of any
    other shape becomes the message.
    """
    try:
        document = json.loads(payload)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return FunctionFailure("", payload.decode("utf-8", "replace"))
    trace = document.get("stackTrace") or document.get("trace") or ()
    if isinstance(trace, str):
        trace = trace.splitlines()
    frames = tuple(str(frame) for frame in trace) if isinstance(trace, list | tuple) else ()
    return FunctionFailure(str(document.get("errorType") or ""), str(document.get("errorMessage") or ""), frames)


def failure_in(completed: Completed) -> FunctionFailure:
    """The error that `completed` ended with; its `function_error` is set."""
    return completed.failure or failure_of(completed.payload)


def outcome_of(completed: Completed) -> Outcome:
    """How `completed` ended, by AWS's exact error codes."""
    if not completed.function_error:
        return Outcome.SUCCEEDED
    error_type = failure_in(completed).error_type
    if not error_type and completed.report is not None:
        error_type = completed.report.error_type
    outcome = _OUTCOMES.get(error_type, Outcome.FUNCTION_ERROR)
    return Outcome.INIT_FAILED if outcome is Outcome.FUNCTION_ERROR and _init_failed(completed.log_tail) else outcome


def _init_failed(log_tail: str) -> bool:
    """Whether INIT raised: the error's type is then the exception's own, and the log alone tells the phase."""
    reports = _INIT_REPORT.findall(log_tail)
    return bool(reports) and any(status in reports[-1] for status in _INIT_STATUSES)


@dataclass(frozen=True, slots=True)
class Queued:
    """Accepted, not yet started."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Attempting:
    """Attempt number `attempt` (from 1) of at most `of` runs now; None: how many there may be is not known."""

    request_id: str
    attempt: int
    of: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Attempt `attempt` failed with `error`; the next starts in `retry_in_s` seconds, if there is one."""

    request_id: str
    attempt: int
    of: int | None
    error: str
    retry_in_s: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """Attempt `attempt` succeeded; `destination` is where the record went, "" when there is none.

    `note` is what is not known about that, and why.
    """

    request_id: str
    attempt: int
    completed: Completed
    destination: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Discarded:
    """All attempts failed, or the event grew too old; `destination` is where the record went, "" when nowhere.

    `condition` is AWS's word: RetriesExhausted or EventAgeExceeded; "" when it was not seen to be tried again and
    the settings that tell why are not known. `note` is what else is not known. `queue` is the ARN of a queue that
    keeps the record, "" for none.
    """

    request_id: str
    attempts: int
    condition: str
    error: str
    completed: Completed | None = None
    destination: str = ""
    note: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class OutOfSight:
    """Accepted, and what becomes of it can't be seen from here: `reason`, and in `hint` what would change that.

    `fate` is what the function's settings say will happen.
    """

    request_id: str
    reason: str
    hint: str = ""
    fate: str = ""


AsyncState: TypeAlias = Queued | Attempting | Waiting | Delivered | Discarded | OutOfSight


class Invoker(Protocol):
    """Sends one request once: never a hidden second invocation."""

    @property
    def cancelling_ends_it(self) -> bool:
        """Whether a function ends when nobody waits for its answer any more."""
        ...

    async def invoke(self, request: InvocationRequest) -> Answer:
        """Send `request` and wait for its answer.

        Cancelling stops the waiting. On AWS the function still runs; locally its environment is ended.
        A function that raised is `Completed` with `function_error`; errors mean that it was not reached.

        Source: Lambda Invoke.
        Raises:
            InvalidInput: the payload is not JSON, or larger than the invocation type allows.
            Throttled: no environment is free and none may be started.
            Unreachable: nothing ran.
            MayHaveRun: the answer was lost.
        """
        ...

    def stream(self, request: InvocationRequest) -> AsyncIterator[StreamPart]:
        """Send `request` once and give its answer as it comes: chunks, then what it came to, with all of them in it.

        Source: Lambda InvokeWithResponseStream.
        Raises:
            MayHaveRun: the stream was cut: what came is incomplete, and the function may still run.
            Unsupported: the target gives answers whole.
            WorkbenchError: as for `invoke`.
        """
        ...

    def follow(self, request_id: str) -> AsyncIterator[AsyncState]:
        """What becomes of an accepted event, from its present state to `Delivered`, `Discarded` or `OutOfSight`.

        On AWS that is read from the function's log and settings, and only for events accepted by this invoker.
        Raises:
            NotFound: no such event is known.
            Unsupported: the target does not tell.
        """
        ...

    async def in_flight(self) -> tuple[AsyncState, ...]:
        """The accepted events that have not ended yet, oldest first; () where the target does not tell."""
        ...
