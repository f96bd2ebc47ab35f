"""One setting of several functions changed together: what is meant, what it means for each, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.configuration import Change, Configuration, Definition, Step, Value, definition_of
from lambdatui.core.errors import InvalidInput, WorkbenchError

UNSET = "unset "
"""Before a key: remove it, or go back to its default."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One setting and its new value; `unset` asks for its default, or to remove it. `warning` is the server's."""

    key: str
    value: Value
    unset: bool = False
    warning: str = ""

    @property
    def definition(self) -> Definition:
        """What the setting is."""
        return definition_of(self.key)

    def show(self, *, masked: bool = False) -> str:
        """As a person reads it: "Memory → 512 MB"."""
        if self.unset:
            return f"{self.definition.label} → not set, or its default"
        hidden = masked and self.definition.kind == "environment"
        return f"{self.definition.label} → {'••••' if hidden else self.definition.show(self.value)}"


def parse_wanted(text: str) -> Wanted:
    """What "memory=512", "tag.team=shop" or "unset env.DEBUG" asks for.

    Raises:
        InvalidInput: not KEY=VALUE, no such setting, or a value that can't be meant.
    """
    if text.startswith(UNSET):
        key = text.removeprefix(UNSET).strip()
        definition_of(key)
        return Wanted(key, None, unset=True)
    key, equals, value = text.partition("=")
    if not equals:
        raise InvalidInput("KEY=VALUE, such as memory=512, retention=14, tag.team=shop; or: unset env.DEBUG")
    parsed = definition_of(key.strip()).parse(value)
    return Wanted(key.strip(), parsed.value, warning=parsed.warning)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Its settings are not read yet."""


@dataclass(frozen=True, slots=True)
class Ready:
    """It would be changed, at the revision that was read."""

    change: Change
    revision_id: str


@dataclass(frozen=True, slots=True)
class Already:
    """It is so already: nothing to do."""

    value: Value


@dataclass(frozen=True, slots=True)
class Locked:
    """It can't be changed here, for a reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Its settings could not be read: it is not changed."""

    error: WorkbenchError


@dataclass(frozen=True, slots=True)
class Changing:
    """The change is on its way. `undoing`: it takes another one back."""

    change: Change
    step: Step = Step.READING
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """It took effect; `change` holds what the server says now."""

    change: Change
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not changed, or it is not known: the error says which. `undoing`: the change itself stands."""

    change: Change
    error: WorkbenchError
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Stopped before its turn: nothing was sent."""

    change: Change


State: TypeAlias = Waiting | Ready | Already | Locked | Unreadable | Changing | Changed | Failed | Left


def planned(configuration: Configuration, wanted: Wanted) -> Ready | Already | Locked:
    """What `wanted` means for the function of `configuration`."""
    entry = configuration.entry(wanted.key)
    old = entry.value if entry is not None else None
    new = wanted.value
    if wanted.unset and entry is not None and entry.reset is not None:
        new = entry.reset.new  # the default by its value, where it is known
    if entry is not None and old == new:
        return Already(old)
    if entry is None and wanted.unset:
        return Already(None)
    if reason := configuration.obstacle(wanted.key):
        return Locked(reason)
    return Ready(Change(wanted.key, old, new), configuration.revision_id)
