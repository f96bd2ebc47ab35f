"""All that is to be known of one function, section by section, and of the account's concurrency."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from lambdatui.core.functions import FunctionDetail


class Tone(Enum):
    """What a fact means for whoever reads it."""

    PLAIN = "plain"
    QUIET = "quiet"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a section: a label and what is so; "" as the label goes on with the line above."""

    label: str
    value: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is known of a function, read by itself. `read` raises WorkbenchError when it can't be."""

    title: str
    read: Callable[[], Awaitable[tuple[Fact, ...]]]


@dataclass(frozen=True, slots=True)
class AccountConcurrency:
    """How many executions the account may run at once in the region, and how many of them nobody reserved."""

    limit: int
    unreserved: int

    @property
    def reserved(self) -> int:
        """How many executions are set aside for some functions."""
        return self.limit - self.unreserved


class Inspector(Protocol):
    """Reads what the list does not tell."""

    async def glance(self, name: str) -> FunctionDetail:
        """State, concurrency and tags of one function, asked for once: a throttle is told, not waited out.

        For those who budget their calls. Source: Lambda GetFunction.
        Raises:
            Throttled: too many asked; ask again later.
            NotFound: no function of that name.
        """
        ...

    def sections(self, name: str) -> tuple[Section, ...]:
        """Everything, in the order in which it is read. Asks nothing by itself."""
        ...

    async def account(self) -> AccountConcurrency:
        """The limit of the account.

        Source: Lambda GetAccountSettings.
        Raises:
            WorkbenchError: it could not be read.
        """
        ...
