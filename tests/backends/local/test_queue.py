"""Accepted async events: attempts, retries, age, destinations, and two workbenches that share them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.owners import Owner
from lambdatui.core.errors import NotFound
from lambdatui.core.invocation import (
    Accepted,
    AsyncState,
    Attempting,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    Queued,
    Waiting,
)
from lambdatui.core.target import Backend
from tests.backends.local.building import FAILS, QUICK, SUCCEEDS, backend, eventually, write
from tests.backends.local.scripted import Scripted

TOML = """
[functions.work]
handler = "work.handler"
[functions.once]
handler = "work.handler"
retries = 0
on_failure = "file:failed.jsonl"
[functions.chain]
handler = "work.handler"
retries = 0
on_failure = "function:work"
[functions.ping]
handler = "work.handler"
retries = 0
on_failure = "function:pong"
[functions.pong]
handler = "work.handler"
retries = 0
on_failure = "function:ping"
[functions.brief]
handler = "work.handler"
event_age = 60
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", {"lambdatui.toml": TOML, "work.py": SUCCEEDS})


async def accept(opened: Backend, name: str, payload: bytes = b'{"order": 1}') -> str:
    answer = await opened.invoker.invoke(InvocationRequest(name, payload, InvocationType.EVENT))
    assert isinstance(answer, Accepted)
    return answer.request_id


async def states(opened: Backend, request_id: str) -> list[AsyncState]:
    return [state async for state in opened.invoker.follow(request_id)]


def kinds(found: Sequence[AsyncState]) -> list[type]:
    return [type(state) for state in found if not isinstance(state, Queued)]


async def test_a_failing_event_is_attempted_three_times_under_one_request_id(project: Path, tmp_path: Path) -> None:
    """Then it is discarded, with AWS's word for why."""
    executor = Scripted("error")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "work")
        found = await states(opened, request_id)
    assert kinds(found) == [Attempting, Waiting, Attempting, Waiting, Attempting, Discarded]
    assert [request.request_id for _, request in executor.requests] == [request_id] * 3
    assert [request.payload for _, request in executor.requests] == [b'{"order": 1}'] * 3
    last = found[-1]
    assert isinstance(last, Discarded)
    assert (last.attempts, last.condition, last.error) == (3, "RetriesExhausted", "ValueError: no")
    waiting = next(state for state in found if isinstance(state, Waiting))
    assert (waiting.attempt, waiting.of, waiting.error) == (1, 3, "ValueError: no")


async def test_an_event_that_succeeds_later_is_delivered(project: Path, tmp_path: Path) -> None:
    """With the number of the attempt that did it, and its answer."""
    executor = Scripted("error", "ok")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "work")
        last = (await states(opened, request_id))[-1]
        assert isinstance(last, Delivered)
        assert (last.attempt, last.completed.payload) == (2, b'{"ok": true}')
        assert (await states(opened, request_id)) == [last]
        assert await opened.invoker.in_flight() == ()


async def test_a_throttle_is_no_attempt(project: Path, tmp_path: Path) -> None:
    """The event waits and is tried again until it is too old."""
    executor = Scripted("throttle", "throttle", "throttle", "ok")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        found = await states(opened, await accept(opened, "once"))
    assert isinstance(found[-1], Delivered)
    assert found[-1].attempt == 1
    assert [state.attempt for state in found if isinstance(state, Waiting)] == [1, 1, 1]
    assert all(state.error == "Rate Exceeded." for state in found if isinstance(state, Waiting))


async def test_the_record_of_a_failure_has_aws_shape(project: Path, tmp_path: Path) -> None:
    """One line of JSON in the file, and more lines for more failures."""
    executor = Scripted("error")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "once")
        last = (await states(opened, request_id))[-1]
        await states(opened, await accept(opened, "once"))
    assert isinstance(last, Discarded)
    assert last.destination == "file:failed.jsonl"
    first, _ = (project / "failed.jsonl").read_text().splitlines()
    record = json.loads(first)
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "version": "1.0",
        "requestContext": {
            "requestId": request_id,
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:once:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 1,
        },
        "requestPayload": {"order": 1},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorType": "ValueError", "errorMessage": "no"},
    }


