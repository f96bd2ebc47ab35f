"""Covers what looks secret in the rows of Logs Insights, where a value stands apart from its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lambdatui.core.insights import POINTER, InsightsProgress
from lambdatui.core.log_masks import COVER, mask


def covered(progress: InsightsProgress) -> InsightsProgress:
    """`progress` with its rows covered."""
    secret = {column: _names_secret(column) for column in progress.columns}
    rows = tuple({key: _covered(key, value, secret=secret[key]) for key, value in row.items()} for row in progress.rows)
    return replace(progress, rows=rows)


def fields_covered(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of one log event, each covered as its name and its value ask for."""
    return {key: _covered(key, value, secret=_names_secret(key)) for key, value in fields.items()}


def _covered(key: str, value: str, *, secret: bool) -> str:
    if key == POINTER:
        return value  # it is for the service, and never shown
    return COVER if secret and value else mask(value)


def _names_secret(name: str) -> bool:
    # As a line would be read that says the same.
    return COVER in mask(f"{name}=value")
