"""The local backend as a whole: cheap to open, ended in a moment, at ease beside another on the same project."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.core.configuration import Change
from lambdatui.core.errors import InvalidInput, Unreachable, Unsupported, WorkbenchError
from lambdatui.core.functions import CatalogueChange
from lambdatui.core.invocation import Accepted, Completed, InvocationRequest, InvocationType
from lambdatui.core.logs import LogBatch, TailQuery
from tests.backends.local.building import DEADLINE_S, SUCCEEDS, backend, eventually, write
from tests.backends.local.scripted import Scripted

SLEEPS = """
import os, pathlib, time
def handler(event, context):
    pathlib.Path(event).write_text(str(os.getpid()))
    time.sleep(60)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(
        tmp_path / "project", {"echo.py": SUCCEEDS, "sleeps.py": SLEEPS, "async_one.py": "async def handler(e, c): ..."}
    )


def runs(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat")
        return not status.exists() or ") Z " not in status.read_text()
    return False


_OPENS = """
import sys
from pathlib import Path
from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import open_local
from lambdatui.core.target import Target, TargetKind
target = Target(TargetKind.LOCAL, "k", "x", sys.argv[1])
open_local(target, Path(sys.argv[2]), RunnerOptions())
heavy = ("yaml", "watchfiles", "boto3", "lambdatui.backends.local.runtime.pool", "lambdatui.backends.local.queue")
print([name for name in heavy if name in sys.modules])
"""


def test_opening_loads_nothing_heavy_and_writes_nothing(project: Path, tmp_path: Path) -> None:
    """The first frame waits for it."""
    command = [sys.executable, "-c", _OPENS, str(project), str(tmp_path / "state")]
    assert (
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=DEADLINE_S).stdout.strip() == "[]"
    )
    assert not (tmp_path / "state").exists()


async def test_closing_ends_the_children_and_keeps_the_queue(project: Path, tmp_path: Path) -> None:
    """A sync invocation and an async one under way: no process is left, the event is."""
    marks = [tmp_path / "sync", tmp_path / "async"]
    async with backend(project, tmp_path / "state") as opened:
        payloads = [json.dumps(str(mark)).encode() for mark in marks]
        waiting = asyncio.create_task(opened.invoker.invoke(InvocationRequest("sleeps", payloads[0])))
        accepted = await opened.invoker.invoke(InvocationRequest("sleeps", payloads[1], InvocationType.EVENT))
        assert isinstance(accepted, Accepted)
        following = asyncio.ensure_future(anext(opened.invoker.follow(accepted.request_id)))
        await eventually(lambda: all(mark.exists() and mark.read_text() for mark in marks))
    with suppress(WorkbenchError):
        await waiting
    await following
    pids = [int(mark.read_text()) for mark in marks]
    await eventually(lambda: not any(runs(pid) for pid in pids))
    async with backend(project, tmp_path / "state") as opened:
        assert [state.request_id for state in await opened.invoker.in_flight()] == [accepted.request_id]


async def test_closing_twice_and_calling_afterwards_are_harmless(project: Path, tmp_path: Path) -> None:
    """An error of ours, not a crash."""
    async with backend(project, tmp_path / "state") as opened:
        await opened.invoker.invoke(InvocationRequest("echo", b"1"))
        await opened.close()
        with pytest.raises(Unreachable):
            await opened.invoker.invoke(InvocationRequest("echo", b"1"))


async def test_an_executor_that_does_not_end_is_not_waited_for(project: Path, tmp_path: Path) -> None:
    """Quitting is instant, whatever hangs."""

    class Stubborn(Scripted):
        async def close(self) -> None:
            await asyncio.Event().wait()

    async with asyncio.timeout(DEADLINE_S), backend(project, tmp_path / "state", executor=Stubborn("ok")) as opened:
        await opened.invoker.invoke(InvocationRequest("echo", b"1"))


