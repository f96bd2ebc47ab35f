"""A streamed invocation on AWS: the answer as it comes, sent once, and never called whole when it is not."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from lambdatui.core.errors import Denied, MayHaveRun, Throttled, Unsupported
from lambdatui.core.invocation import Chunk, Completed, InvocationRequest, Outcome, StreamPart, failure_in, outcome_of
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub, Reply, denied, frame, refusal

REQUEST = InvocationRequest("f", b'{"a": 1}', qualifier="live", tenant_id="blue")
LOG = "START RequestId: request-1 Version: 7\nREPORT RequestId: request-1\tDuration: 9.00 ms\tBilled Duration: 9 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB\t\n"
OPERATION = "lambda:InvokeWithResponseStream"


def complete(**said: str) -> bytes:
    return frame("InvokeComplete", json.dumps(said).encode())


def streamed(*parts: bytes, delay_s: float = 0.0, cut: bool = False) -> Reply:
    headers = {"Content-Type": "application/vnd.amazon.eventstream", "X-Amz-Executed-Version": "7"}
    return Reply(200, b"", headers, parts=parts, part_delay_s=delay_s, cut_after_bytes=0 if cut else None)


async def parts_of(backend: Backend) -> list[StreamPart]:
    return [part async for part in backend.invoker.stream(REQUEST)]


async def test_chunks_come_one_by_one_and_then_the_whole(backend: Backend, aws_stub: AwsStub) -> None:
    """With the version that ran, the log and the figures; the request has its options, and is sent once."""
    log = base64.b64encode(LOG.encode()).decode()
    aws_stub.answer(
        OPERATION, streamed(frame("PayloadChunk", b"one "), frame("PayloadChunk", b"two"), complete(LogResult=log))
    )
    first, second, end = await parts_of(backend)
    assert (first, second) == (Chunk(b"one "), Chunk(b"two"))
    assert isinstance(end, Completed)
    assert (end.payload, end.function_error, end.executed_version) == (b"one two", "", "7")
    assert end.report is not None
    assert end.report.duration_ms == 9.0
    [seen] = aws_stub.requests(OPERATION)
    assert (seen.body, seen.query) == (b'{"a": 1}', {"Qualifier": "live"})
    assert (seen.headers["X-Amz-Tenant-Id"], seen.headers["X-Amz-Log-Type"]) == ("blue", "Tail")


async def test_silence_between_chunks_is_waited_for(backend: Backend, aws_stub: AwsStub) -> None:
    """Reads give up after half a second here; a stream waits as long as its function may run, and is sent once."""
    aws_stub.answer(OPERATION, streamed(frame("PayloadChunk", b"a"), complete(), delay_s=0.7))
    *_, end = await parts_of(backend)
    assert isinstance(end, Completed)
    assert end.payload == b"a"
    assert len(aws_stub.requests(OPERATION)) == 1


async def test_an_error_at_the_end_is_the_functions_failure(backend: Backend, aws_stub: AwsStub) -> None:
    """What came before stays; type and message are those of InvokeComplete."""
    details = json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 3.00 seconds"})
    aws_stub.answer(
        OPERATION, streamed(frame("PayloadChunk", b"half"), complete(ErrorCode="Unhandled", ErrorDetails=details))
    )
    *_, end = await parts_of(backend)
    assert isinstance(end, Completed)
    assert (end.payload, end.function_error) == (b"half", "Unhandled")
    assert failure_in(end).error_message == "Task timed out after 3.00 seconds"
    assert outcome_of(end) is Outcome.TIMED_OUT


@pytest.mark.parametrize("rest", [complete()[:9], b"", b"<html>" * 20], ids=["cut", "ends early", "nonsense"])
async def test_a_cut_stream_is_incomplete_and_never_asked_for_again(
    backend: Backend, aws_stub: AwsStub, rest: bytes
) -> None:
    """What came is given, then it is said that it is not all and that the function may still run."""
    whole = frame("PayloadChunk", b"half")
    aws_stub.answer(OPERATION, streamed(whole, rest, cut=len(rest) == 9))
    received: list[StreamPart] = []
    with pytest.raises(MayHaveRun, match="incomplete"):
        async for part in backend.invoker.stream(REQUEST):
            received.append(part)  # noqa: PERF401  # what came before the cut is what is looked at
    assert received == [Chunk(b"half")]
    assert len(aws_stub.requests(OPERATION)) == 1


async def test_a_refusal_is_the_same_as_for_any_invocation(backend: Backend, aws_stub: AwsStub) -> None:
    """Throttled with its reason; the permission is lambda:InvokeFunction."""
    aws_stub.answer(
        OPERATION, refusal("TooManyRequestsException", "Rate exceeded", 429, Reason="CallerRateLimitExceeded")
    )
    with pytest.raises(Throttled, match="CallerRateLimitExceeded"):
        await parts_of(backend)
    aws_stub.answer(OPERATION, denied("lambda:InvokeFunction"))
    with pytest.raises(Denied) as caught:
        await parts_of(backend)
    assert caught.value.permission == "lambda:InvokeFunction"


async def test_read_only_streams_nothing(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The request does not leave."""
    backend = open_account(aws_stub.url, "123456789012", tmp_path, read_only=True)
    with pytest.raises(Unsupported, match="Read-only"):
        await parts_of(backend)
    assert aws_stub.requests(OPERATION) == []
    await backend.close()
