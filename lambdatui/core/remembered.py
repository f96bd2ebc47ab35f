"""What the workbench remembers from one start to the next, and the promises of those who keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.targets import Address


@dataclass(frozen=True, slots=True)
class Remembered:
    """Small choices made on the screen.

    `theme`, `sort_column` and `log_times` are "" until chosen. `pane_sizes` are in cells or per cent, as the layout
    has it; `hidden_panes` are pane names; `selected` holds the selected function by the target's key;
    `recent_targets` begin with the one that was opened last; `hidden_columns` are unwanted headers.
    """

    theme: str = ""
    sort_column: str = ""
    sort_descending: bool = False
    pane_sizes: Mapping[str, int] = field(default_factory=dict)
    hidden_panes: tuple[str, ...] = ()
    selected: Mapping[str, str] = field(default_factory=dict)
    recent_targets: tuple[Address, ...] = ()
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    """The version or alias that a function is invoked by, by "TARGET/FUNCTION"."""
    log_times: str = ""
    log_filters: tuple[str, ...] = ()
    """What log lines were filtered by, the newest first: see `filters_with`."""
    hidden_columns: tuple[str, ...] = ()


MOST_FILTERS = 50
_FILTER_CHARACTERS = 500


def filters_with(used: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The filters that are remembered once `used` was the last one: each once, so many at most, none that is huge."""
    if not used.strip() or len(used) > _FILTER_CHARACTERS:
        return before
    return (used, *(one for one in before if one != used))[:MOST_FILTERS]


class Memory(Protocol):
    """Keeps `Remembered`. Losing it is no harm: what can't be read or written is as if never chosen."""

    def load(self) -> Remembered:
        """The choices of last time; defaults for whatever is missing or damaged."""
        ...

    def save(self, remembered: Remembered) -> None:
        """Keep the choices, atomically; a folder that can't be written is no error."""
        ...


@dataclass(frozen=True, slots=True)
class KnownFunctions:
    """The list of a target as it was at `seen_at`: shown, and marked as such, until the target answers."""

    functions: tuple[FunctionSummary, ...]
    seen_at: datetime


class FunctionListCache(Protocol):
    """The last known list of functions of one target."""

    def load(self) -> KnownFunctions | None:
        """The list of last time; None when there is none that can be read."""
        ...

    def save(self, functions: tuple[FunctionSummary, ...]) -> None:
        """Keep the list, atomically; a folder that can't be written is no error."""
        ...
