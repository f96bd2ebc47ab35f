"""The functions of several places as one list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from lambdatui.backends.together.places import Places, at
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import CatalogueChange, FunctionDetail, FunctionPage
from lambdatui.core.merging import Ended, merged


class TogetherCatalogue:
    """Implements `FunctionCatalogue`. A place that can't be read is a problem of the list, never its end."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def pages(self) -> AsyncIterator[FunctionPage]:
        """See `FunctionCatalogue.pages`: all places at once, each page as it comes."""
        failed: list[WorkbenchError] = []
        backends = self._places.backends
        async for place, page in merged({place: one.catalogue.pages() for place, one in backends.items()}):
            if isinstance(page, Ended):
                if page.error is None:
                    continue
                failed.append(at(place, page.error))
                if len(failed) == len(backends):
                    raise failed[0]
                yield FunctionPage((), (page.error,))
                continue
            functions = tuple(self._places.summary(function, place) for function in page.functions)
            yield FunctionPage(functions, page.problems)

    async def detail(self, name: str) -> FunctionDetail:
        """See `FunctionCatalogue.detail`."""
        place, backend, own_name = self._places.of(name)
        detail = await backend.catalogue.detail(own_name)
        return replace(detail, summary=self._places.summary(detail.summary, place))

    async def changes(self) -> AsyncIterator[CatalogueChange]:
        """See `FunctionCatalogue.changes`."""
        backends = self._places.backends
        async for place, change in merged({place: one.catalogue.changes() for place, one in backends.items()}):
            if isinstance(change, Ended):
                if change.error is not None:
                    raise at(place, change.error)
                continue
            names = tuple(self._places.joined(name, place) for name in change.functions)
            yield CatalogueChange(f"{place}: {change.reason}", names)
