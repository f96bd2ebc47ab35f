"""One reading of the list of functions, page by page, and what is shown of it meanwhile."""

from __future__ import annotations

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionPage, FunctionSummary

_PAUSE_S = 0.4
"""Thousands of rows take 10 ms to arrange and to paint: not for each page that arrives."""


class Listing:
    """Collects pages over the list that was shown before: no row goes away before the reading came to its end.

    A reading that breaks off leaves what it did not reach as it was. Has no clock: it is told the time.
    """

    def __init__(self, before: tuple[FunctionSummary, ...]) -> None:
        self._before = before
        self._shown = {function.name: function for function in before}
        self._read: list[FunctionSummary] = []
        self._told_at_s = float("-inf")
        self.problems: list[WorkbenchError] = []

    @property
    def has_read(self) -> bool:
        """Whether any page came."""
        return bool(self._read)

    def add(self, page: FunctionPage, now_s: float) -> tuple[FunctionSummary, ...] | None:
        """What to show now that `page` came; None when the next will be soon enough."""
        self._read += page.functions
        self.problems += page.problems
        self._shown.update({function.name: function for function in page.functions})
        if now_s - self._told_at_s < _PAUSE_S:
            return None
        self._told_at_s = now_s
        return tuple(self._shown.values()) if self._before else tuple(self._read)

    def ended(self) -> tuple[FunctionSummary, ...]:
        """The list: what is on none of its pages is gone."""
        return tuple(self._read)

    def broke_off(self, error: WorkbenchError) -> tuple[FunctionSummary, ...]:
        """What is known now."""
        self.problems.append(error)
        return tuple(self._shown.values())
