"""Invoking on AWS: sent once, whatever happens to the answer."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from pathlib import Path

import botocore.session
import pytest

from lambdatui.backends.aws.invoker import log_of
from lambdatui.core.errors import (
    Conflict,
    Denied,
    InvalidInput,
    MayHaveRun,
    NotFound,
    Throttled,
    Unreachable,
    WorkbenchError,
)
from lambdatui.core.invocation import Accepted, Completed, InvocationRequest, InvocationType, Permitted
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal

REQUEST = InvocationRequest("f", b'{"a": 1}')
EVENT = InvocationRequest("f", b"{}", InvocationType.EVENT)
LOG = (
    "START RequestId: 5a1c Version: $LATEST\nhi \x1b[31mred\nEND RequestId: 5a1c\n"
    "REPORT RequestId: 5a1c\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 61 MB\t\n"
)


def invocations(stub: AwsStub) -> int:
    return len(stub.requests("lambda:Invoke"))


async def complete(backend: Backend, request: InvocationRequest = REQUEST) -> Completed:
    answer = await backend.invoker.invoke(request)
    assert isinstance(answer, Completed)
    return answer


async def test_an_answer_is_complete(backend: Backend, aws_stub: AwsStub) -> None:
    """Payload, version, log and figures of exactly this request."""
    headers = {
        "X-Amz-Log-Result": base64.b64encode(LOG.encode()).decode(),
        "X-Amz-Executed-Version": "7",
        "x-amzn-RequestId": "5a1c",
    }
    aws_stub.answer("lambda:Invoke", Reply(body=b'{"ok": true}', headers=headers))
    completed = await complete(backend, InvocationRequest("f", b"{}", qualifier="live", client_context='{"a": 1}'))
    assert (completed.status_code, completed.payload, completed.function_error) == (200, b'{"ok": true}', "")
    assert (completed.request_id, completed.executed_version) == ("5a1c", "7")
    assert completed.report is not None
    assert (completed.report.billed_ms, completed.report.max_memory_used_mb) == (13, 61)
    assert "hi red\n" in completed.log_tail
    [seen] = aws_stub.seen
    assert (seen.function, seen.query, seen.body) == ("f", {"Qualifier": "live"}, b"{}")
    assert (seen.headers["X-Amz-Invocation-Type"], seen.headers["X-Amz-Log-Type"]) == ("RequestResponse", "Tail")
    assert json.loads(base64.b64decode(seen.headers["X-Amz-Client-Context"])) == {"a": 1}


async def test_a_function_error_is_an_answer(backend: Backend, aws_stub: AwsStub) -> None:
    """HTTP 200 and X-Amz-Function-Error: the function failed, and nothing else did."""
    error = b'{"errorType": "KeyError", "errorMessage": "no"}'
    aws_stub.answer("lambda:Invoke", Reply(body=error, headers={"X-Amz-Function-Error": "Unhandled"}))
    completed = await complete(backend)
    assert (completed.function_error, completed.payload) == ("Unhandled", error)


async def test_an_event_is_accepted_and_a_dry_run_permitted(backend: Backend, aws_stub: AwsStub) -> None:
    """202 and 204, each with its request id; neither asks for a log."""
    aws_stub.answer("lambda:Invoke", Reply(202, b""), Reply(204))
    assert await backend.invoker.invoke(EVENT) == Accepted("request-1", _any_time)  # type: ignore[arg-type]
    assert await backend.invoker.invoke(InvocationRequest("f", b"", InvocationType.DRY_RUN)) == Permitted("request-2")
    assert [seen.headers.get("X-Amz-Log-Type") for seen in aws_stub.seen] == [None, None]


class _AnyTime:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


_any_time: object = _AnyTime()


async def test_a_throttle_says_why_and_for_how_long(backend: Backend, aws_stub: AwsStub) -> None:
    """The service's Reason and Retry-After; it is not tried again by itself."""
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
    aws_stub.answer(
        "lambda:Invoke", refusal("TooManyRequestsException", "Rate Exceeded.", 429, Reason=reason, retry_after="7")
    )
    with pytest.raises(Throttled) as caught:
        await complete(backend)
    assert (caught.value.reason, caught.value.retry_after_s) == (reason, 7.0)
    assert "reserved concurrency" in caught.value.hint
    assert "7 s" in caught.value.hint
    assert invocations(aws_stub) == 1


async def test_an_answer_later_than_any_usual_wait_is_the_answer(impatient: Backend, aws_stub: AwsStub) -> None:
    """Reads give up after half a second here; an invocation waits for its function, and reaches it once."""
    aws_stub.answer("lambda:Invoke", Reply(body=b'"late"', delay_s=1.2))
    assert (await complete(impatient)).payload == b'"late"'
    assert invocations(aws_stub) == 1


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (REQUEST, Reply(cut=True)),
        (REQUEST, Reply(body=b'{"half": "of it"}', cut_after_bytes=5)),
        (REQUEST, refusal("ServiceException", "internal", 500)),
        (REQUEST, Reply(504, b"<html>gateway timeout</html>")),
        (EVENT, Reply(cut=True)),
        (EVENT, Reply(delay_s=60)),
        (EVENT, refusal("ServiceException", "internal", 500)),
    ],
    ids=["cut", "cut in the answer", "500", "504", "event cut", "event late", "event 500"],
)
async def test_a_lost_answer_may_have_run_and_is_never_repeated(
    backend: Backend, impatient: Backend, aws_stub: AwsStub, request_: InvocationRequest, reply: Reply
) -> None:
    """Exactly one request reached the server, and the user is told what is not known."""
    aws_stub.answer("lambda:Invoke", reply)
    with pytest.raises(MayHaveRun):
        await (impatient if reply.delay_s else backend).invoker.invoke(request_)
    assert invocations(aws_stub) == 1


