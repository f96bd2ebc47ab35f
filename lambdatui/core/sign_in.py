"""How a person stays signed in to a target that asks who they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lambdatui.core.errors import CredentialsExpired


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """The code of an MFA device is needed to go on. `problem` says why the last one was not taken, "" at first."""

    profile: str
    device: str
    role: str
    problem: str = ""


AskCode: TypeAlias = Callable[[CodeRequest], str | None]
"""Asks a person, and blocks until there is an answer; called off the event loop. None: no code is given."""


def code_problem(text: str) -> str:
    """Why `text` can't be the code of an MFA device, "" when it can. AWS takes six digits."""
    return "" if len(text.strip()) == 6 and text.strip().isdecimal() and text.isascii() else "Six digits"


class SignIn(Protocol):
    """Tells whether somebody is signed in, and is told how to ask for a code.

    Nothing prompts on the terminal. A call that needs a code waits for it; who gives none is not asked again until
    `again`.
    """

    def ask_by(self, ask: AskCode) -> None:
        """Whom to ask for a code; without it, what needs one is refused with the command to run."""
        ...

    def states(self) -> AsyncIterator[CredentialsExpired | None]:
        """Why nobody is signed in, each time that a call finds it; None as soon as a call goes through again.

        Begins with what is known, if it is that nobody is. Never ends.
        """
        ...

    def again(self) -> None:
        """Sign in anew with the next call, and ask for a code again if it takes one."""
        ...

    async def renewed(self) -> None:
        """Wait until the files that hold credentials change: somebody signed in elsewhere."""
        ...
