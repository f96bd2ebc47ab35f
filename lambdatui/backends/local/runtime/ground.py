"""What all execution environments of one pool share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lambdatui.backends.local.contracts import LogSink, RunnerOptions
from lambdatui.backends.local.runtime.guarding import Guard
from lambdatui.backends.local.runtime.memory import MemoryWatch
from lambdatui.backends.local.runtime.processes import ProcessTable


@dataclass(frozen=True, slots=True)
class Ground:
    """`marker` is the workbench's own; `folder` holds the sandboxes' temporary files."""

    options: RunnerOptions
    sink: LogSink
    clock: Callable[[], datetime]
    processes: ProcessTable
    guard: Guard
    memory: MemoryWatch
    marker: str
    folder: Path
