"""Reads lists that come in pages, and parts of an answer that may be denied while the rest is not."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping
from lambdatui.core.errors import CredentialsExpired, NotFound, Unreachable, WorkbenchError
from lambdatui.core.reading import Unread

Part = TypeVar("Part")


async def all_pages(session: Session, operation: str, field: str, **parameters: Any) -> list[Any]:
    """The entries of `field` on every page of a Lambda list.

    Raises:
        WorkbenchError: a page could not be read: never silently a part of the list.
    """
    found: list[Any] = []
    asked: set[str] = set()
    place: dict[str, str] = {}
    while True:
        answer = mapping(await session.call("lambda", operation, **parameters, **place))
        entries = answer.get(field)
        found += entries if isinstance(entries, list) else []
        marker = answer.get("NextMarker")
        if not isinstance(marker, str) or not marker:
            return found
        if marker in asked:
            raise Unreachable(f"{operation} does not end", "AWS gave the same page twice.", "Try again.")
        asked.add(marker)
        place = {"Marker": marker}


async def part(name: str, reading: Awaitable[tuple[Part, ...]]) -> tuple[tuple[Part, ...], tuple[Unread, ...]]:
    """A part and nothing unread, or nothing and why: what is refused to one call says nothing about the others.

    Raises:
        CredentialsExpired, Unreachable, NotFound: it is so for all parts.
    """
    try:
        return await reading, ()
    except (CredentialsExpired, Unreachable, NotFound):
        raise
    except WorkbenchError as error:
        return (), (Unread(name, error),)
