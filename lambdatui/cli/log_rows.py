"""A log as invocations: one row each, as they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lambdatui.cli.times import Stamps
from lambdatui.core.cost import format_usd
from lambdatui.core.log_invocations import Invocation, InvocationIndex, InvocationStatus
from lambdatui.core.log_masks import Cover
from lambdatui.core.logs import LogEvent
from lambdatui.core.text import clean

Record = dict[str, object]
CostOf = Callable[[Invocation], float | None]
"""What an invocation would cost, in US dollars; None where it is not known."""


@dataclass(slots=True)
class InvocationRows:
    """Puts invocations together from events, and gives each attempt out once: when it has ended, or at the end."""

    errors: bool = False
    meant: Callable[[str], bool] | None = None
    """Which request ids are wanted; all where there is none."""
    index: InvocationIndex = field(default_factory=lambda: InvocationIndex(1_000_000))
    _given: set[tuple[str, int]] = field(default_factory=set)

    def extend(self, events: Iterable[LogEvent]) -> list[Invocation]:
        """Take a batch; the invocations that have ended with it."""
        changed = (self.index.find(request_id) for request_id in self.index.extend(events))
        return self._new(row for row in changed if row is not None and row.report is not None)

    def rest(self, now_ms: int) -> list[Invocation]:
        """Those that were not given out: what runs at `now_ms`, and what left no report. The oldest first."""
        self.index.give_up(now_ms)
        return self._new(self.index)

    def _new(self, rows: Iterable[Invocation]) -> list[Invocation]:
        new: list[Invocation] = []
        for row in rows:
            wanted = (self.meant is None or self.meant(row.request_id)) and (row.status.failed or not self.errors)
            key = (row.request_id, row.attempts)
            if wanted and key not in self._given:
                self._given.add(key)
                new.append(row)
        return new


@dataclass(slots=True)
class RowText:
    """Writes rows for eyes. `tone` colours a text where colour is wanted, `cover` is what shows of an error."""

    cost_of: CostOf
    stamps: Stamps
    several: bool
    tone: Callable[[str, str], str]
    cover: Cover

    def line(self, row: Invocation) -> str:
        """Start, function where there are several, status, figures, request id, error."""
        status = self.tone(f"{row.status.value:<13}", _TONES.get(row.status, "bad" if row.status.failed else "dim"))
        name = f"{clean(row.function_name)}  " if self.several else ""
        stamp = self.tone(self.stamps.text(row.started_ms), "dim")
        parts = [f"{stamp}  {name}{status}", *self._figures(row), row.request_id, *self._why(row)]
        return "  ".join(parts).rstrip()

    def _figures(self, row: Invocation) -> Iterator[str]:
        report = row.report
        cost = self.cost_of(row)
        if report is None:
            yield " " * 68
            return
        yield f"{report.duration_ms:>11,.1f} ms"
        metered = report.metered
        yield f"billed {row.billed_ms:>7,} ms" if metered else " " * 17
        yield f"{report.max_memory_used_mb:>5,} of {report.memory_size_mb:,} MB" if metered else " " * 15
        yield f"{'' if report.init_ms is None else f'cold +{report.init_ms:,.0f} ms':<14}"
        yield f"{'' if cost is None else f'≈{format_usd(cost)}':<12}"

    def _why(self, row: Invocation) -> Sequence[str]:
        told = self.cover(clean(": ".join(part for part in (row.error_type, row.error_message) if part)))
        attempts = f"attempt {row.attempts}" if row.attempts > 1 else ""
        return [part for part in (attempts, " ".join(told.split())) if part]


def row_record(row: Invocation, cost: float | None, cover: Cover) -> Record:
    """`tail --invocations --json`, a line an invocation, by the names that Lambda's own report has. Times in ms."""
    report = row.report
    metered = report if report is not None and report.metered else None
    return {
        "requestId": row.request_id,
        "function": row.function_name,
        "logStreamName": row.stream,
        "startedAt": row.started_ms,
        "status": row.status.value,
        "durationMs": report and report.duration_ms,
        "billedDurationMs": metered and row.billed_ms,
        "memorySizeMB": metered and metered.memory_size_mb,
        "maxMemoryUsedMB": metered and metered.max_memory_used_mb,
        "initDurationMs": report and report.init_ms,
        "costUsd": cost,
        "attempts": row.attempts,
        "errorType": cover(row.error_type),
        "errorMessage": cover(row.error_message),
    }


_TONES = {InvocationStatus.OK: "good"}