async def test_another_function_gets_the_record_as_its_event(project: Path, tmp_path: Path) -> None:
    """Queued as an async event of its own, with a request id of its own."""
    executor = Scripted("ok", chain="error")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "chain")
        await states(opened, request_id)
        await eventually(lambda: len(executor.requests) == 2)
    name, request = executor.requests[1]
    assert name == "work"
    assert request.request_id != request_id
    assert json.loads(request.payload)["requestContext"]["requestId"] == request_id


async def test_failures_that_go_round_in_a_circle_end(project: Path, tmp_path: Path) -> None:
    """Two functions that are each other's destination, as Lambda's loop detection has it."""
    executor = Scripted("error")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        await states(opened, await accept(opened, "ping"))
        await eventually(lambda: len(executor.requests) >= 16)
        while left := await opened.invoker.in_flight():
            await states(opened, left[0].request_id)
        assert len(executor.requests) == 16


async def test_a_record_that_can_not_be_delivered_is_told(project: Path, tmp_path: Path) -> None:
    """The event ends all the same."""
    (project / "failed.jsonl").mkdir()
    executor = Scripted("error")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        last = (await states(opened, await accept(opened, "once")))[-1]
    assert isinstance(last, Discarded)
    assert last.destination == ""
    assert "the record was not delivered" in last.error


async def test_an_event_that_is_too_old_is_discarded_unrun(project: Path, tmp_path: Path) -> None:
    """AWS's word for it is EventAgeExceeded."""
    executor = Scripted("ok")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "brief")
        with sqlite3.connect(tmp_path / "state/queue/queue.db") as database:
            database.execute("UPDATE events SET accepted_ms = accepted_ms - 61000")
        database.close()
        last = (await states(opened, request_id))[-1]
    assert isinstance(last, Discarded)
    assert (last.condition, last.attempts, last.completed) == ("EventAgeExceeded", 0, None)
    assert executor.requests == []


async def test_an_event_that_was_running_at_the_end_is_kept_and_resumes(project: Path, tmp_path: Path) -> None:
    """The attempt that was cut off counts as never begun."""
    first = Scripted("hang")
    async with backend(project, tmp_path / "state", executor=first) as opened:
        request_id = await accept(opened, "once")
        following = asyncio.create_task(states(opened, request_id))
        await eventually(lambda: len(first.requests) == 1)
        following.cancel()
    assert first.cancelled == 1
    second = Scripted("ok")
    async with backend(project, tmp_path / "state", executor=second) as opened:
        assert [state.request_id for state in await opened.invoker.in_flight()] == [request_id]
        last = (await states(opened, request_id))[-1]
    assert isinstance(last, Delivered)
    assert last.attempt == 1


async def test_two_workbenches_never_run_one_event_twice(project: Path, tmp_path: Path) -> None:
    """Whoever takes it, both can follow it to its end."""
    executors = [Scripted("ok") for _ in range(2)]
    state = tmp_path / "state"
    async with (
        backend(project, state, executor=executors[0]) as one,
        backend(project, state, executor=executors[1]) as two,
    ):
        ids = [await accept(one if n % 2 else two, "work") for n in range(30)]
        ends = await asyncio.gather(*(states(opened, id_) for id_ in ids for opened in (one, two)))
    assert all(isinstance(found[-1], Delivered) for found in ends)
    ran = [request.request_id for executor in executors for _, request in executor.requests]
    assert sorted(ran) == sorted(ids)


async def test_an_unknown_request_id_is_not_found(project: Path, tmp_path: Path) -> None:
    """Nothing is waited for."""
    async with backend(project, tmp_path / "state", executor=Scripted("ok")) as opened:
        with pytest.raises(NotFound):
            await states(opened, "nobody")


async def test_a_file_that_is_no_database_is_set_aside(project: Path, tmp_path: Path) -> None:
    """Accepting goes on; the old file is kept."""
    path = tmp_path / "state/queue/queue.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database at all " * 100)
    async with backend(project, tmp_path / "state", executor=Scripted("ok")) as opened:
        assert isinstance((await states(opened, await accept(opened, "work")))[-1], Delivered)
    assert path.with_name("queue.db.broken").exists()


