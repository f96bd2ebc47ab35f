"""From a key to its repaint, on a real pseudo-terminal, while the local runner serves 20 invocations a second."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.recording import Recorder, cursor_rows
from benchmarks.report import percentile, print_goal, print_samples

KEYS = 80
RATE = 20
FUNCTIONS = 24
_PROGRAM = "--as-the-workbench"


def main() -> None:
    """Print the latency idle and under load."""
    if _PROGRAM in sys.argv:
        _workbench(int(sys.argv[-1]))
        return
    with tempfile.TemporaryDirectory() as home:
        project = Path(home) / "project"
        for number in range(FUNCTIONS):
            (project / f"function-{number:02}").mkdir(parents=True)
            (project / f"function-{number:02}" / "app.py").write_text(
                "def handler(event, context):\n    print('served', event)\n    return event\n"
            )
        samples = {f"{rate} invocations/s": list(_latencies(project, home, rate)) for rate in (0, RATE)}
    print_samples("Key to repaint (120x40)", samples)
    busy = percentile(samples[f"{RATE} invocations/s"], 0.95)
    print_goal(f"p95 <= 50 ms at {RATE} invocations/s ({busy:.1f})", reached=busy <= 50)


def _latencies(project: Path, home: str, rate: int) -> Iterator[float]:
    """Milliseconds from each press of the down or up key until the cursor's row is painted."""
    command = [sys.executable, "-m", "benchmarks.key_latency", _PROGRAM, str(rate)]
    environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[1]), "BENCH_PROJECT": str(project)}
    pressed: list[tuple[float, int]] = []
    with Recorder(command, environment, home, 120, 40) as recorder:
        recorder.record(2.5)
        for press in range(KEYS):
            down = press // (FUNCTIONS // 2) % 2 == 0
            pressed.append(((time.perf_counter() - recorder.started) * 1000, 1 if down else -1))
            recorder.press("down" if down else "up")
            recorder.record(0.11)
        os.kill(recorder.pid, signal.SIGTERM)
    rows = list(cursor_rows(recorder.written))
    for at_ms, step in pressed:
        before = [row for seen_ms, row in rows if seen_ms <= at_ms]
        if not before:
            continue
        after = next((seen_ms for seen_ms, row in rows if seen_ms > at_ms and row == before[-1] + step), None)
        yield 1000.0 if after is None else after - at_ms


def _workbench(rate: int) -> None:
    from lambdatui.cli.compose import compose
    from lambdatui.cli.options import TargetOptions
    from lambdatui.core.invocation import InvocationRequest
    from lambdatui.core.target import Backend
    from lambdatui.ui.app import LambdatuiApp

    services = compose(TargetOptions(local=os.environ["BENCH_PROJECT"]), os.environ)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(backend: Backend) -> None:
        pause_s = 1 / rate
        while True:
            task = asyncio.ensure_future(call(backend))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            await asyncio.sleep(pause_s)

    async def call(backend: Backend) -> None:
        await backend.invoker.invoke(InvocationRequest("function-00", b'{"key": "value"}'))

    async def open_and_serve() -> Backend:
        backend = await services.open_backend()
        if rate:
            tasks.add(asyncio.ensure_future(serve(backend)))
        return backend

    LambdatuiApp(dataclasses.replace(services, open_backend=open_and_serve)).run()


if __name__ == "__main__":
    main()
