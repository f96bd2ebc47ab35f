"""Watches how much memory the running environments hold, and ends the one that takes more than its function has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from lambdatui.backends.local.runtime.processes import ProcessTable

_ROUNDS_BETWEEN_SEARCHES = 20


@dataclass(slots=True, eq=False)
class Watched:
    """One environment's memory: the limit, and the most that it held so far, in bytes."""

    root: int
    marker: str
    limit_bytes: int
    on_exceeded: Callable[[], None]
    peak_bytes: int = 0
    strays: set[int] = field(default_factory=set)


class MemoryWatch:
    """Owns one task that looks while something runs. cgroups would be exact, but need privileges."""

    def __init__(self, processes: ProcessTable) -> None:
        self._processes = processes
        self._running: set[Watched] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, watched: Watched) -> None:
        """Watch an environment until `discard`."""
        self._running.add(watched)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._watch(), name="memory watch")

    def discard(self, watched: Watched) -> None:
        """It runs no more."""
        self._running.discard(watched)

    def measure(self, watched: Watched) -> None:
        """Look at one environment now."""
        usage = self._processes.usage(watched.root, watched.strays)
        watched.peak_bytes = max(watched.peak_bytes, usage.peak_bytes, usage.resident_bytes)
        if usage.resident_bytes <= watched.limit_bytes:
            return
        # Forked processes share pages: count those once before an environment is ended for them.
        if usage.processes > 1:
            held = self._processes.unshared_bytes(watched.root, watched.strays)
            if held <= watched.limit_bytes:
                return
        watched.on_exceeded()

    def overran(self, watched: Watched) -> bool:
        """Whether the runtime itself held too much between two looks. Fast: asked after every invocation."""
        peak_bytes = self._processes.peak_bytes(watched.root)
        if not peak_bytes and not watched.peak_bytes:
            self.measure(watched)  # no fast way here (macOS): once an environment, then the watch does it
        watched.peak_bytes = max(watched.peak_bytes, peak_bytes)
        return peak_bytes > watched.limit_bytes

    def close(self) -> None:
        """Stop watching."""
        self._running.clear()
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        rounds = 0
        idle_rounds = 0
        while idle_rounds < _ROUNDS_BETWEEN_SEARCHES:
            await asyncio.sleep(self._processes.interval_s)
            rounds += 1
            idle_rounds = 0 if self._running else idle_rounds + 1
            for watched in tuple(self._running):
                if rounds % _ROUNDS_BETWEEN_SEARCHES == 0:
                    # Processes that left the tree (a daemon) count as well; finding them reads the whole table.
                    watched.strays = self._processes.members(watched.root, watched.marker)
                self.measure(watched)
