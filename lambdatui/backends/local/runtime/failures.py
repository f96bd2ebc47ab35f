"""What Lambda answers when the platform, not the handler, ends an invocation: its codes and its wording."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

from lambdatui.core.limits import SYNC_PAYLOAD_BYTES

EXIT_ERROR = "Runtime.ExitError"
OUT_OF_MEMORY = "Runtime.OutOfMemory"
TIMED_OUT = "Sandbox.Timedout"
INVALID_ENTRYPOINT = "Runtime.InvalidEntrypoint"

# Go's words for signals: AWS's platform is written in it.
_SIGNALS = {
    signal.SIGABRT: "aborted",
    signal.SIGALRM: "alarm clock",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "floating point exception",
    signal.SIGHUP: "hangup",
    signal.SIGILL: "illegal instruction",
    signal.SIGINT: "interrupt",
    signal.SIGKILL: "killed",
    signal.SIGPIPE: "broken pipe",
    signal.SIGQUIT: "quit",
    signal.SIGSEGV: "segmentation fault",
    signal.SIGTERM: "terminated",
    signal.SIGTRAP: "trace/breakpoint trap",
    signal.SIGUSR1: "user defined signal 1",
    signal.SIGUSR2: "user defined signal 2",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the platform ended an invocation. `message` is AWS's sentence, request id included."""

    error_type: str
    message: str

    @property
    def payload(self) -> bytes:
        """The answer to the caller."""
        document = {"errorType": self.error_type, "errorMessage": self.message}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def timed_out(request_id: str, timeout_s: float) -> Failure:
    """The function used up its time."""
    return Failure(TIMED_OUT, f"RequestId: {request_id} Error: Task timed out after {timeout_s:.2f} seconds")


def out_of_memory(request_id: str) -> Failure:
    """The environment took more memory than the function has."""
    return Failure(OUT_OF_MEMORY, f"RequestId: {request_id} Error: Runtime exited with error: signal: killed")


def exited(request_id: str, returncode: int) -> Failure:
    """The runtime ended by itself. `returncode` as `subprocess` gives it: negative for a signal."""
    if returncode == 0:
        reason = "Runtime exited without providing a reason"
    elif returncode > 0:
        reason = f"Runtime exited with error: exit status {returncode}"
    else:
        reason = f"Runtime exited with error: signal: {_signal_name(-returncode)}"
    return Failure(EXIT_ERROR, f"RequestId: {request_id} Error: {reason}")


def invalid_entrypoint(request_id: str, reason: str) -> Failure:
    """There is nothing to start; `reason` as AWS words it."""
    return Failure(INVALID_ENTRYPOINT, f"RequestId: {request_id} Error: {reason}")


def response_too_large() -> Failure:
    """The answer is over the limit."""
    return Failure(
        "Function.ResponseSizeTooLarge",
        f"Response payload size exceeded maximum allowed payload size ({SYNC_PAYLOAD_BYTES} bytes).",
    )


def _signal_name(number: int) -> str:
    try:
        return _SIGNALS[signal.Signals(number)]
    except (KeyError, ValueError):
        return f"signal {number}"