@pytest.mark.parametrize(("timeout_s", "waits_s"), [(3, 60), (60, 120), (900, 960), (None, 960)])
async def test_a_function_is_waited_for_as_long_as_it_may_run(
    backend: Backend, aws_stub: AwsStub, timeout_s: int | None, waits_s: int
) -> None:
    """Its timeout and half a minute, 15 minutes where it is not known; the silent connection is probed meanwhile."""
    if timeout_s is not None:
        aws_stub.functions = [{"FunctionName": "f", "Timeout": timeout_s}]
        await backend.catalogue.detail("f")
    await complete(backend)
    session = backend.invoker._session  # type: ignore[attr-defined]
    [client] = [made for (_, patience), made in session._clients.items() if patience.read_timeout_s >= 60]
    assert client.meta.config.read_timeout == waits_s
    assert client.meta.config.retries["total_max_attempts"] == 1
    [pool] = client._endpoint.http_session._manager.pools._container.values()
    connection = pool.pool.get_nowait()
    assert connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
    connection.close()


async def test_a_server_that_is_not_there_ran_nothing(tmp_path: Path) -> None:
    """A refused connection is told apart from a lost answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = open_account(f"http://127.0.0.1:{free.getsockname()[1]}", "123456789012", tmp_path)
    with pytest.raises(Unreachable, match="Nothing was sent"):
        await complete(nobody)
    await nobody.close()


_MODEL = botocore.session.Session().get_service_model("lambda")
DOCUMENTED = sorted(
    {
        shape.name
        for operation in ("Invoke", "InvokeWithResponseStream")
        for shape in _MODEL.operation_model(operation).error_shapes
    }
)


@pytest.mark.parametrize("code", DOCUMENTED)
async def test_every_documented_refusal_has_its_words(backend: Backend, aws_stub: AwsStub, code: str) -> None:
    """A title and what to do, of the right kind; sent once. The codes are those of botocore's own model."""
    aws_stub.answer("lambda:Invoke", refusal(code, "What the service says.", 502 if "EC2" in code else 400))
    with pytest.raises(WorkbenchError) as caught:
        await complete(backend)
    error = caught.value
    kinds = {
        "TooManyRequestsException": Throttled,
        "EC2ThrottledException": Throttled,
        "ResourceNotFoundException": NotFound,
        "ResourceConflictException": Conflict,
        "InvalidRequestContentException": InvalidInput,
        "InvalidParameterValueException": InvalidInput,
        "RequestTooLargeException": InvalidInput,
        "UnsupportedMediaTypeException": InvalidInput,
    }
    assert type(error) is kinds.get(code, WorkbenchError)
    assert "What the service says." in str(error)
    told_enough = {"ServiceException", "ResourceNotFoundException", "InvalidParameterValueException"}
    assert error.hint or isinstance(error, Throttled) or code in told_enough
    assert invocations(aws_stub) == 1


async def test_a_missing_permission_is_the_one_to_ask_for(backend: Backend, aws_stub: AwsStub) -> None:
    """Invoke needs lambda:InvokeFunction, whether AWS says so or not."""
    for reply in (denied("lambda:InvokeFunction"), refusal("AccessDeniedException", "", 403)):
        aws_stub.answer("lambda:Invoke", reply)
        with pytest.raises(Denied) as caught:
            await complete(backend)
        assert caught.value.permission == "lambda:InvokeFunction"


async def test_a_function_that_has_no_log_tail_is_asked_without(backend: Backend, aws_stub: AwsStub) -> None:
    """That one refusal is repeated, as nothing ran; the next invocation knows."""
    no_tail = refusal("InvalidParameterValueException", "Tail logs are not supported for functions of this kind.")
    aws_stub.answer("lambda:Invoke", no_tail, Reply(body=b"1"))
    assert (await complete(backend)).payload == b"1"
    assert (await complete(backend)).payload == b"1"
    assert [seen.headers.get("X-Amz-Log-Type") for seen in aws_stub.seen] == ["Tail", None, None]


async def test_any_other_refusal_of_a_value_is_not_repeated(backend: Backend, aws_stub: AwsStub) -> None:
    """It has the same code, and means something else."""
    aws_stub.answer("lambda:Invoke", refusal("InvalidParameterValueException", "TenantId is required."))
    with pytest.raises(InvalidInput, match="TenantId"):
        await complete(backend)
    assert invocations(aws_stub) == 1


async def test_stopping_the_wait_ends_it_at_once(backend: Backend, aws_stub: AwsStub) -> None:
    """The function goes on, and says so by attribute; nobody waits for the server."""
    aws_stub.answer("lambda:Invoke", Reply(delay_s=60))
    waiting = asyncio.create_task(complete(backend))
    async with asyncio.timeout(20):
        while not aws_stub.seen:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not backend.invoker.cancelling_ends_it


async def test_none_is_in_flight_as_far_as_is_known_here(backend: Backend) -> None:
    """AWS keeps its events: nothing is lost with the workbench."""
    assert await backend.invoker.in_flight() == ()


def test_a_log_kept_elsewhere_is_named() -> None:
    """Managed Instances give the stream instead of the tail; what is no base64 is no log."""
    place = base64.b64encode(b'{"logGroup": "/aws/lambda/f", "logStreamName": "2026/x"}').decode()
    assert log_of(place) == "The log is in /aws/lambda/f, stream 2026/x\n"
    assert log_of(base64.b64encode(b'{"logStreamName": ').decode()) == '{"logStreamName": '
    assert (log_of("%%%"), log_of("")) == ("", "")
