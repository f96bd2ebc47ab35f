"""What discovery, the runtime, the queue and the log files of the local runner say to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lambdatui.core.functions import Concurrency, Unreserved
from lambdatui.core.invocation import Completed
from lambdatui.core.logs import LogEvent


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One local function as it is to run: what was discovered, with the user's overrides on top.

    Units as in `FunctionSummary`; `event_age_s` and `retries` are those of async invocation. `code_path` is the
    folder that is the child's LAMBDA_TASK_ROOT. `interpreter` is the program that runs the handler, None to
    choose by `runtime`. `layers` are folders shaped like /opt. `on_failure` is "", "function:NAME" or
    "file:PATH". `origins` says for each setting's key where its value comes from. `problem` is why it can't run.
    """

    name: str
    runtime: str
    handler: str
    code_path: Path
    origin: str
    memory_mb: int = 128
    timeout_s: int = 3
    description: str = ""
    architecture: str = "x86_64"
    environment: Mapping[str, str] = field(default_factory=dict)
    reserved: Concurrency = field(default_factory=Unreserved)
    retries: int = 2
    event_age_s: int = 21_600
    on_failure: str = ""
    log_format: str = "Text"
    log_level: str = "INFO"
    interpreter: Path | None = None
    layers: tuple[Path, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def arn(self) -> str:
        """The ARN that the handler sees in its context; 123456789012 stands for "no account"."""
        return f"arn:aws:lambda:us-east-1:123456789012:function:{self.name}"

    @property
    def log_group(self) -> str:
        """The name of the function's log group."""
        return f"/aws/lambda/{self.name}"


@dataclass(frozen=True, slots=True)
class RunnerOptions:
    """The local runner's own settings. Durations in seconds.

    `concurrency_limit` stands for the account's limit; `passed_environment` names the user's own variables that
    handlers may see; `retry_delays_s` are the pauses before the 2nd and the 3rd attempt of an async event.
    """

    concurrency_limit: int = 10
    idle_s: float = 300.0
    init_timeout_s: float = 10.0
    passed_environment: Mapping[str, str] = field(default_factory=dict)
    retry_delays_s: tuple[float, float] = (1.0, 2.0)
    log_bytes_per_function: int = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """One attempt to run a function. `on_chunk` gets what the function streams, in the runner's thread."""

    request_id: str
    payload: bytes
    client_context: str = ""
    qualifier: str = "$LATEST"
    on_chunk: Callable[[bytes], None] | None = None


class LogSink(Protocol):
    """Takes the log events of the functions, in the runner's thread, and keeps them on disk."""

    def extend(self, function_name: str, events: Sequence[LogEvent]) -> None:
        """Keep `events`; others can read them when this returns."""
        ...


class Executor(Protocol):
    """Runs functions in execution environments: warm ones reused, new ones started, throttled above the limit.

    Lives on the runner's own loop: call it only there.
    """

    async def execute(self, spec: FunctionSpec, request: LocalRequest) -> Completed:
        """Run `spec` once and wait for its end; its log goes to the sink as it is printed.

        Cancelling ends the execution environment.
        Raises:
            Throttled: no environment is free and the concurrency allows no other.
            Unreachable: no environment could be started.
        """
        ...

    async def close(self) -> None:
        """End every environment and whatever it started."""
        ...
