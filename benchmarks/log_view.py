"""The log store and the log view with a million lines: ingest beside lnav, memory, search beside GNU grep, frames.

    python -m benchmarks.log_view [LINES]

The lines are made up, as Lambda writes them, half of them JSON, about 172 bytes each. Three ways in are measured:
`LogEvent`s that a source has ready, raw lines of a file that become events first, and events of a followed log, the
whole way of a tail: it remembers them, so that the next tail brings none twice. They come in the slices in which the
pane takes them. Levels and invocations are found when somebody asks: what the first jump to an error, and the first
look at the invocations, pay for that is printed; of the invocations the newest 10,000 are kept, and what is older is
never read. The store runs in a process of its own, so that its memory is its own; "resident" is what it grew by.

lnav reads the lines by turns with the followed log: each behind its time, as `aws logs tail` writes them and as every
event of ours has one (to lnav that is a log, whose times and levels it takes), and without, which is a text to it.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.log_search import search
from benchmarks.peers import children_cpu_s, program
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_lines import Level
from lambdatui.core.logs import LogEvent
from lambdatui.storage.log_spool import SpooledTexts
from lambdatui.ui.logs.followed import FollowedLog

BATCH = 2_000
TURNS = 3
START_MS = 1_795_442_400_000


def lines(count: int) -> Iterator[str]:
    """Log lines, always the same ones."""
    chance = random.Random(7)  # noqa: S311 - a benchmark wants the same lines each time
    for n in range(count):
        request_id = f"{n // 10 * 2_654_435_761 % (1 << 32):08x}-91d3-4f1c-8a2b-{n // 10:012d}"
        match n % 10:
            case 0:
                yield f"START RequestId: {request_id} Version: $LATEST"
            case 8:
                yield f"END RequestId: {request_id}"
            case 9:
                yield (
                    f"REPORT RequestId: {request_id}\tDuration: {chance.random() * 90:.2f} ms\tBilled Duration: 91 ms\t"
                    "Memory Size: 512 MB\tMax Memory Used: 61 MB\t"
                )
            case step if step % 2:
                level = "ERROR" if n % 200 == 1 else "INFO"
                yield (
                    f'{{"timestamp":"2026-11-23T14:02:11.031Z","level":"{level}","message":"order {n} stored '
                    f'latency={chance.randrange(300)}.{n % 10}ms","requestId":"{request_id}","path":"/v1/orders/{n}",'
                    f'"bucket":"uploads-{n % 17}","width":{chance.randrange(4096)}}}'
                )
            case _:
                yield (
                    f"[INFO]\t2026-11-23T14:02:11.031Z\t{request_id}\tresizing uploads/photo-{n}.jpg for "
                    f"customer-{chance.randrange(1_000_000):07d} in eu-central-1 with quality 85 and the usual "
                    f"fallbacks, token {chance.randrange(1 << 40):x}"
                )


def resident_mb() -> float:
    """The resident memory of this process; 0 where /proc is missing."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6


def ingest(log: FollowedLog, path: Path, way: str) -> tuple[float, float]:
    """Give the lines of a file to a log; the seconds that took, and those of CPU. Reading the file is not counted."""
    extend = log.extend if way == "followed" else log.buffer.extend
    spent, used, number = 0.0, 0.0, 0
    with path.open(encoding="ascii") as file:
        while batch := [line for _, line in zip(range(BATCH), file, strict=False)]:
            events = _events(batch, number) if way != "raw lines" else []
            began, cpu = perf_counter(), process_time()
            extend(events or _events(batch, number))
            spent += perf_counter() - began
            used += process_time() - cpu
            number += len(batch)
    return spent, used


def store(path: Path, way: str) -> LogBuffer:
    """Fill a store from the file, and print how long that took."""
    before = resident_mb()
    log = FollowedLog(("benchmark",), 10_000_000, SpooledTexts())
    buffer = log.buffer
    spent, used = ingest(log, path, way)
    ingested_mb = resident_mb() - before
    began = perf_counter()
    while buffer.compact():
        pass
    compacted = perf_counter() - began
    print(
        f"  ingest, {way:<9} {spent:6.2f} s ({used:.2f} s of CPU)  {len(buffer) / spent:>11,.0f} lines/s  "
        f" resident +{ingested_mb:.0f} MB; rest put away while idle: {compacted:.2f} s,"
        f" held {buffer.size_bytes / 1e6:.0f} MB, process {resident_mb():.0f} MB"
    )
    if way == "followed":
        began = step = perf_counter()
        slowest = 0.0
        while log.invocations.read_some():
            slowest, step = max(slowest, perf_counter() - step), perf_counter()
        rows = len(log.invocations)
        looked = perf_counter() - began
        began = perf_counter()
        buffer.next_at_level(Level.FATAL, buffer.first, forward=True)
        print(
            f"  the first look at {rows:,} invocations {looked * 1000:.0f} ms, in slices of {slowest * 1000:.0f} ms at"
            f" most; to ask every line for its level {(perf_counter() - began) * 1000:.0f} ms,"
            f" process {resident_mb():.0f} MB"
        )
    return buffer


