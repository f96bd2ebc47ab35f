"""How an invocation ended, judged from how its sandbox's step ended and what the runtime had posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from lambdatui.backends.local.runtime import failures
from lambdatui.backends.local.runtime.failures import Failure
from lambdatui.backends.local.runtime.runtime_api import RuntimeAnswer
from lambdatui.backends.local.runtime.sandbox import Ending, Exited, OutOfMemory, Ready, TimedOut


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to the caller. `status` and `error_type` as in `Report`; `failure` when the platform ended it."""

    payload: bytes
    status: str = "success"
    error_type: str = ""
    failure: Failure | None = None


def result_of(
    request_id: str, ending: Ending, answer: RuntimeAnswer | None, timeout_s: float, entrypoint_problem: str
) -> Result:
    """What is answered. What the runtime posted counts, unless the platform had to kill it.

    `entrypoint_problem` is why nothing could be started, "" when something ran.
    """
    if answer is not None and isinstance(ending, Ready | Exited):
        return Result(answer.payload, "error" if answer.error_type else "success", answer.error_type)
    match ending:
        case Ready():
            # The server refuses /next until there is an answer.
            raise RuntimeError("the runtime asked for an event before it had answered")
        case TimedOut():
            failure = failures.timed_out(request_id, timeout_s)
            return Result(failure.payload, "timeout", failure.error_type, failure)
        case OutOfMemory():
            failure = failures.out_of_memory(request_id)
        case Exited(returncode):
            if entrypoint_problem:
                failure = failures.invalid_entrypoint(request_id, entrypoint_problem)
            else:
                failure = failures.exited(request_id, returncode)
        case _:
            assert_never(ending)
    return Result(failure.payload, "error", failure.error_type, failure)


def init_status(ending: Ending, failure: RuntimeAnswer | None, entrypoint_problem: str) -> tuple[str, str]:
    """The status and the error type of a failed INIT, for its report."""
    match ending:
        case TimedOut():
            return "timeout", ""
        case OutOfMemory():
            return "error", failures.OUT_OF_MEMORY
        case _ if failure is not None:
            return "error", failure.error_type
        case _:
            return "error", failures.INVALID_ENTRYPOINT if entrypoint_problem else failures.EXIT_ERROR
