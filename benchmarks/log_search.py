"""Searching a stored log beside GNU grep on the same lines in a file, by turns: medians, and medians of the ratios.

A part of benchmarks.log_view, which fills the store.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks.peers import children_cpu_s
from benchmarks.report import print_goal
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_query import Case, parse_query

REPEATS = 7
QUERIES = {
    "rare literal": ("customer-0000777", ["-F"]),
    "literal, 1 in 200": ("ERROR", ["-F"]),
    "literal, any case": ("error", ["-F", "-i"]),
    "literal, 1 in 10": ("REPORT RequestId", ["-F"]),
    "common literal": ("bucket", ["-F"]),
    "literal in all lines": ("-", ["-F"]),
    "regex with a literal": (r"/latency=1[0-9][0-9]\.[0-9]ms/", ["-E"]),
    "one or another": ("/ERROR|REPORT/", ["-E"]),
    "regex without one": (r"/[a-f]{6}\b/", ["-E"]),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One search: of the store, or by grep."""

    wall_ms: float
    cpu_ms: float
    count: int
    first_ms: float = 0.0
    slice_ms: float = 0.0


def search(buffer: LogBuffer, path: Path) -> None:
    """Each query over the store, and by GNU grep over the file, one after the other."""
    grep = shutil.which("grep")
    if grep is None:
        print("  grep is not installed: no comparison")
    slower: list[str] = []
    for name, (query, flags) in QUERIES.items():
        ours, theirs = [], []
        for _ in range(REPEATS):
            ours.append(_ours(buffer, query, flags))
            if grep is not None:
                theirs.append(_greps(grep, query, flags, path))
        line = (
            f"  {name:<22}{median(run.wall_ms for run in ours):6.0f} ms"
            f"  first {median(run.first_ms for run in ours):5.1f}"
            f"  slice {median(run.slice_ms for run in ours):5.1f}  {ours[0].count:>9,} lines"
        )
        if theirs:
            assert ours[0].count == theirs[0].count
            wall = median(our.wall_ms / their.wall_ms for our, their in zip(ours, theirs, strict=True))
            cpu = median(our.cpu_ms / max(their.cpu_ms, 1) for our, their in zip(ours, theirs, strict=True))
            line += f"   grep {median(run.wall_ms for run in theirs):5.0f} ms   ratio {wall:.1f}, of CPU {cpu:.1f}"
            if cpu > 2 and "-F" in flags:
                slower.append(name)
        print(line)
    if grep is not None:
        but = f", but for: {', '.join(slower)}" if slower else ""
        print_goal(f"each literal within twice the CPU time of grep{but}", reached=not slower)


def _ours(buffer: LogBuffer, query: str, flags: list[str]) -> Run:
    # As grep is told, not in smart case: the same work is compared.
    parsed = parse_query(query, Case.ANY if "-i" in flags else Case.EXACT)
    assert parsed is not None
    began, used = perf_counter(), process_time()
    found = buffer.filter(parsed)
    first_ms, slice_ms, more = 0.0, 0.0, True
    while more:
        step = perf_counter()
        more = found.advance()
        now = perf_counter()
        slice_ms = max(slice_ms, (now - step) * 1000)
        if not first_ms and len(found):
            first_ms = (now - began) * 1000
    return Run((perf_counter() - began) * 1000, (process_time() - used) * 1000, len(found), first_ms, slice_ms)


def _greps(grep: str, query: str, flags: list[str], path: Path) -> Run:
    began, used = perf_counter(), children_cpu_s()
    counted = subprocess.run(
        [grep, "-c", *flags, "-e", query.strip("/"), str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    return Run((perf_counter() - began) * 1000, (children_cpu_s() - used) * 1000, int(counted.stdout))
