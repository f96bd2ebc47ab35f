"""Lists the functions of one account and region, page by page as they arrive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import detail_of, mapping, summary_of
from lambdatui.blocking import iterate_blocking
from lambdatui.core.errors import Unreachable
from lambdatui.core.functions import CatalogueChange, FunctionDetail, FunctionPage, FunctionSummary

_PAGE = 50
"""The most that ListFunctions gives."""


class AwsCatalogue:
    """Implements `FunctionCatalogue`. Remembers what it read last of each function, and no more than that."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, FunctionSummary] = {}

    async def pages(self) -> AsyncGenerator[FunctionPage, None]:
        """See `FunctionCatalogue.pages`. The next pages are under way while the last one is looked at."""
        known: dict[str, FunctionSummary] = {}
        async with aclosing(iterate_blocking(self._read())) as listed:
            async for page in listed:
                known.update({summary.name: summary for summary in page.functions})
                self._known.update({summary.name: summary for summary in page.functions})
                yield page
        self._known = known

    async def detail(self, name: str) -> FunctionDetail:
        """See `FunctionCatalogue.detail`."""
        answer = await self._session.call("lambda", "GetFunction", FunctionName=name)
        summary = summary_of(mapping(answer.get("Configuration"))) or FunctionSummary(name)
        detail = detail_of(answer, summary)
        self._known[summary.name] = detail.summary
        return detail

    async def changes(self) -> AsyncGenerator[CatalogueChange, None]:
        """See `FunctionCatalogue.changes`: AWS does not tell."""
        none: tuple[CatalogueChange, ...] = ()
        for change in none:
            yield change

    async def summary(self, name: str) -> FunctionSummary:
        """What was read last of a function, asked for when it never was.

        Raises:
            NotFound: no function of that name.
        """
        return self._known.get(name) or (await self.detail(name)).summary

    def known(self, name: str) -> FunctionSummary | None:
        """What was read last of a function."""
        return self._known.get(name)

    def _read(self) -> Iterator[FunctionPage]:
        """One page after the other; blocks. The event loop would add its own delay to each of a hundred pages."""
        asked: set[str] = set()
        place: dict[str, str] = {}
        while True:
            request = {"MaxItems": _PAGE, **place}
            answer = mapping(self._session.call_now("lambda", "ListFunctions", self._session.patience, request))
            marker = answer.get("NextMarker")
            marker = marker if isinstance(marker, str) else ""
            if marker in asked:
                raise Unreachable("The list of functions does not end", "AWS gave the same page twice.", "Try again.")
            yield _page_of(answer)
            if not marker:
                return
            asked.add(marker)
            place = {"Marker": marker}


def _page_of(answer: Any) -> FunctionPage:
    entries = answer.get("Functions")
    if not isinstance(entries, list):
        # A captive portal answers 200 to everything: an empty list would look as if the account had lost its functions.
        raise Unreachable("A page of the list holds no functions", "Its answer has no Functions.", "Try again.")
    summaries = [summary_of(mapping(entry)) for entry in entries]
    functions = tuple(summary for summary in summaries if summary is not None)
    unread = len(entries) - len(functions)
    problem = Unreachable(f"{unread} of the functions can't be shown", "AWS gave them without a name.")
    return FunctionPage(functions, (problem,) if unread else ())
