"""1,000 lazy details through the budget of calls, beside a bare thread pool of the same width, and keys meanwhile.

The stub takes 20 ms for an answer. The budget's rate is raised for it: the default, 50 a second, is half of what AWS
lets an account ask, and would take 20 s by design. The workbench runs on a real pseudo-terminal, where a cursor key is
held down meanwhile, 30 a second. Run: python -m benchmarks.aws_details
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.lambda_stub import environment, function, running
from benchmarks.recording import Recorder, cursor_rows
from benchmarks.report import percentile, print_goal, print_samples
from lambdatui.core.lookups import AT_ONCE

DETAILS = 1_000
WIDTH = AT_ONCE
LATENCY_S = 0.02
CALLS_PER_SECOND = 1_000
ROUNDS = 5
_PAUSE_S = 1 / 30
_PAGE_ROWS = 18
_POOL, _OURS = f"boto3, {WIDTH} threads", "lambdatui, on its screen"

_RATE = {"LAMBDATUI_AWS_DETAIL_CALLS_PER_SECOND": str(CALLS_PER_SECOND)}


def main() -> None:
    """Print the times, their ratio, and the latency of the keys."""
    if sys.argv[1:2] == ["--program"]:
        _pool(sys.argv[3]) if sys.argv[2] == "pool" else _ours(*sys.argv[3:])
        return
    took: dict[str, list[float]] = {_POOL: [], _OURS: []}
    idle: list[float] = []
    busy: list[float] = []
    with running(DETAILS, LATENCY_S) as url:
        for _ in range(ROUNDS):
            took[_POOL].append(_pool_ms(url))
            ours_ms, keys = _workbench(url)
            took[_OURS].append(ours_ms)
            idle += [ms for during, ms in keys if not during]
            busy += [ms for during, ms in keys if during]
    print_samples(f"{DETAILS:,} details", took, peer=_POOL)
    print_samples("Key to repaint (120x40)", {"idle": idle, "while details are read": busy})
    ratio = median(took[_OURS]) / median(took[_POOL])
    p95_ms = percentile(busy, 0.95)
    print()
    print_goal(f"within 1.3x of a thread pool of the same width ({ratio:.2f}x)", reached=ratio <= 1.3)
    print_goal(f"p95 of the keys <= 50 ms meanwhile ({p95_ms:.1f})", reached=p95_ms <= 50)


def _pool_ms(url: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks.aws_details", "--program", "pool", url]
        done = subprocess.run(
            command, env=environment(home, **_RATE), capture_output=True, text=True, check=True, timeout=120
        )
    return float(done.stdout)


def _pool(url: str) -> None:
    import boto3
    from botocore.config import Config

    client: Any = boto3.client("lambda", endpoint_url=url, config=Config(max_pool_connections=WIDTH))
    client.get_account_settings()
    names = [function(number)["FunctionName"] for number in range(DETAILS)]
    started = time.perf_counter()
    with ThreadPoolExecutor(WIDTH) as pool:
        details = list(pool.map(lambda name: client.get_function(FunctionName=name), names))
    assert len(details) == DETAILS
    print((time.perf_counter() - started) * 1000)


def _workbench(url: str) -> tuple[float, list[tuple[bool, float]]]:
    """How long the details took, and for each key whether it was pressed meanwhile and when it was answered."""
    with tempfile.TemporaryDirectory() as home:
        told = Path(home) / "told"
        command = [sys.executable, "-m", "benchmarks.aws_details", "--program", "ours", url, str(told)]
        pressed: list[tuple[float, float, int]] = []
        with Recorder(command, environment(home, **_RATE), home, 120, 40) as recorder:
            recorder.record(5.0)
            recorder.press("down")  # with the first key the program learns that this terminal answers no questions
            recorder.record(2.0)
            press = 0
            while not told.exists() and press < 600:
                step = 1 if press // (_PAGE_ROWS - 2) % 2 == 0 else -1
                pressed.append(((time.perf_counter() - recorder.started) * 1000, time.time(), step))
                recorder.press("down" if step > 0 else "up")
                recorder.record(_PAUSE_S)
                press += 1
            recorder.record(0.5)  # the last keys are answered too
            os.kill(recorder.pid, signal.SIGTERM)
        began, ended = json.loads(told.read_text())
    rows = list(cursor_rows(recorder.written))
    keys: list[tuple[bool, float]] = []
    for at_ms, wall, step in pressed:
        before = [row for seen_ms, row in rows if seen_ms <= at_ms]
        if before:
            after = next((seen_ms for seen_ms, row in rows if seen_ms > at_ms and row == before[-1] + step), None)
            keys.append((began <= wall <= ended, 1000.0 if after is None else after - at_ms))
    return (ended - began) * 1000, keys


def _ours(url: str, told: str) -> None:
    from lambdatui.cli.compose import compose
    from lambdatui.cli.options import TargetOptions
    from lambdatui.core.target import Backend
    from lambdatui.ui.app import LambdatuiApp
    from lambdatui.ui.functions.pane import FunctionsPane

    services = compose(TargetOptions(aws=True, endpoint_url=url), os.environ)
    began: list[float] = []

    async def opened() -> Backend:
        backend = await services.open_backend()
        assert backend.inspector is not None
        await backend.inspector.account()
        app.set_timer(8.0, begin)
        return backend

    def begin() -> None:
        pane = app.screen.query_one(FunctionsPane)
        # What was read of the first screen is read again: all of them are counted.
        pane.details_are_old()
        began.append(time.time())
        pane.read_all(True)
        pane.watch(pane, "glances", lambda: look(pane))

    def look(pane: FunctionsPane) -> None:
        done, total = pane.progress
        if done == total == DETAILS:
            Path(told).with_suffix(".new").write_text(json.dumps([began[0], time.time()]))
            Path(told).with_suffix(".new").rename(told)

    app = LambdatuiApp(replace(services, open_backend=opened))
    app.run()


if __name__ == "__main__":
    main()
