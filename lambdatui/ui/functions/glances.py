"""What the list knows beyond the list: state, reserved concurrency and tags, as far as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.functions import FunctionDetail, FunctionSummary, Reserved, Unknown

_TROUBLE = ("Failed", "Inactive", "Pending")
"""States in which an invocation fails or waits; the worst first."""


@dataclass(frozen=True, slots=True, eq=False)
class Glances:
    """What was read of each function, or why it could not be. Compared by identity: it is told anew for each answer.

    `offered` is whether the target tells more than its list does; `stopped` why nobody is asked any more.
    """

    details: Mapping[str, FunctionDetail] = field(default_factory=dict)
    failures: Mapping[str, WorkbenchError] = field(default_factory=dict)
    stopped: WorkbenchError | None = None
    offered: bool = False

    def state(self, function: FunctionSummary) -> str:
        """AWS's word for the state; "?" when it could not be read, "" when it was not read yet."""
        detail = self.details.get(function.name)
        if detail is None:
            return self._unread(function)
        return "Updating" if detail.state == "Active" and detail.last_update == "InProgress" else detail.state

    def reserved(self, function: FunctionSummary) -> str:
        """The reserved concurrency, "–" for none, "?" when it could not be read, "" when it was not read yet."""
        detail = self.details.get(function.name)
        if detail is None:
            return self._unread(function)
        match detail.reserved:
            case Reserved(executions):
                return f"{executions:,}"
            case Unknown():
                return "?"
            case _:
                return "–"

    def is_stopped(self, function: FunctionSummary) -> bool:
        """Whether its reserved concurrency is 0: every invocation is throttled."""
        detail = self.details.get(function.name)
        return detail is not None and detail.reserved == Reserved(0)

    def trouble(self, function: FunctionSummary) -> str:
        """Why an invocation may fail, "" when nothing is known to be wrong: "Failed: the image is gone"."""
        detail = self.details.get(function.name)
        if detail is None:
            return ""
        if detail.state in _TROUBLE:
            return f"{detail.state}: {detail.state_reason}".removesuffix(": ")
        if detail.last_update == "Failed":
            return f"The last update failed: {detail.state_reason}".removesuffix(": ")
        return ""

    def state_rank(self, function: FunctionSummary) -> int:
        """Trouble first, then what is active, then what is not known."""
        state = self.state(function)
        if state in _TROUBLE:
            return _TROUBLE.index(state)
        return len(_TROUBLE) + (state in ("", "?"))

    def reserved_rank(self, function: FunctionSummary) -> float:
        """By the reserve, then what has none, then what is not known."""
        detail = self.details.get(function.name)
        if detail is None or isinstance(detail.reserved, Unknown):
            return float("inf")
        return detail.reserved.executions if isinstance(detail.reserved, Reserved) else 1e12

    def _unread(self, function: FunctionSummary) -> str:
        return "?" if function.name in self.failures or self.stopped is not None else ""


NOTHING_READ = Glances()
