"""An empty Python function, invoked: our local runner through its port, beside AWS's emulator and its own client."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peers import ROOT
from benchmarks.report import print_goal, print_samples
from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import open_local
from lambdatui.core.invocation import Completed, InvocationRequest
from lambdatui.core.target import Backend, Target, TargetKind

COLD_ROUNDS = 15
WARM_CALLS = 400
ENVIRONMENTS = 20
HANDLER = "def handler(event, context):\n    return event\n"
_PATH = "/2015-03-31/functions/function/invocations"


def main() -> None:
    """Print cold, warm, parallel and large-payload figures, with the ratio to AWS's emulator."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        for name in ("empty", *(f"cold{number}" for number in range(COLD_ROUNDS))):
            (project / name).mkdir(parents=True)
            (project / name / "app.py").write_text(HANDLER)
        cold, warm, large, burst = asyncio.run(_ours(project, Path(folder) / "state"))
        rie_cold, rie_warm = _rie(project / "empty")
    print_samples("Cold: first invocation of a function", {"lambdatui": cold, "AWS RIE": rie_cold}, peer="AWS RIE")
    print_samples("Warm invocation", {"lambdatui": warm, "AWS RIE": rie_warm}, peer="AWS RIE")
    print_samples("Echo of a large event", large)
    print(
        f"\n{ENVIRONMENTS} environments cold in parallel: {burst[0]:.0f} ms; then {burst[1]:,.0f} invocations a second"
    )
    middle_cold, middle_warm = sorted(cold)[len(cold) // 2], sorted(warm)[len(warm) // 2]
    print_goal(f"cold <= 70 ms ({middle_cold:.1f})", reached=middle_cold <= 70)
    print_goal(f"warm p50 <= 1 ms ({middle_warm:.2f})", reached=middle_warm <= 1)
    if rie_warm:
        ratio = middle_warm / sorted(rie_warm)[len(rie_warm) // 2]
        print_goal(f"warm faster than AWS's emulator ({ratio:.2f}x)", reached=ratio < 1)


async def _ours(
    project: Path, state: Path
) -> tuple[list[float], list[float], dict[str, list[float]], tuple[float, float]]:
    target = Target(TargetKind.LOCAL, "bench", "bench", str(project))
    backend = open_local(target, state, RunnerOptions(concurrency_limit=100))
    try:
        await _invoke(backend, "empty")  # the runner's own thread and its guard start here
        cold = [await _invoke(backend, f"cold{number}") for number in range(COLD_ROUNDS)]
        warm = [await _invoke(backend, "empty") for _ in range(WARM_CALLS)]
        large = {}
        for title, size in (("1 MB", 1_000_000), ("6 MB", 6_200_000)):
            payload = b'"' + b"x" * size + b'"'
            large[title] = [await _invoke(backend, "empty", payload) for _ in range(5)]
        started = time.perf_counter()
        await asyncio.gather(*(_invoke(backend, "empty") for _ in range(ENVIRONMENTS)))
        parallel_ms = (time.perf_counter() - started) * 1000
        started = time.perf_counter()
        calls = 50
        await asyncio.gather(*(_in_a_row(backend, calls) for _ in range(ENVIRONMENTS)))
        rate = calls * ENVIRONMENTS / (time.perf_counter() - started)
    finally:
        await backend.close()
    return cold, warm, large, (parallel_ms, rate)


async def _in_a_row(backend: Backend, calls: int) -> None:
    for _ in range(calls):
        await _invoke(backend, "empty")


async def _invoke(backend: Backend, name: str, payload: bytes = b'{"key": "value"}') -> float:
    started = time.perf_counter()
    answer = await backend.invoker.invoke(InvocationRequest(name, payload))
    elapsed_ms = (time.perf_counter() - started) * 1000
    assert isinstance(answer, Completed)
    assert not answer.function_error, answer.payload
    return elapsed_ms


def _rie(code: Path) -> tuple[list[float], list[float]]:
    binary = ROOT / ".cache" / "rie" / "aws-lambda-rie"
    if not binary.exists():
        print("  AWS RIE: not here (make .cache/rie/aws-lambda-rie)")
        return [], []
    cold = [_rie_calls(binary, code, 1)[0] for _ in range(COLD_ROUNDS)]
    return cold, _rie_calls(binary, code, WARM_CALLS + 1)[1:]


def _rie_calls(binary: Path, code: Path, calls: int) -> list[float]:
    """Milliseconds of each call to a new emulator with the official runtime client."""
    runtime, front = _free_port(), _free_port()
    command = [str(binary), "--log-level", "error", "--runtime-api-address", f"127.0.0.1:{runtime}"]
    command += ["--runtime-interface-emulator-address", f"127.0.0.1:{front}"]
    command += [sys.executable, "-m", "awslambdaric", "app.handler"]
    environment = {"PATH": os.environ["PATH"], "AWS_LAMBDA_FUNCTION_TIMEOUT": "30", "LAMBDA_TASK_ROOT": str(code)}
    process = subprocess.Popen(
        command, cwd=code, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        connection = _connected(front)
        samples = []
        for _ in range(calls):
            started = time.perf_counter()
            connection.request("POST", _PATH, body=b'{"key": "value"}')
            connection.getresponse().read()
            samples.append((time.perf_counter() - started) * 1000)
        connection.close()
        return samples
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _connected(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + 10
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.connect()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return connection


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


if __name__ == "__main__":
    main()
