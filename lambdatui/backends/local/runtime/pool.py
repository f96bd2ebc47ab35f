"""The execution environments of all functions: warm ones reused, new ones started, throttled above the limit."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest, LogSink, RunnerOptions
from lambdatui.backends.local.runtime.ground import Ground
from lambdatui.backends.local.runtime.guarding import Guard
from lambdatui.backends.local.runtime.instance import Instance
from lambdatui.backends.local.runtime.memory import MemoryWatch
from lambdatui.backends.local.runtime.processes import process_table
from lambdatui.backends.local.runtime.runtimes import launch_of
from lambdatui.backends.local.runtime.source import Snapshot, SourceWatch, just_edited, what_changed
from lambdatui.core.errors import MayHaveRun, Throttled, Unreachable
from lambdatui.core.functions import Reserved
from lambdatui.core.invocation import Completed

# What makes an environment another one: the rest of a spec (description, retries, …) can change around it.
_RUNNING_FIELDS = {
    "runtime": "runtime",
    "handler": "handler",
    "code_path": "code folder",
    "memory_mb": "memory",
    "timeout_s": "timeout",
    "environment": "environment",
    "log_format": "log format",
    "log_level": "log level",
    "interpreter": "interpreter",
    "layers": "layers",
    "architecture": "architecture",
}


@dataclass(slots=True)
class _Shelf:
    """The environments of one function, and how function and files looked when the newest was wanted."""

    spec: FunctionSpec
    snapshot: Snapshot
    idle: list[Instance] = field(default_factory=list)
    busy: set[Instance] = field(default_factory=set)


class Pool:
    """Implements `Executor`. Owns every environment, the guard and the memory watch.

    Create it anywhere; call it on the runner's loop only. `on_recycled` hears the function's name and a sentence
    when a changed file or setting makes its environments stale: the next invocation gets a fresh one.
    """

    def __init__(
        self,
        options: RunnerOptions,
        sink: LogSink,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_recycled: Callable[[str, str], None] = lambda _name, _sentence: None,
    ) -> None:
        self._options = options
        self._on_recycled = on_recycled
        self._shelves: dict[str, _Shelf] = {}
        self._sources = SourceWatch()
        self._made_of: dict[Instance, tuple[FunctionSpec, Snapshot]] = {}
        self._timers: dict[Instance, asyncio.TimerHandle] = {}
        self._number = 0
        self._closed = False
        processes = process_table()
        marker = uuid.uuid4().hex
        folder = Path(tempfile.gettempdir(), f"lambdatui-{marker}")
        guard = Guard(marker, folder)
        self._ground = Ground(options, sink, clock, processes, guard, MemoryWatch(processes), marker, folder)

    async def execute(self, spec: FunctionSpec, request: LocalRequest) -> Completed:
        """Run `spec` once and wait for its end. Cancelling ends its environment at once, with all in it.

        Raises:
            Throttled: no environment is free and the concurrency allows no other; `reason` is AWS's word.
            Unreachable: no environment can be started: what is missing is in the detail.
            MayHaveRun: the pool was closed meanwhile.
            InvalidInput: the function's environment holds variables that Lambda reserves.
        """
        if self._closed:
            raise Unreachable(f"{spec.name} was not run", "The local runner is closed.")
        if spec.problem:
            raise Unreachable(f"{spec.name} can't run", spec.problem)
        shelf = self._shelf(spec)
        self._admit(spec, shelf)
        instance = self._take(spec, shelf)
        shelf.busy.add(instance)
        try:
            completed = await instance.invoke(request)
        finally:
            shelf.busy.discard(instance)
            self._give_back(instance)
        if self._closed:
            raise MayHaveRun(f"{spec.name} was ended", "The local runner was closed while it ran.")
        return completed

    async def close(self) -> None:
        """End every environment and whatever it started."""
        if self._closed:
            return
        self._closed = True
        instances = [instance for shelf in self._shelves.values() for instance in (*shelf.idle, *shelf.busy)]
        for instance in instances:
            instance.end(thoroughly=False)  # the guard looks for strays, once for all
        self._ground.memory.close()
        await asyncio.gather(*(instance.ended() for instance in instances))
        self._ground.guard.close()

    def _shelf(self, spec: FunctionSpec) -> _Shelf:
        """The shelf of `spec`, with what has gone stale taken off it."""
        snapshot = self._sources.snapshot(spec)
        shelf = self._shelves.get(spec.name)
        if shelf is None:
            shelf = self._shelves[spec.name] = _Shelf(spec, snapshot)
            return shelf
        reason = _difference(shelf.spec, shelf.snapshot, spec, snapshot)
        stale = bool(reason) and bool(shelf.idle or shelf.busy)
        shelf.spec, shelf.snapshot = spec, snapshot
        if stale:
            for instance in tuple(shelf.idle):
                instance.end()
            self._on_recycled(spec.name, f"{reason}: the next invocation of {spec.name} starts fresh")
        return shelf

    def _admit(self, spec: FunctionSpec, shelf: _Shelf) -> None:
        match spec.reserved:
            case Reserved(executions):
                if len(shelf.busy) >= executions:
                    raise Throttled(
                        "Rate Exceeded.",
                        f"{spec.name}: its reserved concurrency allows {executions} at once.",
                        "Raise the function's reserved concurrency." if executions else "0 stops the function.",
                        reason="ReservedFunctionConcurrentInvocationLimitExceeded",
                    )
            case _:
                running = sum(len(s.busy) for s in self._shelves.values() if not isinstance(s.spec.reserved, Reserved))
                if running >= self._options.concurrency_limit:
                    raise Throttled(
                        "Rate Exceeded.",
                        f"All functions together: the local runner allows {self._options.concurrency_limit} at once.",
                        "Raise the runner's concurrency limit in the settings.",
                        reason="ConcurrentInvocationLimitExceeded",
                    )

    def _take(self, spec: FunctionSpec, shelf: _Shelf) -> Instance:
        while shelf.idle:
            instance = shelf.idle.pop()
            self._timers.pop(instance).cancel()
            if instance.alive:
                return instance
        launch = launch_of(spec, just_edited=just_edited(shelf.snapshot))
        if self._number == 0:
            # Now, not when the pool is made: from here on the guard sees to its removal.
            self._ground.folder.mkdir(mode=0o700)
        self._number += 1
        instance = Instance(spec, launch, self._ground, self._number, self._forget)
        self._made_of[instance] = (spec, shelf.snapshot)
        return instance

    def _give_back(self, instance: Instance) -> None:
        if not instance.alive:
            return
        shelf = self._shelves[instance.spec.name]
        if self._closed or _difference(*self._made_of[instance], shelf.spec, shelf.snapshot):
            instance.end()
            return
        shelf.idle.append(instance)
        self._timers[instance] = asyncio.get_running_loop().call_later(self._options.idle_s, instance.end)

    def _forget(self, instance: Instance) -> None:
        self._made_of.pop(instance, None)
        timer = self._timers.pop(instance, None)
        if timer is not None:
            timer.cancel()
        shelf = self._shelves[instance.spec.name]
        if instance in shelf.idle:
            shelf.idle.remove(instance)


def _difference(old: FunctionSpec, old_files: Snapshot, new: FunctionSpec, new_files: Snapshot) -> str:
    """Why an environment made for `old` can't run `new`, in a few words; "" when it can."""
    if old is not new:
        for name, label in _RUNNING_FIELDS.items():
            if getattr(old, name) != getattr(new, name):
                return f"the {label} changed"
    if old_files is new_files or old_files == new_files:
        return ""
    return what_changed(old_files, new_files, new.code_path)
