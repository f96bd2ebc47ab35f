"""What was sent to a target: the log of actions, without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

MARK = "•••"
"""Stands for what is kept out of the log."""

Shown: TypeAlias = "str | int | float | bool | list[Shown] | dict[str, Shown] | None"
"""A parameter's value, with `MARK` in the place of whatever may be a secret."""


@dataclass(frozen=True, slots=True)
class Action:
    """One call. `outcome` is its status or error code, "" while it is under way; `attempts` counts repetitions too.

    `parameters` hold no payload, no value of an environment variable, no token and no credentials.
    """

    number: int
    started_at: datetime
    service: str
    operation: str
    parameters: Mapping[str, Shown]
    outcome: str = ""
    failed: bool = False
    duration_ms: float | None = None
    request_id: str = ""
    attempts: int = 1

    @property
    def name(self) -> str:
        """As IAM names it, nearly: "lambda:ListFunctions"."""
        return f"{self.service}:{self.operation}"


class ActionLog(Protocol):
    """The calls that were made, those by the SDK itself to sign in among them. Bounded: the oldest are forgotten."""

    @property
    def changes(self) -> int:
        """Grows with everything that is noted: whoever shows the log looks here whether there is anything new."""
        ...

    def recent(self) -> tuple[Action, ...]:
        """Those that are still known, in the order in which they began."""
        ...

    def command(self, action: Action) -> str:
        """The command line that does the same, ready to paste; `MARK` and file names stand for what is not kept."""
        ...


def told(value: Shown) -> str:
    """A value in one line."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(told(item) for item in value)
        case dict():
            return ", ".join(f"{key}={told(item)}" for key, item in value.items())
        case _:
            return str(value)
