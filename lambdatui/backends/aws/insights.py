"""Runs queries in CloudWatch Logs Insights: started once, asked for until they end, stopped when nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from lambdatui.backends.aws.errors import aws_code
from lambdatui.backends.aws.insights_malformed import malformed
from lambdatui.backends.aws.log_groups import LogGroups
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.core.errors import Denied, InvalidInput, NotFound, WorkbenchError
from lambdatui.core.insights import MOST_GROUPS, MOST_ROWS, InsightsProgress, InsightsQuery
from lambdatui.core.listed import listed
from lambdatui.core.text import clean

_PAUSES_S = (0.2, 0.3, 0.5, 0.8)
"""Between two questions for the results, the last one from then on; most queries take one to three seconds."""
_FIRST = "It is made by the function's first invocation."


class AwsInsights:
    """Implements `Insights`. Owns no query: each lives as long as its iterator."""

    def __init__(
        self,
        session: Session,
        log_group_of: Callable[[str], Awaitable[str]],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`log_group_of` gives the log group of a function; `pause` waits so many seconds."""
        self._session = session
        self._log_group_of = log_group_of
        self._groups = LogGroups(session)
        self._pause = pause
        self._endings: set[asyncio.Future[None]] = set()

    async def run(self, function_names: tuple[str, ...], query: InsightsQuery) -> AsyncIterator[InsightsProgress]:
        """See `Insights.run`. Which groups are missing is asked when the query was refused: mostly none is."""
        found = await asyncio.gather(*map(self._log_group_of, function_names))
        group_of = dict(zip(function_names, found, strict=True))
        groups = dict.fromkeys(found)
        if len(groups) > MOST_GROUPS:
            raise InvalidInput(
                f"{len(groups)} log groups: a query takes {MOST_GROUPS}",
                hint="Pick fewer functions, then run it again.",
            )
        left_out: tuple[str, ...] = ()
        try:
            query_id = await self._start(groups, query)
        except NotFound as error:
            missing = await self._missing(groups, error)
            left_out = tuple(name for name, group in group_of.items() if group in missing)
            query_id = await self._start([group for group in groups if group not in missing], query)
        async with aclosing(self._follow(query_id)) as steps:
            async for progress in steps:
                yield replace(progress, left_out=left_out)

    async def record(self, pointer: str) -> Mapping[str, str]:
        """See `Insights.record`."""
        answer = await self._session.call("logs", "GetLogRecord", logRecordPointer=pointer)
        return {text(key): clean(str(value)) for key, value in mapping(answer.get("logRecord")).items()}

    async def _missing(self, groups: Collection[str], refusal: NotFound) -> frozenset[str]:
        """Those of the groups that are not there: some of them, not all.

        Raises:
            NotFound: none of them is there, or nobody may know which.
        """
        try:
            missing = frozenset(groups) if len(groups) == 1 else await self._groups.missing(groups)
        except Denied as error:
            raise NotFound(
                "A log group of the query is not there yet",
                f"It can't be left out: {error.title}",
                f"{_FIRST} With {error.permission} the others are queried without it.",
            ) from refusal
        if 0 < len(missing) < len(groups):
            return missing
        if not missing:
            raise refusal  # it was made, or deleted, between the two calls
        what = "The log group is not" if len(missing) == 1 else f"None of the {len(missing)} log groups is"
        raise NotFound(f"{what} there yet", listed(sorted(missing)), _FIRST) from refusal

    async def _start(self, groups: Iterable[str], query: InsightsQuery) -> str:
        """The id of the query. Sent once: a second one would scan, and cost, again."""
        starting = asyncio.ensure_future(
            self._session.call(
                "logs",
                "StartQuery",
                self._session.once,
                logGroupNames=list(groups),
                queryString=query.text,
                startTime=query.start_s,
                endTime=query.end_s,
                limit=min(query.limit, MOST_ROWS),
            )
        )
        try:
            return _id_of(await asyncio.shield(starting))
        except InvalidInput as error:
            if aws_code(error) == "MalformedQueryException":
                raise malformed(error, query.text) from error
            raise
        except asyncio.CancelledError:
            # The request is on its way: its query is stopped as soon as its id is known.
            ending = asyncio.ensure_future(self._stop_started(starting))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            raise

    async def _follow(self, query_id: str) -> AsyncGenerator[InsightsProgress, None]:
        running = True
        pauses = iter(_PAUSES_S)
        try:
            while running:
                await self._pause(next(pauses, _PAUSES_S[-1]))
                progress = progress_of(await self._session.call("logs", "GetQueryResults", queryId=query_id))
                running = progress.running
                yield progress
        finally:
            if running:
                await self._stop(query_id)

    async def _stop_started(self, starting: Awaitable[object]) -> None:
        try:
            started = await starting
        except WorkbenchError:
            return  # there is no query, and nobody who could be told
        await self._stop(_id_of(started))

    async def _stop(self, query_id: str) -> None:
        try:
            # Cancelled as this task may be, what scans on costs money.
            await asyncio.shield(self._session.call("logs", "StopQuery", queryId=query_id))
        except WorkbenchError:
            # It ended by itself in the meantime, or nobody can be reached: nothing is left to be done about it.
            return


def _id_of(started: object) -> str:
    return text(mapping(started).get("queryId"))


def progress_of(answer: Mapping[str, Any]) -> InsightsProgress:
    """`aws logs get-query-results`. A row's values are text; columns stand in the order of their first appearance."""
    rows = []
    columns: dict[str, None] = {}
    results = answer.get("results")
    for result in results if isinstance(results, list) else ():
        cells = [mapping(cell) for cell in result] if isinstance(result, list) else []
        row = {text(cell.get("field")): clean(str(cell.get("value", ""))) for cell in cells}
        columns.update(dict.fromkeys(row))
        rows.append(row)
    statistics = mapping(answer.get("statistics"))
    return InsightsProgress(
        text(answer.get("status")) or "Unknown",
        tuple(columns),
        tuple(rows),
        _number(statistics.get("bytesScanned")),
        _number(statistics.get("recordsScanned")),
        _number(statistics.get("recordsMatched")),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
