"""No child survives the workbench, however it ends."""

# ruff: noqa: ASYNC220 - what is started here is what is looked at

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdatui.backends.local.runtime.guarding import Guard
from lambdatui.backends.local.runtime.processes import MARKER, LinuxProcesses, ProcessTable, PsProcesses
from tests.backends.local.runtime.conftest import Bench, is_alive, until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")

WORKBENCH = """
import asyncio, sys, uuid
from pathlib import Path
from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest, RunnerOptions
from lambdatui.backends.local.runtime import Pool

class Log:
    def extend(self, function_name, events):
        for event in events:
            print(event.message, flush=True)

async def main():
    pool = Pool(RunnerOptions(), Log())
    print("folder", pool._ground.folder, flush=True)
    spec = FunctionSpec("f", "python3.11", "app.handler", Path(sys.argv[1]), "here", timeout_s=60)
    await pool.execute(spec, LocalRequest(str(uuid.uuid4()), b""))

asyncio.run(main())
"""

BUSY = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
def tell(pid):
    os.write(1, b"pid %d\\n" % pid)  # one write: several processes tell at once
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        tell(os.getpid())
        while True: time.sleep(1)
    os._exit(0)
def handler(event, context):
    tell(os.getpid())
    tell(child.pid)
    print("busy")
    while True: pass
"""


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with a pool whose handler is busy, and has children that left it."""
    (tmp_path / "app.py").write_text(BUSY)
    process = subprocess.Popen(
        [sys.executable, "-c", WORKBENCH, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        start_new_session=True,
    )
    with process:
        yield process
        process.kill()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
async def test_nothing_survives_the_end_of_the_workbench(workbench: subprocess.Popen[str], end: signal.Signals) -> None:
    """After kill -9 no handler, no grandchild, no daemon and no temporary file is left."""
    assert workbench.stdout is not None
    text = ""
    pids: list[int] = []
    for line in workbench.stdout:
        text += line
        pids = [int(pid) for pid in re.findall(r"^pid (\d+)$", text, re.MULTILINE)]
        if "busy\n" in text and len(pids) == 3:
            break
    folder = Path(re.findall(r"^folder (.+)$", text, re.MULTILINE)[0])
    assert len(pids) == 3, text
    assert all(map(is_alive, pids))
    os.killpg(workbench.pid, end)  # as a terminal that hangs up does: the whole foreground group
    workbench.wait(10)
    await until(lambda: not any(map(is_alive, pids)))
    await until(lambda: not folder.exists())


async def test_a_guard_that_was_killed_comes_back(bench: Bench, tmp_path: Path) -> None:
    """Whoever ends the guard does not end its protection: the next environment brings it back."""
    folder = tmp_path / "sandboxes"
    folder.mkdir()
    guard = Guard("marker", folder)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as first:
        guard.add(first.pid)
        assert guard._process is not None
        guard._process.kill()
        guard._process.wait()
        guard.add(first.pid)
        assert guard._process.poll() is None
        guard.close()
        await until(lambda: first.poll() is not None)
    assert not folder.exists()


async def test_what_ends_after_the_guard_starts_no_other(bench: Bench, tmp_path: Path) -> None:
    """An environment whose end is heard of late is gone with its folder, and nothing of ours runs on."""
    folder = tmp_path / "sandboxes"
    (folder / "late").mkdir(parents=True)
    guard = Guard("marker", folder)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as first:
        guard.add(first.pid)
        guard.close()
    guard.discard(first.pid)
    guard.remove(folder / "late")
    assert guard._process is None
    assert not folder.exists()


@pytest.mark.parametrize("table", [LinuxProcesses(), PsProcesses()])
async def test_both_process_tables_find_members_and_their_memory(table: ProcessTable) -> None:
    """The portable table (ps) tells the same as /proc."""
    child = (
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(50_000_000); print(1); input()'])"
    )
    environment = {**os.environ, MARKER: "mark.1"}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = table.members(process.pid, "mark.1")
        assert process.pid in found
        assert len(found) >= 1
        usage = table.usage(process.pid)
        assert usage.processes == 2
        assert usage.resident_bytes > 50_000_000
        assert 0 < table.unshared_bytes(process.pid) <= usage.resident_bytes * 1.5
        os.killpg(process.pid, signal.SIGKILL)
    assert table.usage(process.pid).resident_bytes == 0
