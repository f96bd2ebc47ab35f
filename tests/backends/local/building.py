"""Small projects and backends on real folders, for the tests of the local backend."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import ExecutorFactory, open_local
from lambdatui.backends.local.project.discovery import Discovery, discover
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.target import Backend, Target, TargetKind

DEADLINE_S = 20.0
QUICK = RunnerOptions(retry_delays_s=(0.02, 0.04))
SUCCEEDS = "def handler(event, context):\n    print('working on', event)\n    return event\n"
FAILS = "def handler(event, context):\n    raise ValueError('no such order')\n"


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write `files` below `root`; one named `bootstrap` becomes executable."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if path.name == "bootstrap":
            path.chmod(0o755)
    return root


def template(resources: str, head: str = "") -> str:
    """A SAM template whose resources are `resources`, indented by two."""
    body = "\n".join(f"  {line}" for line in resources.strip("\n").splitlines())
    return f"{head}Resources:\n{body}\n"


def found(root: Path, files: Mapping[str, str]) -> Discovery:
    """What discovery says about a project of `files`."""
    return discover(write(root, files))


def titles(problems: Sequence[WorkbenchError]) -> str:
    """The titles of the problems, a line each."""
    return "\n".join(problem.title for problem in problems)


@asynccontextmanager
async def backend(
    project: Path, state: Path, options: RunnerOptions = QUICK, executor: ExecutorFactory | None = None
) -> AsyncIterator[Backend]:
    """The local backend on `project`, closed at the end."""
    opened = open_local(Target(TargetKind.LOCAL, "test", "./test", str(project)), state, options, executor=executor)
    try:
        yield opened
    finally:
        await opened.close()


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds.

    Raises:
        AssertionError: it did not within ten seconds.
    """
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        await asyncio.sleep(0.01)
