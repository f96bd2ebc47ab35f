"""Which of some log groups exist: asked of CloudWatch Logs in as few calls as will do."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

from lambdatui.backends.aws.logs_rate import CallRate, Rate
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text

_CALLS_PER_SECOND = 5
"""DescribeLogGroups is limited to 10 a second in an account and region (CloudWatch Logs quotas, 2026)."""
_PAGE = 50


class LogGroups:
    """Asks for groups by the beginning of their names: there is no call that takes several names."""

    def __init__(self, session: Session, rate: Rate | None = None) -> None:
        self._session = session
        self._rate = rate or CallRate(_CALLS_PER_SECOND)

    async def missing(self, names: Collection[str]) -> frozenset[str]:
        """Those of `names` that no group has.

        Raises:
            Denied: logs:DescribeLogGroups is missing.
        """
        unknown = set(names)
        # What is picked together mostly begins alike: all of it may stand on one page.
        pages_at_most = max(len(unknown) // 2, 1)
        prefix = os.path.commonprefix(list(unknown))  # noqa: RUF071  # letter by letter is what is wanted
        async for page in self._pages(prefix):
            unknown -= _names_in(page)
            pages_at_most -= 1
            if not unknown or not page.get("nextToken"):
                return frozenset(unknown)
            if not pages_at_most:
                break
        # In the order of their names the group itself comes before those whose names go on.
        return frozenset([name for name in sorted(unknown) if name not in _names_in(await self._page(name, limit=1))])

    async def _pages(self, prefix: str) -> AsyncIterator[Mapping[str, Any]]:
        token: str | None = None
        while True:
            page = await self._page(prefix, limit=_PAGE, **({"nextToken": token} if token else {}))
            yield page
            token = text(page.get("nextToken"))

    async def _page(self, prefix: str, **parameters: Any) -> Mapping[str, Any]:
        """`aws logs describe-log-groups --log-group-name-prefix PREFIX`"""
        await self._rate.turn()
        if prefix:
            parameters["logGroupNamePrefix"] = prefix
        return mapping(await self._session.call("logs", "DescribeLogGroups", **parameters))


def _names_in(page: Mapping[str, Any]) -> set[str]:
    groups = page.get("logGroups")
    return {text(mapping(group).get("logGroupName")) for group in groups} if isinstance(groups, list) else set()
