"""5,000 functions on AWS, beside a bare boto3 paginator: the first rows, all of them, and what they cost.

Each contestant is a process of its own, in turn, on the same stub, which takes 20 ms for an answer. Both have made
their client and its first connection before the clock starts. Run: python -m benchmarks.aws_list
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from statistics import median
from typing import Any

from benchmarks.lambda_stub import environment, running
from benchmarks.report import print_goal, print_samples

FUNCTIONS = 5_000
LATENCY_S = 0.02
ROUNDS = 5
_PROGRAMS = ("bare", "ours")


def main() -> None:
    """Print both, and the ratios."""
    if sys.argv[1:2] == ["--program"]:
        {"bare": _bare, "ours": _ours}[sys.argv[2]](sys.argv[3])
        return
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in _PROGRAMS}
    with running(FUNCTIONS, LATENCY_S) as url:
        for _ in range(ROUNDS):
            for name in _PROGRAMS:
                runs[name].append(_run(name, url))
    names = {"bare": "boto3 paginator", "ours": "lambdatui, on its screen"}
    for measure, title, unit in (
        ("first_ms", "First rows", "ms"),
        ("all_ms", f"All {FUNCTIONS:,} functions", "ms"),
        ("cpu_ms", "CPU", "ms"),
        ("memory_mb", "Memory beyond that before the first request", "MB"),
    ):
        samples = {names[name]: [run[measure] for run in runs[name]] for name in _PROGRAMS}
        print_samples(title, samples, unit=unit, peer=names["bare"])
    ratio = median(run["all_ms"] for run in runs["ours"]) / median(run["all_ms"] for run in runs["bare"])
    first_ms = median(run["first_ms"] for run in runs["ours"])
    print()
    print_goal(f"first rows within two pages' latency, 40 ms ({first_ms:.1f})", reached=first_ms <= 2_000 * LATENCY_S)
    print_goal(f"all within 1.2x of the paginator ({ratio:.2f}x)", reached=ratio <= 1.2)


def _run(program: str, url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks.aws_list", "--program", program, url]
        done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True, timeout=120)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


class _Clock:
    """What has been used since the start."""

    def __init__(self) -> None:
        self._at_s = time.perf_counter()
        self._cpu_s = time.process_time()
        self._memory_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.first_ms = 0.0

    def first(self) -> None:
        """The first rows are there."""
        self.first_ms = self.first_ms or (time.perf_counter() - self._at_s) * 1000

    def tell(self) -> None:
        """All are there."""
        memory_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self._memory_kb
        measured = {
            "first_ms": self.first_ms,
            "all_ms": (time.perf_counter() - self._at_s) * 1000,
            "cpu_ms": (time.process_time() - self._cpu_s) * 1000,
            "memory_mb": memory_kb / 1024,
        }
        print(json.dumps(measured), file=sys.__stdout__)


def _bare(url: str) -> None:
    import boto3

    client: Any = boto3.client("lambda", endpoint_url=url)
    client.get_account_settings()
    clock = _Clock()
    functions = []
    for page in client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 50}):
        functions += page["Functions"]
        clock.first()
    assert len(functions) == FUNCTIONS
    clock.tell()


def _ours(url: str) -> None:
    from textual.geometry import Region
    from textual.strip import Strip

    from lambdatui.cli.compose import compose
    from lambdatui.cli.options import TargetOptions
    from lambdatui.core.functions import FunctionPage
    from lambdatui.core.target import Backend
    from lambdatui.ui.app import LambdatuiApp
    from lambdatui.ui.functions.table import FunctionTable

    clocks: list[_Clock] = []
    ended: list[bool] = []

    class Timed:
        """The catalogue, with the clock started when it is asked."""

        def __init__(self, catalogue: Any) -> None:
            self._catalogue = catalogue

        def __getattr__(self, name: str) -> Any:
            return getattr(self._catalogue, name)

        async def pages(self) -> AsyncIterator[FunctionPage]:
            clocks.append(_Clock())
            async for page in self._catalogue.pages():
                yield page
            ended.append(True)

    paint = FunctionTable.render_lines

    def timed_paint(table: FunctionTable, crop: Region) -> list[Strip]:
        lines = paint(table, crop)
        if clocks and table.functions:
            clocks[0].first()
            if ended and len(table.functions) == FUNCTIONS:
                ended.clear()
                clocks[0].tell()
                table.app.exit()
        return lines

    FunctionTable.render_lines = timed_paint  # type: ignore[method-assign, assignment]
    services = compose(TargetOptions(aws=True, endpoint_url=url), os.environ)

    async def opened() -> Backend:
        backend = await services.open_backend()
        assert backend.inspector is not None
        await backend.inspector.account()
        return replace(backend, catalogue=Timed(backend.catalogue))

    LambdatuiApp(replace(services, open_backend=opened)).run(headless=True, size=(120, 40))


if __name__ == "__main__":
    main()
