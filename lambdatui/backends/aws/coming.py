# ruff: noqa: ARG002  # it refuses whatever it is asked
"""Stands in for the port of AWS that is not built yet: says so, by type."""

from __future__ import annotations

from lambdatui.core.configuration import Change, Configuration, Progress, unheard
from lambdatui.core.errors import Unsupported


class ComingConfiguration:
    """Implements `ConfigurationStore` by refusing."""

    async def read(self, function_name: str) -> Configuration:
        """See `ConfigurationStore.read`."""
        raise Unsupported("Settings on AWS can't be read yet")

    async def apply(
        self, function_name: str, changes: tuple[Change, ...], revision_id: str, progress: Progress = unheard
    ) -> Configuration:
        """See `ConfigurationStore.apply`."""
        raise Unsupported("Settings on AWS can't be changed yet")
