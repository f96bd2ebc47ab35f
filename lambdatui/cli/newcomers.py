"""Functions that are made while a tail follows: found in the list by the globs of the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from lambdatui.cli.named import globs_in, matching
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionCatalogue
from lambdatui.core.tail_pace import ListPace

_MARGIN_MS = 60_000
"""Our clock may be ahead of the service's: so much before the last look nothing of a new function is left out."""


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Functions that the list did not have when it was read before; what they logged since is later than `since_ms`."""

    names: tuple[str, ...]
    since_ms: int


@dataclass(frozen=True, slots=True)
class ListUnread:
    """The list could not be read, for the first time since it could."""

    error: WorkbenchError


class NewcomerWatch:
    """Knows which functions are followed, and reads the list again now and then. Follows none."""

    def __init__(
        self,
        catalogue: FunctionCatalogue,
        words: Sequence[str],
        followed: Sequence[str],
        pace: ListPace,
        wall_ms: Callable[[], int],
    ) -> None:
        """`words` are those of the command line, and `followed` what they stood for when the list was read."""
        self._catalogue = catalogue
        self._globs = globs_in(words)
        self._known = set(followed)
        self._pace = pace
        self._wall_ms = wall_ms

    def forget(self, names: Sequence[str]) -> None:
        """These are gone again: when they come back they are new."""
        self._known.difference_update(names)

    async def found(self) -> AsyncGenerator[Newcomers | ListUnread, None]:
        """What is new in the list, as it is seen; without a glob nothing ever is."""
        pages = looks = 0
        unread = False
        listed_ms = self._wall_ms()
        while self._globs:
            await asyncio.sleep(self._pace.pause_s(pages, looks))
            now_ms = self._wall_ms()
            listed: list[str] = []
            pages = 0
            looks += 1
            try:
                async for page in self._catalogue.pages():
                    pages += 1
                    listed += [function.name for function in page.functions]
            except WorkbenchError as error:
                if not unread:
                    yield ListUnread(error)
                unread = True
                continue
            unread = False
            names = tuple(dict.fromkeys(name for name in matching(listed, self._globs) if name not in self._known))
            if names:
                looks = 0
                self._known.update(names)
                yield Newcomers(names, listed_ms - _MARGIN_MS)
            listed_ms = now_ms
