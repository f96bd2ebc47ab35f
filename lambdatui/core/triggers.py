"""What makes a function run besides us: event source mappings, a policy, URLs; and the promise of a store of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from lambdatui.core.reading import Made, Unread
from lambdatui.core.versions import FunctionUrl

if TYPE_CHECKING:
    from lambdatui.core.trigger_edits import MappingValue, SetMapping

_ON_THE_WAY = frozenset({"Creating", "Enabling", "Disabling", "Updating", "Deleting"})


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """One event source mapping. `state` is AWS's word, an open string; None in a field is "not set".

    `filters` are the patterns as JSON text; `filters_unread` says why they could not be read. `facts` are further
    settings with their labels, to be looked at.
    """

    uuid: str
    source_arn: str
    service: str
    source: str
    qualifier: str = ""
    state: str = ""
    state_reason: str = ""
    batch_size: int | None = None
    window_s: int | None = None
    filters: tuple[str, ...] = ()
    filters_unread: str = ""
    maximum_concurrency: int | None = None
    parallelization: int | None = None
    last_result: str = ""
    last_modified_at: datetime | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Where the events come from, in two words: "sqs orders"."""
        return " ".join(part for part in (self.service, self.source) if part) or self.uuid

    @property
    def enabled(self) -> bool | None:
        """Whether it reads its source, or soon will; None where its state does not tell."""
        if self.state in ("Enabled", "Enabling", "Creating"):
            return True
        return False if self.state in ("Disabled", "Disabling") else None

    @property
    def settled(self) -> bool:
        """Whether AWS is done with what was asked of it."""
        return self.state not in _ON_THE_WAY

    def value(self, key: str) -> MappingValue:
        """The value of one setting by its key, see `trigger_edits.MAPPING_SETTINGS`."""
        value: MappingValue = getattr(self, key)
        return value


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the policy that lets others invoke the function. `conditions` are "operator key value"."""

    sid: str
    effect: str
    principal: str
    actions: tuple[str, ...]
    source: str = ""
    conditions: tuple[str, ...] = ()
    qualifier: str = ""

    @property
    def public(self) -> bool:
        """Whether it lets anybody in: a principal of all, and no condition."""
        return self.effect == "Allow" and self.principal == "*" and not self.conditions


@dataclass(frozen=True, slots=True)
class Triggers:
    """All of one function as it was read; `unread` are the missing parts."""

    function_name: str
    mappings: tuple[EventSourceMapping, ...] = ()
    statements: tuple[Statement, ...] = ()
    urls: tuple[FunctionUrl, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether AWS is done with everything that was asked of it."""
        return all(mapping.settled for mapping in self.mappings)

    def mapping(self, uuid: str) -> EventSourceMapping | None:
        """The mapping of that id."""
        return next((mapping for mapping in self.mappings if mapping.uuid == uuid), None)

    def with_mapping(self, mapping: EventSourceMapping) -> Triggers:
        """The same with a newer reading of one mapping."""
        newer = tuple(mapping if mapping.uuid == other.uuid else other for other in self.mappings)
        return replace(self, mappings=newer)

    def is_unread(self, part: str) -> bool:
        """Whether a part ("policy") could not be read."""
        return any(missing.part == part for missing in self.unread)


class TriggerStore(Protocol):
    """Reads what makes functions run; changes event source mappings."""

    async def read(self, function_name: str) -> Triggers:
        """Everything, aliases included; a part that may not be read is in `unread` with its error.

        Source: Lambda ListEventSourceMappings, GetPolicy (also of each alias), ListFunctionUrlConfigs, ListAliases.
        Raises:
            NotFound: no function of that name.
            WorkbenchError: nobody is signed in, or AWS is not reached.
        """
        ...

    async def apply(self, function_name: str, edit: SetMapping) -> Made[SetMapping]:
        """Change one setting of a mapping, sent once. Waits first while AWS is busy with an earlier change.

        The mapping has no revision: it is read first, and compared with what `edit` says it was.
        Raises:
            Conflict: it is not any more what `edit` says it was; `mine` and `theirs` hold both.
            InvalidInput: the server refuses it.
            NotFound: the mapping is gone.
        """
        ...

    def watch(self, read: Triggers) -> AsyncIterator[Triggers]:
        """`read` as it goes on, each time that something was looked at again; ends when all is settled.

        Cancelling it ends the looking; what AWS was asked for goes on.
        Raises:
            WorkbenchError: it can't be looked at any more.
        """
        ...
