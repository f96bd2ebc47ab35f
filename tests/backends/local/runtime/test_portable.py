"""Where there is no /proc and no pidfd (macOS) the same promises hold, through `ps` and a waiting thread."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from lambdatui.backends.local.runtime import guard, pool
from lambdatui.backends.local.runtime.processes import MARKER, PsProcesses
from lambdatui.core.invocation import Outcome, outcome_of
from tests.backends.local.runtime.conftest import Bench, is_alive, until

pytestmark = pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps here")

SOURCE = """
import os, sys, time
def handler(event, context):
    if event == "exit": os._exit(4)
    if event == "hoard":
        hoard = bytearray(300_000_000)
        time.sleep(30)
    if event == "daemon":
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(1, b"daemon %d\\n" % os.getpid())
                time.sleep(60)
            os._exit(0)
        time.sleep(60)
    return "fine"
"""


@pytest.fixture
async def portable(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench on a system that has neither /proc nor pidfd."""
    monkeypatch.delattr("os.pidfd_open", raising=False)
    monkeypatch.setattr(pool, "process_table", PsProcesses)
    bench.new_pool()
    return bench


async def test_memory_is_measured(portable: Bench) -> None:
    """The report shows what ps saw."""
    completed = await portable.run(portable.spec(SOURCE))
    assert completed.payload == b'"fine"'
    assert completed.report is not None
    assert 4 < completed.report.max_memory_used_mb < 60


async def test_too_much_memory_ends_the_environment(portable: Bench) -> None:
    """The limit holds."""
    completed = await portable.run(portable.spec(SOURCE, timeout_s=20), b'"hoard"')
    assert outcome_of(completed) is Outcome.OUT_OF_MEMORY


async def test_an_exit_is_noticed(portable: Bench) -> None:
    """A thread waits for each child."""
    completed = await portable.run(portable.spec(SOURCE), b'"exit"')
    assert b"exit status 4" in completed.payload
    assert (await portable.run(portable.spec())).payload == b'"fine"'


async def test_a_daemon_is_found_and_ended(portable: Bench) -> None:
    """ps shows the environment by which a stray is known."""
    completed = await portable.run(portable.spec(SOURCE, timeout_s=1), b'"daemon"')
    assert outcome_of(completed) is Outcome.TIMED_OUT
    pid = int(re.findall(r"daemon (\d+)", completed.log_tail)[0])
    await until(lambda: not is_alive(pid))


@pytest.mark.parametrize("table", [guard.proc_table, guard.ps_table])
def test_the_guard_finds_strays(monkeypatch: pytest.MonkeyPatch, table: Callable[[], Any]) -> None:
    """The guard knows a stray by its mark and by its group, with /proc as with ps."""
    monkeypatch.setattr(guard, "table", table)
    environment = {**os.environ, MARKER: "mark-of-this-test.1"}
    code = "print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as stray:
        try:
            assert stray.stdout is not None
            # Not before: Popen returns while the kernel still puts the program in place, without its environment.
            stray.stdout.readline()
            assert stray.pid in guard.members(set(), f"{MARKER}=mark-of-this-test")
            assert stray.pid in guard.members({stray.pid}, "no such mark")
        finally:
            stray.kill()
