"""What following a log writes to the terminal and what it costs: bytes and CPU a second, beside the peers.

    python -m benchmarks.terminal_bytes [SECONDS]

A pane of 120x40 follows lines of about 187 bytes that come every 10 ms, at 10 to 10,000 lines a second. Ours runs
with Textual's plain repaints and with only what changes; the peers follow a file that grows in the same way.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Self

from benchmarks.log_view import START_MS, lines
from benchmarks.peers import program, python_peer
from benchmarks.recording import Recorder
from benchmarks.report import print_goal
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState, TailUpdate

RATES = (10, 100, 1_000, 10_000)
TICK_S = 0.01
_SETTLE_S = 3.0


class Arriving:
    """A `LogSource` to which lines come at a steady rate."""

    def __init__(self, rate: int) -> None:
        self._rate = rate

    async def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """See the port."""
        texts = list(lines(20_000))
        # A tail begins with the newest events that are there.
        first = [(n, START_MS - query.newest + n) for n in range(query.newest)]
        yield LogBatch(tuple(LogEvent(f"old-{n}", at, at, "stream", texts[n]) for n, at in first))
        yield TailState(Following.FOLLOWING, 0.2)
        began, sent = time.perf_counter(), 0
        while True:
            await asyncio.sleep(TICK_S)
            due = int((time.perf_counter() - began) * self._rate)
            if due > sent:
                at = START_MS + round((time.perf_counter() - began) * 1000)
                yield LogBatch(
                    tuple(LogEvent(str(n), at, at, "stream", texts[n % len(texts)]) for n in range(sent, due))
                )
                sent = due

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:  # noqa: ARG002
        """See the port."""
        return ()


def follow(rate: int, *, delta: bool, frame_ack: bool) -> None:
    """The program that is measured: the logs pane, alone on the screen."""
    from textual.app import ComposeResult
    from textual.widgets import Input

    from lambdatui.core.functions import FunctionSummary
    from lambdatui.ui.logs.pane import LogsPane
    from lambdatui.ui.output.hooks import LightOutput
    from lambdatui.ui.themes import DARK

    class Alone(LightOutput):
        CSS = "Input, Input:focus { height: 1; border: none; padding: 0; }"
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> ComposeResult:
            yield LogsPane()
            yield Input(placeholder="keys are answered here")

        def on_mount(self) -> None:
            self.register_theme(DARK)
            self.theme = DARK.name
            pane = self.query_one(LogsPane)
            pane.source = Arriving(rate)
            pane.function = FunctionSummary("resize-image")
            field = self.query_one(Input)
            field.cursor_blink = False  # as in the program: no bytes for a sign of life
            field.focus()

    app = Alone()
    app.animation_level = "none"
    app.write_lightly(os.environ, delta=delta, frame_ack=frame_ack)
    app.run()


def environment() -> dict[str, str]:
    """What a modern terminal over SSH has."""
    folder = str(Path(__file__).resolve().parent.parent)
    return {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": folder}


def cpu_s(pid: int) -> float:
    """User and system time of a process so far; 0 where /proc is missing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(command: Sequence[str], folder: str, seconds: float, settle_s: float = _SETTLE_S) -> tuple[float, float]:
    """Kilobytes a second that `command` writes, and the share of a core that it takes, once it has started."""
    with Recorder(command, environment(), folder, 120, 40) as recorder:
        recorder.record(settle_s)
        before, cpu, began = len(recorder.output), cpu_s(recorder.pid), time.perf_counter()
        recorder.record(seconds)
        spent = time.perf_counter() - began
        return (len(recorder.output) - before) / spent / 1000, (cpu_s(recorder.pid) - cpu) / spent


class Growing:
    """A file that grows at a rate, in steps of 10 ms, for the peers that follow files."""

    def __init__(self, path: Path, rate: int) -> None:
        self._path, self._rate = path, rate
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)

    def __enter__(self) -> Self:
        self._path.write_text("".join(f"{line}\n" for line in lines(50)), "utf-8")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _grow(self) -> None:
        texts = list(lines(20_000))
        began, sent = time.perf_counter(), 0
        with self._path.open("a", encoding="utf-8") as file:
            while not self._stopped.wait(TICK_S):
                due = int((time.perf_counter() - began) * self._rate)
                file.writelines(f"{texts[n % len(texts)]}\n" for n in range(sent, due))
                file.flush()
                sent = due


def own(rate: int, way: str) -> list[str]:
    """The command of our program."""
    return [sys.executable, "-m", "benchmarks.terminal_bytes", "--follow", str(rate), way]


def main(arguments: Sequence[str] = ()) -> int:
    """Every rate, ours and the peers."""
    if arguments[:1] == ["--follow"]:
        follow(int(arguments[1]), delta="delta" in arguments[2], frame_ack="ack" in arguments[2])
        return 0
    seconds = float(arguments[0]) if arguments else 6.0
    toolong = python_peer("toolong", "toolong")
    less = program("less", "less")
    lnav = program("lnav", "lnav")
    print(f"following in 120x40, {seconds:.0f} s each: kB/s to the terminal, CPU in % of a core")
    for rate in RATES:
        text = rate * sum(len(line) + 1 for line in lines(2_000)) / 2_000 / 1000
        print(f"\n{rate:,} lines/s: the text itself is {text:,.1f} kB/s")
        figures: dict[str, tuple[float, float]] = {}
        with tempfile.TemporaryDirectory() as folder:
            for way in ("stock", "delta", "delta+ack"):
                figures[way] = measured(own(rate, way), folder, seconds)
            path = Path(folder) / "growing.log"
            peers = {
                "toolong": toolong and [str(toolong / "tl"), str(path)],
                "less +F": less and [str(less), "+F", str(path)],
                "lnav": lnav and [str(lnav), str(path)],
            }
            for name, command in peers.items():
                if command:
                    with Growing(path, rate):
                        figures[name] = measured(command, folder, seconds)
        for name, (kilobytes, share) in figures.items():
            print(f"  {name:<10} {kilobytes:9,.1f} kB/s  {kilobytes / text:7.2f}x the text  {share:6.1%} of a core")
        kilobytes, share = figures["delta+ack"]
        if rate <= 100:
            print_goal("at most 1.3x the text", reached=kilobytes <= 1.3 * text)
        else:
            print_goal("at most 100 kB/s", reached=kilobytes <= 100)
        if rate == 1_000:
            print_goal("at most 10 % of a core", reached=share <= 0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
