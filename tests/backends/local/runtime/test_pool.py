"""The pool: warm reuse, limits, hot reload, cancellation, parallel environments."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from pathlib import Path

import pytest

from lambdatui.backends.local.contracts import LocalRequest
from lambdatui.core.errors import InvalidInput, MayHaveRun, Throttled, Unreachable
from lambdatui.core.functions import Reserved
from tests.backends.local.runtime.conftest import Bench, is_alive, until

PID = "import os\ndef handler(event, context): return os.getpid()\n"
SLOW = (
    "import time, os\nprint('pid', os.getpid())\ndef handler(event, context): time.sleep(event['s']); return 'slept'\n"
)


async def test_an_environment_is_reused(bench: Bench) -> None:
    """INIT runs once; the next invocation finds the environment warm."""
    spec = bench.spec(PID)
    first, second = await bench.run(spec), await bench.run(spec)
    assert first.payload == second.payload
    assert first.report is not None
    assert second.report is not None
    assert (first.report.cold, second.report.cold) == (True, False)
    assert len({event.stream for event in bench.log.events}) == 1


async def test_billed_duration_includes_init(bench: Bench) -> None:
    """On a cold start the duration and INIT are billed together, rounded up."""
    completed = await bench.run(bench.spec(PID))
    report = completed.report
    assert report is not None
    assert report.init_ms is not None
    assert 0 <= report.billed_ms - (report.duration_ms + report.init_ms) < 1


async def test_reserved_concurrency_throttles_as_aws_does(bench: Bench) -> None:
    """Above the reserved concurrency nothing runs: Rate Exceeded, with AWS's reason."""
    spec = bench.spec(SLOW, reserved=Reserved(2), timeout_s=30)
    running = [asyncio.ensure_future(bench.run(spec, b'{"s": 30}')) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Throttled, match=r"Rate Exceeded\.") as refused:
        await bench.run(spec)
    assert refused.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert (await bench.run(spec, b'{"s": 0}')).payload == b'"slept"'


async def test_reserved_zero_stops_a_function(bench: Bench) -> None:
    """0 is not "unreserved": every invocation is throttled."""
    with pytest.raises(Throttled) as refused:
        await bench.run(bench.spec(PID, reserved=Reserved(0)))
    assert refused.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


async def test_all_functions_share_the_runners_limit(bench: Bench) -> None:
    """Functions without a reservation share one limit."""
    bench.new_pool(concurrency_limit=1)
    spec = bench.spec(SLOW, timeout_s=30)
    other = bench.spec(name="other", timeout_s=30)
    running = asyncio.ensure_future(bench.run(spec, b'{"s": 30}'))
    await asyncio.sleep(0)
    with pytest.raises(Throttled) as refused:
        await bench.run(other)
    assert refused.value.reason == "ConcurrentInvocationLimitExceeded"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_cancelling_ends_the_environment(bench: Bench) -> None:
    """Who stops waiting also stops the function, and all that it started."""
    spec = bench.spec(
        """
        import os, subprocess, sys
        def handler(event, context):
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
            print("pids", os.getpid(), child.pid)
            child.wait()
        """,
        timeout_s=60,
    )
    task = asyncio.ensure_future(bench.run(spec))
    await until(lambda: any(m.startswith("pids") for m in bench.log.messages))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    pids = [int(pid) for pid in re.findall(r"\d+", next(m for m in bench.log.messages if m.startswith("pids")))]
    await until(lambda: not any(map(is_alive, pids)))
    assert any("cancelled" in message for message in bench.log.messages)


async def test_a_changed_file_gives_a_fresh_environment(bench: Bench) -> None:
    """Hot reload: the invocation after an edit runs the new code, even within the same second, and it is said."""
    spec = bench.spec("def handler(event, context): return 1\n")
    assert (await bench.run(spec)).payload == b"1"
    for version in (2, 3):
        bench.write(f"def handler(event, context): return {version}\n")
        assert (await bench.run(spec)).payload == str(version).encode()
    assert bench.recycled == ["app.py changed: the next invocation of f starts fresh"] * 2


async def test_a_changed_setting_gives_a_fresh_environment(bench: Bench) -> None:
    """An environment never outlives its settings; others (retries) leave it alone."""
    first = await bench.run(bench.spec(PID))
    again = await bench.run(bench.spec(retries=0, description="other"))
    assert first.payload == again.payload
    larger = await bench.run(bench.spec(memory_mb=256))
    assert larger.payload != first.payload
    assert bench.recycled == ["the memory changed: the next invocation of f starts fresh"]
    await until(lambda: not is_alive(int(first.payload)))


