"""Every invocation made, with its request and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

# Types only: the history is put together before the first frame.
if TYPE_CHECKING:
    from lambdatui.core.invocation import InvocationType
    from lambdatui.core.report import Report


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One invocation. `outcome` is the headline's word; `answer` is the response's payload or the error's text."""

    at: datetime
    function_name: str
    invocation_type: InvocationType
    request_id: str
    event_name: str
    payload: bytes
    outcome: str
    answer: bytes
    report: Report | None
    elapsed_ms: float


class History(Protocol):
    """Keeps invocations of one target; survives a crash."""

    async def add(self, row: HistoryRow) -> None:
        """Keep `row`; it is on disk when this returns."""
        ...

    async def recent(self, function_name: str | None = None, limit: int = 200) -> tuple[HistoryRow, ...]:
        """The newest rows first, of one function or of all."""
        ...

    async def last_used(self) -> Mapping[str, datetime]:
        """When each function was last invoked from here."""
        ...
