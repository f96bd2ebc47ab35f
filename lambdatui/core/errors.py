"""Everything that can go wrong in a way the user can act on.

    WorkbenchError
    ├── InvalidInput      what was typed, or what a file holds, is wrong: names the file, line or key
    │   └── MalformedQuery  a query that can't be read: holds the place
    ├── NotFound          no such function, event, version or request
    ├── Conflict          it changed since it was read: holds both values
    ├── PartlyApplied     some of the changes stand: holds their keys
    ├── Throttled         refused for now: holds the service's reason and when to try again
    ├── Denied            not permitted: names the missing permission
    │   └── ClockOff      this machine's clock is so wrong that nothing it signs is taken
    ├── CredentialsExpired  nobody is signed in any more: the hint is the command to run
    ├── Unreachable       the request did not arrive: nothing ran
    ├── MayHaveRun        the request went out, its answer was lost: never repeated by us
    └── Unsupported       this target can't do it: says why

Foreign errors are translated into this tree once, at a backend's boundary, by exact code. UI workers
catch `WorkbenchError` and nothing wider: anything else is a bug, and a bug must be loud.
"""

from __future__ import annotations


class WorkbenchError(Exception):
    """A failure that is told to the user.

    Args:
        title: one line, without a full stop: what failed.
        detail: what is known about it, possibly several lines.
        hint: what to do next: the missing permission, the command to run, the key to press.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(title, detail, hint)
        self.title = title
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(part for part in (self.title, self.more) if part)

    @property
    def more(self) -> str:
        """What stands below the title: detail and hint, each on lines of its own; "" without either."""
        return "\n".join(part for part in (self.detail, self.hint) if part)


class InvalidInput(WorkbenchError):
    """What was typed, or what a file holds, is wrong. `title` names the file and line, or the key."""


class MalformedQuery(InvalidInput):
    """A query can't be read.

    Args:
        place: line and column of what is wrong, both from 1; None when nobody said.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, place: tuple[int, int] | None = None) -> None:
        super().__init__(title, detail, hint)
        self.place = place


class NotFound(WorkbenchError):
    """No such function, event, version or request."""


class Conflict(WorkbenchError):
    """It changed since it was read.

    Args:
        mine: the value that was to be written, as shown to the user.
        theirs: the value that stands now.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, mine: str = "", theirs: str = "") -> None:
        super().__init__(title, detail, hint)
        self.mine = mine
        self.theirs = theirs


class PartlyApplied(WorkbenchError):
    """Some of the changes stand, and something went wrong: no call makes several all or none, and not every change
    that is taken can be put into effect.

    Args:
        applied: the keys of those that stand.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, applied: tuple[str, ...] = ()) -> None:
        super().__init__(title, detail, hint)
        self.applied = applied


class Throttled(WorkbenchError):
    """Refused for now.

    Args:
        reason: the service's own word, such as `ReservedFunctionConcurrentInvocationLimitExceeded`.
        retry_after_s: seconds until trying again makes sense; None when the service did not say.
    """

    def __init__(
        self, title: str, detail: str = "", hint: str = "", *, reason: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(title, detail, hint)
        self.reason = reason
        self.retry_after_s = retry_after_s


class Denied(WorkbenchError):
    """Not permitted.

    Args:
        permission: the missing IAM action, such as `lambda:InvokeFunction`.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, permission: str = "") -> None:
        super().__init__(title, detail, hint)
        self.permission = permission


class ClockOff(Denied):
    """This machine's clock is wrong by more than a signature may be: nothing ran, and nothing will until it is set."""


class CredentialsExpired(WorkbenchError):
    """Nobody is signed in any more, or not yet: nothing ran. `hint` says what to do; then try again.

    Args:
        command: the command to run for it, "" where there is none.
    """

    def __init__(self, title: str, detail: str = "", hint: str = "", *, command: str = "") -> None:
        super().__init__(title, detail, hint)
        self.command = command


class Unreachable(WorkbenchError):
    """The request did not arrive: nothing ran."""


class MayHaveRun(WorkbenchError):
    """The request went out and its answer was lost. It is never sent again by us."""


class Unsupported(WorkbenchError):
    """This target can't do it; `title` says what, `detail` says why."""
