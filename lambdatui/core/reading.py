"""What a store answers besides values: the parts that it could not read, and what a change came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from lambdatui.core.errors import WorkbenchError

Edit = TypeVar("Edit")


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of an answer that could not be read, and why: never the same as a part that is empty."""

    part: str
    error: WorkbenchError


@dataclass(frozen=True, slots=True)
class Made(Generic[Edit]):
    """A change that was made. `told` says so in a line; `inverse` takes it back, None where nothing can."""

    told: str
    inverse: Edit | None
