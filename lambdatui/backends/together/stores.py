"""What is read and changed of one function, in the place that its name says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from lambdatui.backends.together.places import Places
from lambdatui.core.configuration import Change, Configuration, Progress, unheard
from lambdatui.core.errors import InvalidInput, Unsupported
from lambdatui.core.functions import FunctionDetail
from lambdatui.core.insights import Insights, InsightsProgress, InsightsQuery
from lambdatui.core.inspection import AccountConcurrency, Inspector, Section
from lambdatui.core.layers import LayerName, LayerShelf
from lambdatui.core.reading import Made
from lambdatui.core.trigger_edits import SetMapping
from lambdatui.core.triggers import Triggers, TriggerStore
from lambdatui.core.version_edits import VersionEdit
from lambdatui.core.versions import Versions, VersionStore


class TogetherConfiguration:
    """Implements `ConfigurationStore`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def read(self, function_name: str) -> Configuration:
        """See `ConfigurationStore.read`."""
        _, backend, name = self._places.of(function_name)
        return replace(await backend.configuration.read(name), function_name=function_name)

    async def apply(
        self, function_name: str, changes: tuple[Change, ...], revision_id: str, progress: Progress = unheard
    ) -> Configuration:
        """See `ConfigurationStore.apply`."""
        _, backend, name = self._places.of(function_name)
        after = await backend.configuration.apply(name, changes, revision_id, progress)
        return replace(after, function_name=function_name)


class TogetherVersions:
    """Implements `VersionStore`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def _store(self, function_name: str) -> tuple[VersionStore, str]:
        place, backend, name = self._places.of(function_name)
        if backend.versions is None:
            raise Unsupported(f"{place} keeps no versions")
        return backend.versions, name

    async def read(self, function_name: str) -> Versions:
        """See `VersionStore.read`."""
        store, name = self._store(function_name)
        return replace(await store.read(name), function_name=function_name)

    async def apply(self, function_name: str, edit: VersionEdit) -> Made[VersionEdit]:
        """See `VersionStore.apply`."""
        store, name = self._store(function_name)
        return await store.apply(name, edit)

    async def watch(self, read: Versions) -> AsyncIterator[Versions]:
        """See `VersionStore.watch`."""
        store, name = self._store(read.function_name)
        async for seen in store.watch(replace(read, function_name=name)):
            yield replace(seen, function_name=read.function_name)


class TogetherTriggers:
    """Implements `TriggerStore`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def _store(self, function_name: str) -> tuple[TriggerStore, str]:
        place, backend, name = self._places.of(function_name)
        if backend.triggers is None:
            raise Unsupported(f"{place} knows no triggers")
        return backend.triggers, name

    async def read(self, function_name: str) -> Triggers:
        """See `TriggerStore.read`."""
        store, name = self._store(function_name)
        return replace(await store.read(name), function_name=function_name)

    async def apply(self, function_name: str, edit: SetMapping) -> Made[SetMapping]:
        """See `TriggerStore.apply`."""
        store, name = self._store(function_name)
        return await store.apply(name, edit)

    async def watch(self, read: Triggers) -> AsyncIterator[Triggers]:
        """See `TriggerStore.watch`."""
        store, name = self._store(read.function_name)
        async for seen in store.watch(replace(read, function_name=name)):
            yield replace(seen, function_name=read.function_name)


class TogetherInspector:
    """Implements `Inspector`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def _inspector(self, name: str) -> tuple[str, Inspector, str]:
        place, backend, own_name = self._places.of(name)
        if backend.inspector is None:
            raise Unsupported(f"{place} tells no more than its list")
        return place, backend.inspector, own_name

    async def glance(self, name: str) -> FunctionDetail:
        """See `Inspector.glance`."""
        place, inspector, own_name = self._inspector(name)
        detail = await inspector.glance(own_name)
        return replace(detail, summary=self._places.summary(detail.summary, place))

    def sections(self, name: str) -> tuple[Section, ...]:
        """See `Inspector.sections`."""
        _, inspector, own_name = self._inspector(name)
        return inspector.sections(own_name)

    async def account(self) -> AccountConcurrency:
        """See `Inspector.account`.

        Raises:
            Unsupported: always: each place has a limit of its own.
        """
        raise Unsupported("Each region of each account has a limit of its own", hint="t opens one of them alone.")


class TogetherLayers:
    """Implements `LayerShelf`: asks the place in whose region the layer is."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def newest(self, layer: LayerName) -> LayerName:
        """See `LayerShelf.newest`."""
        return await self._shelf(layer).newest(layer)

    def _shelf(self, layer: LayerName) -> LayerShelf:
        parts = layer.arn.split(":")
        region = parts[3] if len(parts) > 3 else ""
        for backend in self._places.backends.values():
            if backend.layers is not None and backend.target.aws is not None and backend.target.aws.region == region:
                return backend.layers
        raise Unsupported(f"{layer.arn}: its region is not among those that are open")


class TogetherInsights:
    """Implements `Insights`: a query covers functions of one place."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._asked: Insights | None = None

    async def run(self, function_names: tuple[str, ...], query: InsightsQuery) -> AsyncIterator[InsightsProgress]:
        """See `Insights.run`."""
        groups = self._places.grouped(function_names)
        if len(groups) > 1:
            raise InvalidInput(
                f"A query covers one region of one account, not {len(groups)}", f"Picked are: {', '.join(groups)}."
            )
        place, names = next(iter(groups.items()))
        insights = self._places.backends[place].insights
        if insights is None:
            raise Unsupported(f"{place} has no Logs Insights")
        self._asked = insights
        async for progress in insights.run(names, query):
            yield progress

    async def record(self, pointer: str) -> Mapping[str, str]:
        """See `Insights.record`: of the query that was run last."""
        if self._asked is None:
            raise Unsupported("No query was run yet")
        return await self._asked.record(pointer)
