"""`lambdatui tail --no-follow` of 200,000 events from a local stub, whole processes, beside the AWS CLI and awslogs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.log_stub import FUNCTION, GROUP, log_stub
from benchmarks.peers import ROOT, python_peer
from benchmarks.report import print_goal, print_samples

EVENTS = 200_000
ROUNDS = 5
SLOW_ROUNDS = 2
"""awslogs takes a quarter of a minute a round."""


def main() -> None:
    """Print seconds and CPU seconds a contestant, and events a second."""
    with log_stub(EVENTS) as url, tempfile.TemporaryDirectory() as home:
        contestants = _contestants(url)
        seconds: dict[str, list[float]] = {name: [] for name in contestants}
        cpu: dict[str, list[float]] = {name: [] for name in contestants}
        environment = _environment(home)
        for number in range(ROUNDS):
            for name, command in contestants.items():
                if name == "awslogs get" and number >= SLOW_ROUNDS:
                    continue
                took, used = _run(command, environment)
                seconds[name].append(took)
                cpu[name].append(used)
    print_samples(f"{EVENTS:,} events, the whole process", seconds, unit="s", peer="aws logs tail")
    print_samples("CPU of the process", cpu, unit="s", peer="aws logs tail")
    print()
    for name, samples in seconds.items():
        print(f"  {name:<24} {EVENTS / median(samples):>9,.0f} events/s")
    if seconds.get("aws logs tail"):
        ratio = median(seconds["aws logs tail"]) / median(seconds["lambdatui tail"])
        by_cpu = median(cpu["aws logs tail"]) / median(cpu["lambdatui tail"])
        told = f"lambdatui tail >= 1.5x aws logs tail ({ratio:.2f}x; by CPU time, which a busy machine leaves alone, "
        print_goal(f"{told}{by_cpu:.2f}x)", reached=ratio >= 1.5)


def _contestants(url: str) -> Mapping[str, Sequence[str]]:
    ours = [sys.executable, "-m", "lambdatui", "tail", FUNCTION, "--endpoint-url", url, "--since", "1d", "--no-follow"]
    found: dict[str, Sequence[str]] = {"lambdatui tail": ours, "lambdatui tail --json": [*ours, "--json"]}
    aws = _aws()
    if aws is not None:
        found["aws logs tail"] = [aws, "logs", "tail", GROUP, "--endpoint-url", url, "--since", "1d"]
    awslogs = python_peer("awslogs", "awslogs==0.15.0", "setuptools<81")
    if awslogs is not None:
        found["awslogs get"] = [
            *(str(awslogs / "awslogs"), "get", GROUP, "ALL", "--timestamp", "--aws-endpoint-url", url, "-s1d")
        ]
    return found


def _aws() -> str | None:
    """Version 2 of the AWS CLI: the first has no `logs tail`."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin", "/usr/local/bin"]
    for folder in dict.fromkeys(folders):
        program = shutil.which("aws", path=folder)
        if program is None:
            continue
        version = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
        if version.startswith("aws-cli/2"):
            print(f"  {version.split()[0]}")
            return program
    print("  aws logs tail: no AWS CLI 2 here (Debian: apt-get install awscli)")
    return None


def _environment(home: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": home,
        "PYTHONPATH": str(ROOT),
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_PAGER": "",
    }


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Seconds and CPU seconds; every event must have come."""
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        before = os.times()
        ran = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, env=dict(environment), check=False)
        took = time.perf_counter() - began
        after = os.times()
        out.seek(0)
        # Each event is one line; `aws` and `awslogs` print an empty one after each that ends with a newline.
        printed = sum(1 for line in out if line.strip())
    assert (ran.returncode, printed) == (0, EVENTS), (command[:2], ran.returncode, printed, ran.stderr[-500:])
    return took, (after.children_user + after.children_system) - (before.children_user + before.children_system)


if __name__ == "__main__":
    main()
