"""Puts the local backend together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.backends.local.catalogue import LocalCatalogue
from lambdatui.backends.local.configuration import LocalConfiguration
from lambdatui.backends.local.contracts import Executor, LogSink, RunnerOptions
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.invoker import LocalInvoker
from lambdatui.backends.local.log_files import LogFiles
from lambdatui.backends.local.logs import LocalLogs
from lambdatui.backends.local.overrides import Overrides
from lambdatui.backends.local.queue_store import QueueStore
from lambdatui.backends.local.runner import Runner
from lambdatui.core.functions import CatalogueChange
from lambdatui.core.target import Backend, Target

ExecutorFactory = Callable[[RunnerOptions, LogSink, Callable[[str, str], None]], Executor]


def open_local(
    target: Target, state_dir: Path, options: RunnerOptions, *, executor: ExecutorFactory | None = None
) -> Backend:
    """The ports of the project in the folder `target.path`; what is kept about it goes below `state_dir`.

    Reads nothing and starts nothing yet: files are read when the list is, the runner starts with the first invocation
    or when somebody listens to changes. `executor` stands in for the pool of execution environments in tests.
    Several may be open on one project, in one process or in many.
    """
    root, state_dir = Path(target.path).resolve(), state_dir.resolve()  # a watch tells real paths
    functions = ProjectFunctions(root, Overrides(state_dir / "settings"))
    files = LogFiles(state_dir / "logs", options.log_bytes_per_function)
    store = QueueStore(state_dir / "queue", _now_ms)

    def make_executor() -> Executor:
        return (executor or _pool)(options, files, on_recycled)

    def on_recycled(function_name: str, sentence: str) -> None:
        catalogue.tell(CatalogueChange(sentence, (function_name,)))

    runner = Runner(functions, store, options, make_executor, root)
    catalogue = LocalCatalogue(functions, runner.resume)

    async def close() -> None:
        await runner.close()
        files.close()

    return Backend(
        target=target,
        catalogue=catalogue,
        invoker=LocalInvoker(functions, runner, store),
        logs=LocalLogs(functions, files, _now_ms),
        configuration=LocalConfiguration(functions, options.concurrency_limit, read_only=target.read_only),
        close=close,
    )


def _pool(options: RunnerOptions, sink: LogSink, on_recycled: Callable[[str, str], None]) -> Executor:
    from lambdatui.backends.local.runtime.pool import Pool  # noqa: PLC0415  # the server loads after the first paint

    return Pool(options, sink, on_recycled=on_recycled)


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
