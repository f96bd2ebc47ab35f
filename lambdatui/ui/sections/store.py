"""What the stores behind the tabs have in common: read, change, watch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol, TypeVar

from lambdatui.core.reading import Made


class Settling(Protocol):
    """What was read, and whether AWS is done with it."""

    @property
    def settled(self) -> bool:
        """Whether there is nothing to wait for."""
        ...


Read = TypeVar("Read", bound=Settling)
Edit = TypeVar("Edit")


class Store(Protocol[Read, Edit]):
    """What `VersionStore` and `TriggerStore` have in common; see there."""

    async def read(self, function_name: str) -> Read:
        """Everything of one function."""
        ...

    async def apply(self, function_name: str, edit: Edit) -> Made[Edit]:
        """Make one change."""
        ...

    def watch(self, read: Read) -> AsyncIterator[Read]:
        """What was read, as it goes on."""
        ...
