"""`tail` as a real process, on a server that misbehaves."""

from __future__ import annotations

import time
from pathlib import Path

from tests.fixtures.hostile_logs import FollowedCommand, HostileLogs, lost_and_repeated

DEADLINE_S = 60


def test_the_command_loses_and_repeats_nothing_on_a_hostile_server(tmp_path: Path) -> None:
    """Throttles, 5xx, expired tokens, cuts, empty pages, bursts of one millisecond; then Ctrl-C is 130."""
    logs = HostileLogs(page_events=40, empty_share=0.05, repeat_share=0.3, seed=3, failing_share=0.1, cut_share=0.05)
    logs.plan(4, per_second=60, latest_s=3, bursts=2)
    with FollowedCommand(logs, tmp_path, {"LAMBDATUI_AWS_LOG_CALLS_PER_SECOND": "20"}) as command:
        until = time.monotonic() + DEADLINE_S
        while lost_and_repeated(logs.ids, command.printed)[0] and time.monotonic() < until:
            command.process.poll()
            time.sleep(0.05)
        assert lost_and_repeated(logs.ids, command.printed) == (0, 0)
        assert command.interrupt() == 130
    assert lost_and_repeated(logs.ids, command.printed) == (0, 0)
    assert command.told[-1] == "interrupted\n"
