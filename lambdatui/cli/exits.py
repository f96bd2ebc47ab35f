"""What a command's end means to the shell: errors become exit codes here, and nowhere else."""

from __future__ import annotations

from enum import IntEnum

from lambdatui.core.errors import (
    Conflict,
    Denied,
    InvalidInput,
    MayHaveRun,
    NotFound,
    PartlyApplied,
    Throttled,
    Unreachable,
    Unsupported,
    WorkbenchError,
)


class Exit(IntEnum):
    """The exit codes, as `lambdatui --help` explains them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    WAITED = 4
    BUG = 70
    UNWRITTEN = 74
    INTERRUPTED = 130
    BROKEN_PIPE = 141


EXPLANATION = (
    (Exit.OK, "it worked"),
    (Exit.FAILED, "the function failed, or a change met a conflict"),
    (Exit.USAGE, "wrong usage, settings or input: nothing was sent"),
    (Exit.UNREACHABLE, "not found, not permitted or not reached: nothing ran"),
    (Exit.WAITED, "throttled, or the answer did not come: it may have run"),
    (Exit.BUG, "a bug in lambdatui: please report it"),
    (Exit.UNWRITTEN, "it ran, but its output can't be written: the disk is full"),
    (Exit.INTERRUPTED, "interrupted with Ctrl-C"),
)

_CODES: tuple[tuple[type[WorkbenchError], Exit], ...] = (
    (InvalidInput, Exit.USAGE),
    (Unsupported, Exit.USAGE),
    (Conflict, Exit.FAILED),
    (PartlyApplied, Exit.FAILED),
    (NotFound, Exit.UNREACHABLE),
    (Denied, Exit.UNREACHABLE),
    (Unreachable, Exit.UNREACHABLE),
    (Throttled, Exit.WAITED),
    # Not 3: a script that reads "nothing ran" would send the event a second time.
    (MayHaveRun, Exit.WAITED),
)


class TimedOutWaiting(WorkbenchError):
    """The user's own `--timeout` passed before the answer came."""


class Stopped(Exception):
    """A signal asked the process to end; what it had started is ended already."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.code = 128 + signal_number


def code_of(error: WorkbenchError) -> Exit:
    """The exit code that tells a shell what `error` means."""
    if isinstance(error, TimedOutWaiting):
        return Exit.WAITED
    return next((code for kind, code in _CODES if isinstance(error, kind)), Exit.UNREACHABLE)