def by_turns(path: Path) -> None:
    """The followed log and the peer, lnav, which reads and indexes a file from its own start to its end."""
    lnav = program("lnav", "lnav")
    with_times = path.with_name("with-times.log")
    with path.open(encoding="ascii") as file, with_times.open("w", encoding="ascii") as stamped:
        stamped.writelines(f"{_time(number)} {line}" for number, line in enumerate(file))
    peers = {"lnav, a log": with_times, "lnav, a text": path} if lnav is not None else {}
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ("followed", *peers)}
    for _ in range(TURNS):
        command = [sys.executable, "-m", "benchmarks.log_view", "--part", "ingest", str(path)]
        wall, cpu = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        spent["followed"].append((float(wall), float(cpu)))
        for name, file_path in peers.items():
            began, used = perf_counter(), children_cpu_s()
            subprocess.run([str(lnav), "-n", "-q", str(file_path)], check=False, capture_output=True, cwd=path.parent)
            spent[name].append((perf_counter() - began, children_cpu_s() - used))
    with_times.unlink()
    ours = spent.pop("followed")
    print(f"  followed, {TURNS} turns {statistics.median(wall for wall, _ in ours):5.2f} s")
    for name, theirs in spent.items():
        ratios = [
            statistics.median(one[part] / other[part] for one, other in zip(ours, theirs, strict=True))
            for part in (0, 1)
        ]
        print(
            f"  {name:<16} {statistics.median(wall for wall, _ in theirs):6.2f} s   ratio {ratios[0]:.2f},"
            f" of CPU {ratios[1]:.2f}"
        )


def _time(number: int) -> str:
    """The time of line `number`, as `aws logs tail` writes it."""
    at = datetime.fromtimestamp((START_MS + number) / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _events(batch: list[str], number: int) -> list[LogEvent]:
    return [LogEvent(str(n), START_MS + n, START_MS + n, "stream", line) for n, line in enumerate(batch, number)]


async def view(count: int) -> None:
    """The view itself in a headless app: a page up, and a frame while lines come in."""
    from textual.app import App, ComposeResult

    from lambdatui.ui.logs.view import LogView

    class Alone(App[None]):
        def compose(self) -> ComposeResult:
            yield LogView()

    log = FollowedLog(("benchmark",), 10_000_000)
    batch = list(lines(min(count, 200_000)))
    for start in range(0, len(batch), BATCH):
        log.buffer.extend(_events(batch[start : start + BATCH], start))
    app = Alone()
    async with app.run_test(size=(120, 40)) as pilot:
        shown = app.query_one(LogView)
        shown.show(log)
        await pilot.pause()
        pages = []
        for _ in range(30):
            began = perf_counter()
            shown.action_page(-1)
            for y in range(shown.size.height):
                shown.render_line(y)
            pages.append((perf_counter() - began) * 1000)
        shown.action_follow()
        frames = []
        for start in range(0, 3_000, 100):
            log.buffer.extend(_events(batch[start : start + 100], len(batch) + start))
            began = perf_counter()
            shown.repaint()
            for y in range(shown.size.height):
                shown.render_line(y)
            frames.append((perf_counter() - began) * 1000)
    print(f"  a page up {statistics.median(pages):.1f} ms, a frame of new lines {statistics.median(frames):.1f} ms")


def main(arguments: list[str] | None = None) -> int:
    """Run the parts, each store in a process of its own."""
    arguments = arguments or []
    if arguments[:1] == ["--part"]:
        path = Path(arguments[2])
        if arguments[1] == "search":
            search(store(path, "events"), path)
        elif arguments[1] == "ingest":
            print(*ingest(FollowedLog(("benchmark",), 10_000_000, SpooledTexts()), path, "followed"))
        elif arguments[1] == "view":
            asyncio.run(view(int(arguments[3])))
        else:
            store(path, arguments[1])
        return 0
    count = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.log"
        with path.open("w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines(count))
        print(f"log view: {count:,} lines, {path.stat().st_size / count:.0f} bytes each")
        by_turns(path)
        for part in ("raw lines", "followed", "search", "view"):
            command = [sys.executable, "-m", "benchmarks.log_view", "--part", part, str(path), str(count)]
            subprocess.run(command, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
