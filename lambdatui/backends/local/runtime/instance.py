"""One execution environment: INIT once, then one invocation after the other, with Lambda's own words for each end."""

from __future__ import annotations

import asyncio
import json
import math
import secrets
import time
from collections.abc import Callable

from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest
from lambdatui.backends.local.runtime.ground import Ground
from lambdatui.backends.local.runtime.lines import platform_lines
from lambdatui.backends.local.runtime.results import Result, init_status, result_of
from lambdatui.backends.local.runtime.runtime_api import Event
from lambdatui.backends.local.runtime.runtimes import Launch
from lambdatui.backends.local.runtime.sandbox import Ending, Exited, Ready, Sandbox
from lambdatui.backends.local.runtime.stream import LogStream
from lambdatui.core.errors import Unreachable
from lambdatui.core.invocation import Completed
from lambdatui.core.report import Report

_MB = 1024 * 1024


class Instance:
    """Owns one environment from its INIT to its end: its log stream, its sandbox, its temporary folder.

    A first INIT that fails is tried again within the invocation, as Lambda does. After a timeout, an exit or too
    much memory it is over: `alive` is False.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        launch: Launch,
        ground: Ground,
        number: int,
        on_death: Callable[[Instance], None],
    ) -> None:
        self.spec = spec
        self.alive = True
        self._launch = launch
        self._ground = ground
        self._marker = f"{ground.marker}.{number}"
        self._stream = LogStream(spec.name, ground.sink, ground.clock)
        self._lines = platform_lines(spec.log_format)
        self._sandbox: Sandbox | None = None
        self._idle = True
        # On AWS these are /var/task/bootstrap and /opt/bootstrap.
        places = " ".join(map(str, launch.missing))
        self._entrypoint_problem = f"Couldn't find valid bootstrap(s): [{places}]" if places else ""
        self._on_death = on_death

    async def invoke(self, request: LocalRequest) -> Completed:
        """Run one invocation. Cancelling ends the environment with everything in it.

        Raises:
            Unreachable: the program that runs the function can't be started.
            InvalidInput: the function's environment holds what Lambda reserves.
        """
        self._idle = False
        try:
            return await self._invoke(request)
        except asyncio.CancelledError:
            message = f"RequestId: {request.request_id} Error: cancelled, its execution environment was ended"
            self._stream.say(*self._lines.fault(self._ground.clock(), request.request_id, message, "Runtime.Cancelled"))
            raise
        finally:
            if not self._idle:
                self.end()

    def end(self, *, thoroughly: bool = True) -> None:
        """Kill everything in it and give back what it holds. Called twice, does nothing.

        Not `thoroughly`: what left its process group is for the guard to find.
        """
        if not self.alive:
            return
        self.alive = False
        if self._sandbox is not None:
            self._sandbox.close(thoroughly=thoroughly)
        self._stream.flush()
        self._ground.guard.remove(self._ground.folder / self._marker)
        self._on_death(self)

    async def ended(self) -> None:
        """Wait until its process is gone."""
        if self._sandbox is not None and self._sandbox.started:
            await asyncio.wait([self._sandbox.exited], timeout=2)

    async def _invoke(self, request: LocalRequest) -> Completed:
        started_at = self._ground.clock()
        began_s = time.monotonic()
        self._stream.begin()
        init_ms: float | None = None
        ending: Ending = Ready()
        first_failed = False
        if self._sandbox is None:
            self._stream.say(*self._lines.init_start(started_at, self._version()))
            ending, spent_ms = await self._initialise("init", self._ground.options.init_timeout_s)
            first_failed = not isinstance(ending, Ready)
            init_ms = None if first_failed else spent_ms

        start_s = time.monotonic()
        if first_failed and not self._launch.missing:
            ending, _ = await self._initialise("invoke", self.spec.timeout_s)
        self._stream.say(*self._lines.start(self._ground.clock(), request.request_id))
        if isinstance(ending, Ready):
            left_s = self.spec.timeout_s - (time.monotonic() - start_s)
            ending = await self._running().run(self._event(request, left_s), left_s, request.on_chunk)
        sandbox = self._running()
        answer = sandbox.answer or sandbox.init_failure
        result = result_of(request.request_id, ending, answer, self.spec.timeout_s, self._entrypoint_problem)
        self._tell(request.request_id, result)
        report = self._report(request, result, (time.monotonic() - start_s) * 1000, init_ms)
        self._stream.say(*self._lines.end(self._ground.clock(), report, by_runtime=result.failure is None))
        self._stream.flush()
        self._idle = isinstance(ending, Ready)
        return Completed(
            request_id=request.request_id,
            status_code=200,
            payload=result.payload,
            function_error="Unhandled" if result.error_type else "",
            executed_version="$LATEST",
            log_tail=self._stream.tail,
            report=report,
            started_at=started_at,
            elapsed_ms=(time.monotonic() - began_s) * 1000,
        )

    async def _initialise(self, phase: str, limit_s: float) -> tuple[Ending, float]:
        """Start a fresh sandbox; returns how that ended and how long it took, in milliseconds."""
        if self._sandbox is not None:
            self._sandbox.close()
        self._sandbox = sandbox = Sandbox(self.spec, self._launch, self._stream, self._ground, self._marker)
        sandbox.exited.add_done_callback(self._idle_death)
        began_s = time.monotonic()
        if self._launch.missing:
            ending: Ending = Exited(1)
        else:
            try:
                ending = await sandbox.initialise(limit_s)
            except OSError as error:
                ending = self._not_started(error)
        spent_ms = (time.monotonic() - began_s) * 1000
        if not isinstance(ending, Ready):
            status, error_type = init_status(ending, sandbox.init_failure, self._entrypoint_problem)
            self._stream.say(*self._lines.init_report(self._ground.clock(), spent_ms, phase, status, error_type))
        return ending, spent_ms

    def _not_started(self, error: OSError) -> Ending:
        program = self._launch.argv[0]
        if not self._launch.custom:
            raise Unreachable(f"{self.spec.name}: {program} can't be started", str(error)) from error
        self._entrypoint_problem = f"fork/exec {program}: {(error.strerror or str(error)).lower()}"
        return Exited(1)

    def _tell(self, request_id: str, result: Result) -> None:
        """Write into the log why the platform ended the invocation, if it did."""
        if result.failure is None:
            return
        now, message = self._ground.clock(), result.failure.message
        if result.status == "timeout":
            self._stream.say(*self._lines.timed_out(now, request_id, message.partition(" Error: ")[2]))
        else:
            self._stream.say(*self._lines.fault(now, request_id, message, result.error_type))

    def _report(self, request: LocalRequest, result: Result, duration_ms: float, init_ms: float | None) -> Report:
        if result.status == "timeout":
            duration_ms = min(duration_ms, self.spec.timeout_s * 1000)
        return Report(
            request_id=request.request_id,
            duration_ms=duration_ms,
            billed_ms=max(1, math.ceil(duration_ms + (init_ms or 0))),
            memory_size_mb=self.spec.memory_mb,
            max_memory_used_mb=math.ceil(self._running().peak_bytes / _MB),
            init_ms=init_ms,
            status=result.status,
            error_type="" if result.status == "timeout" else result.error_type,
        )

    def _event(self, request: LocalRequest, left_s: float) -> Event:
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": request.request_id,
            "Lambda-Runtime-Deadline-Ms": str(self._stream.now_ms() + int(left_s * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self.spec.arn,
            "Lambda-Runtime-Trace-Id": (
                f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Parent={secrets.token_hex(8)};Sampled=0"
            ),
        }
        if request.client_context:
            headers["Lambda-Runtime-Client-Context"] = _header_json(request.client_context)
        return Event(request.request_id, request.payload or b"{}", headers)

    def _version(self) -> str:
        return f"{self._launch.version} ({self._launch.note})" if self._launch.note else self._launch.version

    def _running(self) -> Sandbox:
        if self._sandbox is None:
            raise RuntimeError("the environment was not initialised")
        return self._sandbox

    def _idle_death(self, exited: asyncio.Future[int]) -> None:
        if self._idle and self._sandbox is not None and exited is self._sandbox.exited:
            self.end()


def _header_json(text: str) -> str:
    """JSON that fits into a header: one line, ASCII."""
    try:
        return json.dumps(json.loads(text), separators=(",", ":"))
    except ValueError:
        return text.encode("ascii", "backslashreplace").decode()