async def test_two_workbenches_share_a_project(project: Path, tmp_path: Path) -> None:
    """Settings, logs and functions of one are those of the other."""
    state = tmp_path / "state"
    async with backend(project, state) as one, backend(project, state) as two:
        read = await one.configuration.read("echo")
        await one.configuration.apply("echo", (Change("memory", 128, 333),), read.revision_id)
        answers = await asyncio.gather(
            *(opened.invoker.invoke(InvocationRequest("echo", b'"x"')) for opened in (one, two) for _ in range(5))
        )
        for answer in answers:
            assert isinstance(answer, Completed)
            assert answer.report is not None
            assert answer.report.memory_size_mb == 333
        for opened in (one, two):
            updates = [u async for u in opened.logs.tail(TailQuery(("echo",), follow=False)) if isinstance(u, LogBatch)]
            messages = [event.message for batch in updates for event in batch.events]
            assert sum(message.startswith("REPORT") for message in messages) == 10


async def test_a_changed_source_file_starts_fresh_and_is_told(project: Path, tmp_path: Path) -> None:
    """The runner's own sentence reaches whoever listens to changes."""
    async with backend(project, tmp_path / "state") as opened:
        changes = opened.catalogue.changes()
        first = asyncio.ensure_future(anext(changes))
        assert isinstance(await opened.invoker.invoke(InvocationRequest("echo", b'"old"')), Completed)
        (project / "echo.py").write_text("def handler(event, context):\n    return 'new code'\n")
        answer = await opened.invoker.invoke(InvocationRequest("echo", b'"old"'))
        assert isinstance(answer, Completed)
        assert json.loads(answer.payload) == "new code"
        change: CatalogueChange = await asyncio.wait_for(first, DEADLINE_S)
        assert change.functions == ("echo",)
        await changes.aclose()  # type: ignore[attr-defined]  # an async generator


async def test_listening_to_changes_resumes_the_queue(project: Path, tmp_path: Path) -> None:
    """An open workbench attempts what a command has only queued."""
    executor = Scripted("ok")
    async with backend(project, tmp_path / "state", executor=executor) as command:
        await command.invoker.invoke(InvocationRequest("echo", b"1", InvocationType.EVENT))
        assert executor.requests == []
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        listening = asyncio.ensure_future(anext(opened.catalogue.changes()))
        await eventually(lambda: len(executor.requests) == 1)
        listening.cancel()


async def test_what_can_not_be_invoked_says_why(project: Path, tmp_path: Path) -> None:
    """Nothing is started for it."""
    executor = Scripted("ok")
    async with backend(project, tmp_path / "state", RunnerOptions(), executor) as opened:
        with pytest.raises(Unreachable, match="does not await"):
            await opened.invoker.invoke(InvocationRequest("async_one", b"{}"))
        with pytest.raises(Unsupported, match="“7”"):
            await opened.invoker.invoke(InvocationRequest("echo", b"{}", qualifier="7"))
        with pytest.raises(InvalidInput, match="client context"):
            await opened.invoker.invoke(InvocationRequest("echo", b"{}", client_context="{nope"))
    assert executor.requests == []


async def test_a_problem_that_was_mended_is_gone_at_the_next_invocation(project: Path, tmp_path: Path) -> None:
    """Also where no template changed: a code folder that was missing."""
    write(project, {"lambdatui.toml": "[functions.late]\nhandler = 'app.handler'\ncode = 'late'\n"})
    async with backend(project, tmp_path / "state", executor=Scripted("ok")) as opened:
        with pytest.raises(Unreachable, match="late does not exist"):
            await opened.invoker.invoke(InvocationRequest("late", b"{}"))
        write(project, {"late/app.py": SUCCEEDS})
        assert isinstance(await opened.invoker.invoke(InvocationRequest("late", b"{}")), Completed)


async def test_cancelling_the_wait_cancels_the_execution(project: Path, tmp_path: Path) -> None:
    """Across the threads."""
    executor = Scripted("hang")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        waiting = asyncio.create_task(opened.invoker.invoke(InvocationRequest("echo", b"1")))
        await eventually(lambda: len(executor.requests) == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await eventually(lambda: executor.cancelled == 1)
