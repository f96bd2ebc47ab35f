"""What a tab made of sections knows of the selected function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from lambdatui.core.errors import WorkbenchError

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Nothing:
    """No function is selected, or the tab was not looked at yet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The first answer is awaited."""

    function_name: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The target has no such thing; a sentence says why."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be read."""

    function_name: str
    error: WorkbenchError


@dataclass(frozen=True, slots=True)
class Shown(Generic[Read]):
    """It was read. `under_way` says what is being waited for; `stale` why it could not be read again; else ""."""

    function_name: str
    read: Read
    under_way: str = ""
    stale: str = ""


State: TypeAlias = Nothing | Reading | Absent | Failed | Shown[Read]
