"""Reads what makes functions on AWS run, and changes their event source mappings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from lambdatui.backends.aws.busy import POLL_S, once_free
from lambdatui.backends.aws.listing import all_pages, part
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping
from lambdatui.backends.aws.triggers_shapes import mapping_of
from lambdatui.backends.aws.versions import aliases_of, function_urls
from lambdatui.core.errors import Conflict, NotFound
from lambdatui.core.policy import statements_of
from lambdatui.core.reading import Made, Unread
from lambdatui.core.trigger_edits import MappingValue, SetMapping, same_filters
from lambdatui.core.triggers import EventSourceMapping, Statement, Triggers
from lambdatui.core.versions import LATEST

_AT_ONCE = 5
"""A function may have hundreds of aliases, and GetPolicy takes 15 calls a second."""


class AwsTriggers:
    """Implements `TriggerStore`. Keeps nothing of what it read."""

    def __init__(self, session: Session, poll_s: float = POLL_S) -> None:
        self._session = session
        self._poll_s = poll_s
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def read(self, function_name: str) -> Triggers:
        """See `TriggerStore.read`."""
        name = function_name
        (aliases, unread), (urls, no_urls), (mappings, no_mappings), (statements, no_statements) = await asyncio.gather(
            part("aliases", self._alias_names(name)),
            part("function URLs", function_urls(self._session, name)),
            part("event source mappings", self._mappings(name)),
            part("policy", self._statements(name, LATEST)),
        )
        # A mapping and a policy belong to one qualifier, and the list of the function does not have its aliases'.
        more = await asyncio.gather(
            *(part(f"event source mappings of {alias}", self._mappings(f"{name}:{alias}")) for alias in aliases)
        )
        others = await asyncio.gather(*(part(f"policy of {alias}", self._statements(name, alias)) for alias in aliases))
        # Refused for one it is refused for all: said once.
        denied = (*no_mappings, *no_statements)
        missing = [lack for _, lacks in (*more, *others) for lack in lacks if not _said(lack, denied)]
        every = {one.uuid: one for found in (mappings, *(found for found, _ in more)) for one in found}
        return Triggers(
            name,
            tuple(sorted(every.values(), key=lambda one: (one.name, one.uuid))),
            (*statements, *(one for found, _ in others for one in found)),
            urls,
            (*no_mappings, *no_statements, *no_urls, *unread, *missing),
        )

    async def apply(self, function_name: str, edit: SetMapping) -> Made[SetMapping]:
        """See `TriggerStore.apply`."""

        async def make() -> None:
            # Looked at before each attempt: what a mapping is busy with may be somebody else's change of the same.
            try:
                now = await self._mapping(edit.uuid)
            except NotFound as error:
                raise NotFound(f"{edit.name} is no trigger of {function_name} any more", error.title) from error
            value = now.value(edit.key)
            if _same(edit.key, value, edit.new):
                return
            if not _same(edit.key, value, edit.old):
                show = edit.setting.show
                raise Conflict(
                    f"{edit.name}: {edit.setting.label} changed since it was read",
                    mine=show(edit.new),
                    theirs=show(value),
                )
            await self._update(edit)

        await once_free(make, lambda: self._busy(edit.uuid), self._poll_s)
        return Made(str(edit.difference), edit.inverse)

    async def watch(self, read: Triggers) -> AsyncGenerator[Triggers, None]:
        """See `TriggerStore.watch`: asks only about the mappings that are not settled."""
        while not read.settled:
            await asyncio.sleep(self._poll_s)
            for mapping_ in read.mappings:
                if not mapping_.settled:
                    read = await self._again(read, mapping_)
            yield read

    async def _again(self, read: Triggers, seen: EventSourceMapping) -> Triggers:
        try:
            return read.with_mapping(await self._mapping(seen.uuid))
        except NotFound:
            left = tuple(one for one in read.mappings if one.uuid != seen.uuid)
            return Triggers(read.function_name, left, read.statements, read.urls, read.unread)

    async def _alias_names(self, name: str) -> tuple[str, ...]:
        return tuple(alias.name for alias in await aliases_of(self._session, name))

    async def _mappings(self, name: str) -> tuple[EventSourceMapping, ...]:
        async with self._at_once:
            entries = await all_pages(
                self._session, "ListEventSourceMappings", "EventSourceMappings", FunctionName=name
            )
        found = (mapping_of(mapping(entry)) for entry in entries)
        return tuple(one for one in found if one is not None)

    async def _statements(self, name: str, qualifier: str) -> tuple[Statement, ...]:
        place = {"Qualifier": qualifier} if qualifier != LATEST else {}
        try:
            async with self._at_once:
                answer = await self._session.call("lambda", "GetPolicy", FunctionName=name, **place)
        except NotFound:
            return ()  # it has no policy; a function that is gone is told by its mappings
        policy = mapping(answer).get("Policy")
        return statements_of(policy if isinstance(policy, str) else "", qualifier)

    async def _mapping(self, uuid: str) -> EventSourceMapping:
        answer = mapping(await self._session.call("lambda", "GetEventSourceMapping", UUID=uuid))
        found = mapping_of(answer)
        if found is None:
            raise NotFound(f"No event source mapping {uuid}")
        return found

    async def _busy(self, uuid: str) -> bool:
        return not (await self._mapping(uuid)).settled

    async def _update(self, edit: SetMapping) -> None:
        # Sent once; what is left out stays as it is.
        await self._session.call(
            "lambda",
            "UpdateEventSourceMapping",
            self._session.once,
            UUID=edit.uuid,
            **{edit.setting.aws_name: _sent(edit)},
        )


def _said(lack: Unread, said: tuple[Unread, ...]) -> bool:
    return any(lack.error.title == other.error.title for other in said)


def _same(key: str, one: MappingValue, other: MappingValue) -> bool:
    if key == "filters" and isinstance(one, tuple) and isinstance(other, tuple):
        return same_filters(one, other)
    return one == other


def _sent(edit: SetMapping) -> Any:
    match edit.key:
        case "filters":
            patterns = edit.new if isinstance(edit.new, tuple) else ()
            return {"Filters": [{"Pattern": pattern} for pattern in patterns]}
        case "maximum_concurrency":
            return {} if edit.new is None else {"MaximumConcurrency": edit.new}
        case _:
            return edit.new
