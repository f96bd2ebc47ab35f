"""The real `lambdatui tail` follows a hostile server for minutes: what was lost, what came twice, what it cost."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.report import print_goal
from tests.fixtures.hostile_logs import FAILURES, FollowedCommand, HostileLogs, lost_and_repeated

LATE_S = 60
_SETTLE_S = LATE_S + 45
"""Looks into the past come every 20 s, and an outage may be in the way of one."""


def main(arguments: list[str] | None = None) -> None:
    """`--minutes 10`; one minute without it."""
    words = arguments if arguments is not None else []
    minutes = float(words[words.index("--minutes") + 1]) if "--minutes" in words else 1.0
    seconds = minutes * 60
    chance = Random(5)  # noqa: S311  # a run that can be repeated
    outages: list[tuple[float, float, str]] = []
    second = 10.0
    while second < seconds:
        outages.append((second, second + chance.uniform(0.5, 6), chance.choice(FAILURES)))
        second += chance.uniform(8, 30)
    logs = HostileLogs(
        page_events=500,
        empty_share=0.05,
        repeat_share=0.3,
        seed=11,
        failing_share=0.05,
        cut_share=0.03,
        outages=outages,
    )
    logs.plan(seconds, per_second=100, latest_s=LATE_S - 5, bursts=int(minutes * 2) + 1)
    settings = {"LAMBDATUI_AWS_LOG_CALLS_PER_SECOND": "3", "LAMBDATUI_AWS_LATE_LOG_SECONDS": str(LATE_S)}
    with tempfile.TemporaryDirectory() as home, FollowedCommand(logs, Path(home), settings) as command:
        logs.now_s()
        time.sleep(seconds + _SETTLE_S)
        alive = command.process.poll() is None
        cpu_s = _cpu_s(command.process.pid)
        code = command.interrupt() if alive else command.process.returncode
        lost, repeated = lost_and_repeated(logs.ids, command.printed)
    print(f"\n{minutes:g} minutes, {len(logs.ids):,} events, {len(outages)} outages of half a second to six")
    first_ms = min(event.timestamp_ms for events in logs.stored.values() for event in events)
    gone = set(logs.ids) - set(command.printed)
    for event in sorted(event for events in logs.stored.values() for event in events if event.event_id in gone)[:20]:
        late_s = (event.visible_ms - event.timestamp_ms) / 1000
        print(f"  lost: {event.event_id} of second {(event.timestamp_ms - first_ms) / 1000:.3f}, {late_s:.1f} s late")
    print(f"  printed {len(command.printed):,}; lost {lost:,}; repeated {repeated:,}")
    print(f"  {len(logs.calls_s):,} calls, at most {logs.most_calls_in_a_second} in a second; {cpu_s:.1f} s of CPU")
    print(f"  told on stderr: {len(command.told)} lines; exit code after Ctrl-C {code}")
    print_goal("nothing lost, nothing repeated, alive to the end", reached=alive and (lost, repeated) == (0, 0))


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1:])
