"""What every `Invoker` promises."""

from __future__ import annotations

import asyncio
import json

import pytest

from lambdatui.core.errors import InvalidInput, NotFound, Throttled, Unsupported
from lambdatui.core.invocation import (
    Accepted,
    Chunk,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    Outcome,
    Permitted,
    failure_of,
    outcome_of,
)
from lambdatui.core.logs import LogBatch, TailQuery
from lambdatui.core.target import Backend


async def call(backend: Backend, name: str, payload: bytes = b"{}") -> Completed:
    answer = await backend.invoker.invoke(InvocationRequest(name, payload))
    assert isinstance(answer, Completed)
    return answer


async def test_a_function_answers(backend: Backend) -> None:
    """With its payload, its log and its report, under one request id."""
    completed = await call(backend, "echo", '{"żółw": [1, null]}'.encode())
    assert (completed.status_code, completed.function_error, completed.executed_version) == (200, "", "$LATEST")
    assert json.loads(completed.payload) == {"event": {"żółw": [1, None]}, "stage": "dev", "memory": "256"}
    assert outcome_of(completed) is Outcome.SUCCEEDED
    assert f"START RequestId: {completed.request_id}" in completed.log_tail
    assert completed.report is not None
    assert completed.report.request_id == completed.request_id
    assert completed.report.memory_size_mb == 256
    assert completed.elapsed_ms > 0


async def test_a_streamed_answer_has_every_chunk_in_the_end(backend: Backend) -> None:
    """One request; chunks, then what they came to: the same answer as without streaming."""
    parts = [part async for part in backend.invoker.stream(InvocationRequest("echo", b'{"a": 1}'))]
    *chunks, end = parts
    assert isinstance(end, Completed)
    assert end.payload == b"".join(chunk.payload for chunk in chunks if isinstance(chunk, Chunk))
    assert json.loads(end.payload)["event"] == {"a": 1}
    assert outcome_of(end) is Outcome.SUCCEEDED


async def test_the_first_is_cold_and_the_next_is_warm(backend: Backend) -> None:
    """INIT happens once an environment."""
    reports = [(await call(backend, "echo")).report for _ in range(2)]
    assert [report is not None and report.cold for report in reports] == [True, False]


async def test_an_empty_payload_is_an_empty_object(backend: Backend) -> None:
    """AWS hands the function `{}`."""
    assert json.loads((await call(backend, "echo", b"")).payload)["event"] == {}


async def test_a_function_that_raised_is_an_answer(backend: Backend) -> None:
    """Not an error: type, message and stack trace come back."""
    completed = await call(backend, "fails")
    assert completed.function_error == "Unhandled"
    failure = failure_of(completed.payload)
    assert (failure.error_type, failure.error_message) == ("LookupError", "no such order")
    assert any("no such order" in frame for frame in failure.stack_trace)
    assert outcome_of(completed) is Outcome.FUNCTION_ERROR


async def test_a_function_that_takes_too_long_timed_out(backend: Backend) -> None:
    """With AWS's own words, and the next invocation works."""
    completed = await call(backend, "brief")
    assert outcome_of(completed) is Outcome.TIMED_OUT
    assert "Task timed out after 1.00 seconds" in failure_of(completed.payload).error_message
    assert outcome_of(await call(backend, "echo")) is Outcome.SUCCEEDED


async def test_a_stopped_function_throttles(backend: Backend) -> None:
    """Reserved concurrency 0; the reason is the service's word."""
    with pytest.raises(Throttled) as caught:
        await call(backend, "stopped")
    assert caught.value.reason == "ReservedFunctionConcurrentInvocationLimitExceeded"


@pytest.mark.parametrize(
    ("payload", "place"), [(b"{", "line 1"), (b'{\n "a": 1,\n}', "line 3"), (b"[NaN]", "line 1"), (b"\xff", "line 1")]
)
async def test_a_payload_that_is_not_json_never_leaves(backend: Backend, payload: bytes, place: str) -> None:
    """The error names the line."""
    with pytest.raises(InvalidInput, match=place):
        await call(backend, "echo", payload)


@pytest.mark.parametrize(
    ("invocation_type", "limit"), [(InvocationType.REQUEST_RESPONSE, 6_291_556), (InvocationType.EVENT, 1_048_576)]
)
async def test_a_payload_that_is_too_large_never_leaves(
    backend: Backend, invocation_type: InvocationType, limit: int
) -> None:
    """Each invocation type has its limit, and the error tells it."""
    payload = b'"' + b"x" * (limit - 1) + b'"'
    with pytest.raises(InvalidInput, match=f"RequestEntityTooLarge.*{limit}"):
        await backend.invoker.invoke(InvocationRequest("echo", payload, invocation_type))


async def test_a_dry_run_runs_nothing(backend: Backend) -> None:
    """Permitted, and no log."""
    answer = await backend.invoker.invoke(InvocationRequest("echo", b"{}", InvocationType.DRY_RUN))
    assert isinstance(answer, Permitted)
    updates = [u async for u in backend.logs.tail(TailQuery(("echo",), follow=False)) if isinstance(u, LogBatch)]
    assert updates == []


async def test_no_function_of_that_name_is_not_found(backend: Backend) -> None:
    """For each way to invoke."""
    for invocation_type in InvocationType:
        with pytest.raises(NotFound):
            await backend.invoker.invoke(InvocationRequest("nope", b"{}", invocation_type))


async def test_a_version_that_is_not_there_is_refused(backend: Backend) -> None:
    """Never the wrong code in silence."""
    with pytest.raises((NotFound, Unsupported)):
        await backend.invoker.invoke(InvocationRequest("echo", b"{}", qualifier="prod"))


async def test_an_accepted_event_is_delivered(backend: Backend) -> None:
    """202 at once; following it ends with its answer."""
    answer = await backend.invoker.invoke(InvocationRequest("echo", b'{"a": 1}', InvocationType.EVENT))
    assert isinstance(answer, Accepted)
    states = [state async for state in backend.invoker.follow(answer.request_id)]
    assert isinstance(states[-1], Delivered)
    assert json.loads(states[-1].completed.payload)["event"] == {"a": 1}
    assert states[-1].completed.request_id == answer.request_id


async def test_an_event_that_fails_is_tried_three_times(backend: Backend) -> None:
    """Then discarded; all attempts have the same request id."""
    answer = await backend.invoker.invoke(InvocationRequest("fails", b"{}", InvocationType.EVENT))
    assert isinstance(answer, Accepted)
    last = [state async for state in backend.invoker.follow(answer.request_id)][-1]
    assert isinstance(last, Discarded)
    assert (last.attempts, last.condition) == (3, "RetriesExhausted")
    assert await backend.invoker.in_flight() == ()


async def test_abandoning_one_invocation_leaves_the_next_alone(backend: Backend) -> None:
    """A cancelled wait ends at once; nothing of it comes back as the answer to another."""
    abandoned = asyncio.create_task(call(backend, "slow"))
    async with asyncio.timeout(20):
        async for update in backend.logs.tail(TailQuery(("slow",))):
            if isinstance(update, LogBatch) and any("began" in event.message for event in update.events):
                break
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    assert json.loads((await call(backend, "echo", b'"next"')).payload)["event"] == "next"


async def test_invocations_at_once_get_their_own_answers(backend: Backend) -> None:
    """None is mixed up, none is sent twice."""
    answers = await asyncio.gather(*(call(backend, "echo", str(number).encode()) for number in range(8)))
    assert [json.loads(answer.payload)["event"] for answer in answers] == list(range(8))
    assert len({answer.request_id for answer in answers}) == 8