async def test_an_environment_that_went_stale_while_busy_ends_after_its_answer(bench: Bench) -> None:
    """An edit does not disturb what runs; it only is not used again."""
    spec = bench.spec(SLOW, timeout_s=30)
    running = asyncio.ensure_future(bench.run(spec, b'{"s": 0.3}'))
    await until(lambda: any(m.startswith("pid") for m in bench.log.messages))
    pid = int(next(m for m in bench.log.messages if m.startswith("pid")).split()[1])
    bench.write(SLOW + "\n")
    await bench.run(spec, b'{"s": 0}')
    assert (await running).payload == b'"slept"'
    await until(lambda: not is_alive(pid))


async def test_an_idle_environment_ends_after_a_while(bench: Bench) -> None:
    """Idle environments are given back."""
    bench.new_pool(idle_s=0.05)
    completed = await bench.run(bench.spec(PID))
    await until(lambda: not is_alive(int(completed.payload)))


async def test_an_environment_that_dies_idle_is_replaced(bench: Bench) -> None:
    """A warm process that ends between two invocations costs a cold start, not an error."""
    spec = bench.spec(
        """
        import os, threading
        def handler(event, context):
            if event.get("die"):
                threading.Timer(0.05, os._exit, [1]).start()
            return os.getpid()
        """
    )
    first = await bench.run(spec, b'{"die": true}')
    await until(lambda: not is_alive(int(first.payload)))
    await until(lambda: not bench.pool._shelves["f"].idle)
    second = await bench.run(spec)
    assert (second.function_error, second.payload != first.payload) == ("", True)


async def test_twenty_environments_run_side_by_side(bench: Bench) -> None:
    """Twenty at once are twenty processes; each answers its own caller."""
    bench.new_pool(concurrency_limit=20)
    spec = bench.spec(
        "import os, time\ndef handler(event, context): time.sleep(0.5); return [event['n'], os.getpid()]", timeout_s=30
    )
    answers = await asyncio.gather(*(bench.run(spec, json.dumps({"n": n}).encode()) for n in range(20)))
    pairs = [json.loads(answer.payload) for answer in answers]
    assert [n for n, _ in pairs] == list(range(20))
    assert len({pid for _, pid in pairs}) == 20
    assert len({event.event_id for event in bench.log.events}) == len(bench.log.events)


async def test_closing_leaves_nothing_behind(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After close no process runs and no temporary folder is there."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pool = bench.new_pool()
    spec = bench.spec("import os\ndef handler(event, context): return [os.getpid(), os.environ['TMPDIR']]")
    pid, folder = json.loads((await bench.run(spec)).payload)
    assert Path(folder).is_dir()
    await pool.close()
    await until(lambda: not is_alive(pid) and not Path(folder).exists())
    assert not list(tmp_path.glob("lambdatui-*"))
    with pytest.raises(Unreachable):
        await pool.execute(spec, LocalRequest(str(uuid.uuid4()), b""))


def test_a_pool_that_runs_nothing_leaves_nothing(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool takes a folder and a guard when it first runs something, not before."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bench.new_pool()
    assert not list(tmp_path.glob("lambdatui-*"))


async def test_closing_ends_what_runs(bench: Bench) -> None:
    """Who waits for a function while the runner closes is told that its answer is lost, not that it failed."""
    running = asyncio.ensure_future(bench.run(bench.spec(SLOW, timeout_s=30), b'{"s": 30}'))
    await until(lambda: any(m.startswith("START") for m in bench.log.messages))
    await bench.pool.close()
    with pytest.raises(MayHaveRun):
        await running


async def test_a_runtime_that_is_not_supported_says_what_is(bench: Bench) -> None:
    """No silent failure: the error names the runtimes that run here."""
    with pytest.raises(Unreachable, match=r"java21(.|\n)*python3\.9 to python3\.14"):
        await bench.run(bench.spec(PID, runtime="java21"))
    with pytest.raises(Unreachable, match="because"):
        await bench.run(bench.spec(PID, problem="because"))


async def test_a_missing_interpreter_is_named(bench: Bench) -> None:
    """What could not be started is named; nothing ran."""
    with pytest.raises(Unreachable, match="/nowhere/python can't be started"):
        await bench.run(bench.spec(PID, interpreter=Path("/nowhere/python")))


async def test_reserved_variables_are_refused_as_on_aws(bench: Bench) -> None:
    """A function can't set what Lambda sets."""
    with pytest.raises(InvalidInput, match=r"reserved keys(.|\n)*AWS_REGION"):
        await bench.run(bench.spec(PID, environment={"AWS_REGION": "eu-west-1"}))
