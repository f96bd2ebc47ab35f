"""One run of a runtime: its child process, its Runtime API, and how each step of it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.runtime.child import Child
from lambdatui.backends.local.runtime.environment import Surroundings, child_environment
from lambdatui.backends.local.runtime.ground import Ground
from lambdatui.backends.local.runtime.memory import Watched
from lambdatui.backends.local.runtime.output import OutputParser
from lambdatui.backends.local.runtime.runtime_api import Event, RuntimeAnswer, RuntimeApi
from lambdatui.backends.local.runtime.runtimes import Launch
from lambdatui.backends.local.runtime.stream import LogStream

_EXIT_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The runtime waits for an event."""


@dataclass(frozen=True, slots=True)
class Exited:
    """The process ended by itself; `returncode` as `subprocess` gives it."""

    returncode: int


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time was over; everything has been killed."""


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """It took more memory than the function has; everything has been killed."""


Ending: TypeAlias = Ready | Exited | TimedOut | OutOfMemory


class Sandbox:
    """Owns a child and the port it talks to. One step at a time: its start, then one event after the other.

    Knows nothing of START, REPORT or what is answered to whom.
    """

    def __init__(self, spec: FunctionSpec, launch: Launch, stream: LogStream, ground: Ground, marker: str) -> None:
        self._spec = spec
        self._launch = launch
        self._stream = stream
        self._ground = ground
        self._marker = marker
        self._parser = OutputParser()
        self._api = RuntimeApi(self, spec.name, spec.handler)
        self._child = Child(marker, ground.processes, self._hear)
        self._step: asyncio.Future[Ending] | None = None
        self._watched: Watched | None = None
        self._on_chunk: Callable[[bytes], None] | None = None
        self.answer: RuntimeAnswer | None = None
        self.init_failure: RuntimeAnswer | None = None

    @property
    def exited(self) -> asyncio.Future[int]:
        """Done when the child has ended."""
        return self._child.exited

    @property
    def started(self) -> bool:
        """Whether there is, or was, a process."""
        return self._child.pid > 0

    @property
    def peak_bytes(self) -> int:
        """The most memory that was measured so far."""
        return self._watched.peak_bytes if self._watched is not None else 0

    async def initialise(self, limit_s: float) -> Ending:
        """Start the child and wait until it asks for an event.

        Raises:
            OSError: the program can't be started.
            InvalidInput: see `child_environment`.
        """
        folder = self._ground.folder / self._marker
        for name in ("home", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        around = Surroundings(
            runtime_api=await self._api.start(),
            log_stream=self._stream.name,
            marker=self._marker,
            folder=folder,
            passed=self._ground.options.passed_environment,
            program_folder=self._launch.program_folder,
            python_version=self._launch.python_version,
        )
        environment = child_environment(self._spec, around)
        pid = self._child.start(self._launch.argv, self._spec.code_path, environment, self._launch.telemetry)
        self._ground.guard.add(pid)
        self._child.exited.add_done_callback(self._ended)
        limit_bytes = self._spec.memory_mb * 1024 * 1024
        self._watched = Watched(pid, self._marker, limit_bytes, self._exceeded)
        return await self._until_step_ends(limit_s)

    async def run(self, event: Event, limit_s: float, on_chunk: Callable[[bytes], None] | None = None) -> Ending:
        """Give the runtime `event` and wait until it asks for the next one; `answer` holds what it posted.

        `on_chunk` gets what the runtime streams, as it comes.
        """
        self.answer = None
        self._on_chunk = on_chunk
        self._api.offer(event)
        return await self._until_step_ends(limit_s)

    def kill(self) -> None:
        """End everything in it, now."""
        self._child.kill()

    def close(self, *, thoroughly: bool = True) -> None:
        """End everything in it, and forget it. Not `thoroughly`: only its process group, which is quick."""
        self._child.kill(thoroughly=thoroughly)
        self._api.close()
        self._child.close()
        self._stream.extend(self._parser.flush(self._stream.now_ms()))

    def runtime_waits(self) -> None:
        """See `RuntimeListener`."""
        # What was written before this request is in the pipe by now.
        self._child.drain()
        self._stream.extend(self._parser.flush(self._stream.now_ms()))
        self._settle(Ready())

    def runtime_answered(self, answer: RuntimeAnswer) -> None:
        """See `RuntimeListener`."""
        self.answer = answer

    def runtime_streamed(self, piece: bytes) -> None:
        """See `RuntimeListener`."""
        if self._on_chunk is not None:
            self._on_chunk(piece)

    def runtime_failed_init(self, answer: RuntimeAnswer) -> None:
        """See `RuntimeListener`."""
        self._measure()
        self.init_failure = answer

    async def _until_step_ends(self, limit_s: float) -> Ending:
        loop = asyncio.get_running_loop()
        step: asyncio.Future[Ending] = loop.create_future()
        self._step = step
        timer = loop.call_later(limit_s, self._settle, TimedOut())
        watched = self._watched
        if watched is not None:
            self._ground.memory.add(watched)
        if self._child.exited.done():
            self._settle(Exited(self._child.exited.result()))
        try:
            ending = await step
            if isinstance(ending, Ready) and watched is not None and self._ground.memory.overran(watched):
                ending = OutOfMemory()
            if isinstance(ending, TimedOut | OutOfMemory):
                self._measure()
                self.kill()
                await asyncio.wait([self._child.exited], timeout=_EXIT_WAIT_S)
        finally:
            timer.cancel()
            self._step = None
            if watched is not None:
                self._ground.memory.discard(watched)
        return ending

    def _measure(self) -> None:
        if self._watched is not None:
            self._ground.memory.measure(self._watched)

    def _settle(self, ending: Ending) -> None:
        if self._step is not None and not self._step.done():
            self._step.set_result(ending)

    def _exceeded(self) -> None:
        self._settle(OutOfMemory())

    def _ended(self, exited: asyncio.Future[int]) -> None:
        self._ground.guard.discard(self._child.pid)
        if exited.cancelled():
            return
        self._stream.extend(self._parser.flush(self._stream.now_ms()))
        self._settle(Exited(exited.result()))

    def _hear(self, piece: bytes) -> None:
        self._stream.extend(self._parser.feed(piece, self._stream.now_ms()))
