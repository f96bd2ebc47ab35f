"""What of the errors of a log service a tail waits out, and what it does not."""

from __future__ import annotations

from lambdatui.core.errors import (
    ClockOff,
    CredentialsExpired,
    Denied,
    InvalidInput,
    MayHaveRun,
    NotFound,
    Throttled,
    Unreachable,
    WorkbenchError,
)
from lambdatui.core.logs import Following


class Trouble(Exception):
    """A look failed in a way that passes by itself, or once the user logs in again. `error` says how."""

    def __init__(self, following: Following, error: WorkbenchError) -> None:
        super().__init__(following, error)
        self.following = following
        self.error = error

    @property
    def detail(self) -> str:
        """One line for the pane: what happened, and what to do where that helps."""
        error = self.error
        told = error.hint if self.following in (Following.CREDENTIALS_EXPIRED, Following.CLOCK_OFF) else ""
        then = "then it goes on by itself" if isinstance(error, CredentialsExpired) and error.command else ""
        return " · ".join(part for part in (error.title, told, then) if part)


class GroupMissing(Exception):
    """The log group does not exist, or not yet."""


class PageRefused(Exception):
    """The service does not take these parameters: the token is too old, or the order is not supported."""


def outcome_of(error: WorkbenchError) -> Exception:
    """What the failure of one call means to a tail: one of the above, or the error itself, which ends it."""
    match error:
        case Throttled():
            return Trouble(Following.THROTTLED, error)
        case ClockOff():
            return Trouble(Following.CLOCK_OFF, error)
        case CredentialsExpired() | Denied(permission=""):
            return Trouble(Following.CREDENTIALS_EXPIRED, error)  # a key that AWS does not know is not a missing right
        case NotFound():
            return GroupMissing(error.title)
        case InvalidInput():
            return PageRefused(error.title)
        case Unreachable() | MayHaveRun():
            return Trouble(Following.RECONNECTING, error)
        case _:
            return error
