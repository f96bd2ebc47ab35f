# ruff: noqa: ARG002  # it refuses whatever it is asked
"""Stands in for the two ports of AWS that are not built yet: says so, by type."""

from __future__ import annotations

from collections.abc import AsyncIterator

from lambdatui.core.configuration import Change, Configuration
from lambdatui.core.errors import Unsupported
from lambdatui.core.logs import LogEvent, TailQuery, TailUpdate


class ComingLogs:
    """Implements `LogSource` by refusing."""

    def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """See `LogSource.tail`."""
        raise Unsupported("Logs of AWS can't be read yet")

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See `LogSource.older`."""
        raise Unsupported("Logs of AWS can't be read yet")


class ComingConfiguration:
    """Implements `ConfigurationStore` by refusing."""

    async def read(self, function_name: str) -> Configuration:
        """See `ConfigurationStore.read`."""
        raise Unsupported("Settings on AWS can't be read yet")

    async def apply(self, function_name: str, changes: tuple[Change, ...], revision_id: str) -> Configuration:
        """See `ConfigurationStore.apply`."""
        raise Unsupported("Settings on AWS can't be changed yet")
