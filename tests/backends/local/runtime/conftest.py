"""Real functions in real files, run by a real pool."""

from __future__ import annotations

import asyncio
import textwrap
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest, RunnerOptions
from lambdatui.backends.local.runtime import Pool, source
from lambdatui.core.invocation import Completed
from lambdatui.core.logs import LogEvent
from tests.fixtures.rie import rie_binary

__all__ = ["rie_binary"]


class Log:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.batches: list[list[LogEvent]] = []

    def extend(self, function_name: str, events: Sequence[LogEvent]) -> None:
        assert all(event.function_name == function_name for event in events)
        self.batches.append(list(events))

    @property
    def events(self) -> list[LogEvent]:
        return [event for batch in self.batches for event in batch]

    @property
    def messages(self) -> list[str]:
        return [event.message for event in self.events]


class Bench:
    """Writes handlers and runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "code"
        self.folder.mkdir()
        self.log = Log()
        self.recycled: list[str] = []
        self._pools: list[Pool] = []
        self.pool = self.new_pool()

    def new_pool(self, **options: Any) -> Pool:
        """The pool from now on, with other options."""
        self.pool = Pool(
            RunnerOptions(**options), self.log, on_recycled=lambda _name, sentence: self.recycled.append(sentence)
        )
        self._pools.append(self.pool)
        return self.pool

    def write(self, source: str, name: str = "app.py") -> None:
        (self.folder / name).write_text(textwrap.dedent(source))

    def spec(self, source: str = "", **settings: Any) -> FunctionSpec:
        """A function whose module is `source`, with a handler named `handler`."""
        if source:
            self.write(source)
        values = {"name": "f", "runtime": "python3.11", "handler": "app.handler", "origin": "here", **settings}
        return FunctionSpec(code_path=self.folder, **values)

    async def run(self, spec: FunctionSpec, payload: bytes = b"{}", **request: Any) -> Completed:
        return await self.pool.execute(spec, LocalRequest(str(uuid.uuid4()), payload, **request))

    async def close(self) -> None:
        for pool in self._pools:
            await pool.close()


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    # The files are looked at before every invocation, not at most every 20 ms.
    monkeypatch.setattr(source, "_LEAST_INTERVAL_S", 0)
    monkeypatch.setattr(source, "_SHARE", 0)
    bench = Bench(tmp_path)
    yield bench
    await bench.close()


async def until(condition: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether the process runs: neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
