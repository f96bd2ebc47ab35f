"""Queries over the logs of functions in CloudWatch Logs Insights: what is asked, how far it is, what came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lambdatui.core.limits import INSIGHTS_USD_PER_GB, Prices

MOST_GROUPS = 50
"""So many log groups one query takes (StartQuery)."""
MOST_ROWS = 10_000
POINTER = "@ptr"
"""The column that names a row's log event; it is for machines, and not shown."""


@dataclass(frozen=True, slots=True)
class InsightsQuery:
    """One query, over whole seconds since the epoch, UTC, both included. `limit` rows at most, `MOST_ROWS` in all."""

    text: str
    start_s: int
    end_s: int
    limit: int = 1_000


@dataclass(frozen=True, slots=True)
class InsightsProgress:
    """How far a query is. `status` is AWS's word: Scheduled, Running, Complete, Failed, Cancelled, Timeout, Unknown.

    `rows` are those found so far: column name → text, in AWS's order, `columns` in the order of the query.
    """

    status: str
    columns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = field(default=())
    scanned_bytes: float = 0.0
    scanned_records: float = 0.0
    matched_records: float = 0.0
    left_out: tuple[str, ...] = ()
    """Functions that are not looked at, as their log group does not exist (yet)."""

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.status in ("Scheduled", "Running")

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """The columns for people."""
        return tuple(column for column in self.columns if column != POINTER)


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A query that is worth having at hand. `text` works on both log formats."""

    name: str
    explains: str
    text: str


class Insights(Protocol):
    """Runs queries over the log groups of functions."""

    def run(self, function_names: tuple[str, ...], query: InsightsQuery) -> AsyncIterator[InsightsProgress]:
        """How far `query` is, again and again, with the rows found so far; ends when it has ended.

        A query that is given up (the iterator is closed, or its task cancelled) is stopped: what it has scanned
        by then is what it costs. Source: CloudWatch Logs StartQuery, GetQueryResults, StopQuery.
        Raises:
            InvalidInput: more functions than a query takes.
            MalformedQuery: the query can't be read.
            NotFound: none of the log groups is there yet, or one is not and nobody may ask which.
            Denied: the permission to query is missing.
            Throttled: too many queries run at once in this account.
        """
        ...

    async def record(self, pointer: str) -> Mapping[str, str]:
        """Every field of the log event that a row's `POINTER` names. Source: CloudWatch Logs GetLogRecord."""
        ...


def scan_cost_usd(scanned_bytes: float, prices: Prices | None = None) -> float:
    """What scanning so many bytes costs, in US dollars: an estimate, in us-east-1's price unless `prices` differ."""
    per_gb = prices.insights_per_gb_usd if prices is not None else INSIGHTS_USD_PER_GB
    return scanned_bytes / 1_000_000_000 * per_gb