async def test_a_function_that_vanished_leaves_its_event_waiting(project: Path, tmp_path: Path) -> None:
    """A template that is being edited must not cost accepted events."""
    executor = Scripted("ok")
    async with backend(project, tmp_path / "state", executor=executor) as opened:
        request_id = await accept(opened, "work")
        (project / "lambdatui.toml").write_text("[functions")
        (project / "work.py").write_text("")
        async for state in opened.invoker.follow(request_id):
            if isinstance(state, Waiting):
                assert "No function is named" in state.error
                write(project, {"lambdatui.toml": TOML})
        assert isinstance(state, Delivered)


async def test_many_events_of_a_stopped_function_do_not_hold_up_others(project: Path, tmp_path: Path) -> None:
    """A throttled event waits outside."""
    executor = Scripted("ok", once="throttle")
    options = RunnerOptions(concurrency_limit=2, retry_delays_s=(0.01, 0.01))
    async with backend(project, tmp_path / "state", options, executor=executor) as opened:
        for _ in range(5):
            await accept(opened, "once")
        assert isinstance((await states(opened, await accept(opened, "work")))[-1], Delivered)
        assert len(await opened.invoker.in_flight()) == 5


_VICTIM = """
import asyncio, sys
from pathlib import Path
from lambdatui.core.invocation import InvocationRequest, InvocationType
from tests.backends.local.building import backend
async def main():
    async with backend(Path(sys.argv[1]), Path(sys.argv[2])) as opened:
        request = InvocationRequest("slow", b"{}", InvocationType.EVENT)
        accepted = await opened.invoker.invoke(request)
        async for state in opened.invoker.follow(accepted.request_id):
            print(type(state).__name__, accepted.request_id, flush=True)
asyncio.run(main())
"""


def _killed_while_attempting(project: Path, state: Path) -> str:
    """Have another process accept and attempt an event, and kill it; the event's request id."""
    command = [sys.executable, "-c", _VICTIM, str(project), str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        try:
            assert victim.stdout is not None
            return next(line.split()[1] for line in victim.stdout if line.startswith("Attempting"))
        finally:
            victim.kill()


async def test_an_accepted_event_survives_kill_9(tmp_path: Path) -> None:
    """A workbench that is killed in the middle of an attempt leaves it to the next, which takes it over."""
    slow = (
        "import pathlib, time\ndef handler(event, context):\n    if not pathlib.Path('go').exists(): time.sleep(30)\n"
    )
    project = write(
        tmp_path / "project",
        {"lambdatui.toml": "[functions.slow]\nhandler = 'slow.handler'\ntimeout = 60\n", "slow.py": slow},
    )
    state = tmp_path / "state"
    request_id = _killed_while_attempting(project, state)
    (project / "go").touch()
    async with backend(project, state) as opened:
        (left,) = await opened.invoker.in_flight()
        assert left.request_id == request_id
        last = (await states(opened, request_id))[-1]
    assert isinstance(last, Delivered)
    assert last.attempt == 1


async def test_real_attempts_carry_the_same_request_id_in_the_log(tmp_path: Path) -> None:
    """Each START line of the three attempts names it."""
    project = write(tmp_path / "project", {"fails.py": FAILS})
    async with backend(project, tmp_path / "state", QUICK) as opened:
        request_id = await accept(opened, "fails")
        assert isinstance((await states(opened, request_id))[-1], Discarded)
    log = "".join(path.read_text() for path in (tmp_path / "state/logs/fails").glob("*.jsonl"))
    assert log.count(f"START RequestId: {request_id}") == 3


def test_an_owner_is_alive_until_it_ends(tmp_path: Path) -> None:
    """Known by the lock on its file alone; what a dead one left is removed."""
    one, two = Owner(tmp_path), Owner(tmp_path)
    assert one.is_alive(two.id)
    assert one.is_alive(one.id)
    assert not one.is_alive("never")
    two.close()
    assert not one.is_alive(two.id)
    (tmp_path / "dead").touch()
    assert not one.is_alive("dead")
    assert [path.name for path in tmp_path.iterdir()] == [one.id]
    one.close()
