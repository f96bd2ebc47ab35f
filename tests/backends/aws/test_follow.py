"""What becomes of an accepted event on AWS: told from the function's log and its settings, and nothing made up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from lambdatui.backends.aws.invocation_logs import Watching
from lambdatui.backends.aws.open import open_aws
from lambdatui.core.errors import NotFound
from lambdatui.core.invocation import (
    Accepted,
    AsyncState,
    Attempting,
    Delivered,
    Discarded,
    InvocationRequest,
    InvocationType,
    OutOfSight,
    Queued,
    Waiting,
)
from lambdatui.core.target import Backend
from tests.backends.aws.conftest import QUICK
from tests.backends.aws.log_book import LogBook, ended, json_ended, json_started, raised, started
from tests.fixtures.aws_account import keys, target
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal

EVENT = InvocationRequest("f", b"{}", InvocationType.EVENT)
WATCHING = Watching(looks_s=(0.01, 0.02), log_wait_s=0.3, retries_s=(0.1, 0.1), slack_s=0.2)
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders-failed"
ID = "request-1"


@pytest.fixture
async def backend(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Backend]:
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    function = {"FunctionName": "f", "Runtime": "python3.13", "Timeout": 3}
    aws_stub.functions = [function]
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body=function))
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", refusal("ResourceNotFoundException", "none", 404))
    opened = open_aws(target(aws_stub.url), keys("123456789012"), tmp_path, QUICK, watching=WATCHING)
    yield opened
    await opened.close()


@pytest.fixture
def log(aws_stub: AwsStub) -> LogBook:
    return LogBook(aws_stub)


async def accepted(backend: Backend) -> str:
    answer = await backend.invoker.invoke(EVENT)
    assert isinstance(answer, Accepted)
    return answer.request_id


async def steps(backend: Backend) -> list[AsyncState]:
    request_id = await accepted(backend)
    async with asyncio.timeout(10):
        return [step async for step in backend.invoker.follow(request_id)]


async def test_an_event_is_followed_to_its_delivery(backend: Backend, aws_stub: AwsStub, log: LogBook) -> None:
    """The attempts are found by the request id, the last one's log and figures with them; the event is sent once."""
    log.write("INIT_START Runtime Version: python:3.13\n", started(ID), "hello\n", ended(ID))
    queued, attempting, delivered = await steps(backend)
    assert (queued, attempting) == (Queued(ID), Attempting(ID, 1, 3))
    assert isinstance(delivered, Delivered)
    assert (delivered.attempt, delivered.destination, delivered.note) == (1, "", "")
    assert delivered.completed.report is not None
    assert delivered.completed.log_tail.splitlines()[0].startswith("INIT_START")
    assert "hello" in delivered.completed.log_tail
    assert len(aws_stub.requests("lambda:Invoke")) == 1


async def test_a_retry_is_another_attempt_of_the_same_request(backend: Backend, log: LogBook) -> None:
    """The error of a failed attempt is told with when the next one comes; that one ends the event."""
    log.write(started(ID), raised("ValueError: no photo"), ended(ID), ago_ms=50)
    seen: list[AsyncState] = []
    async with asyncio.timeout(10):
        async for step in backend.invoker.follow(await accepted(backend)):
            seen.append(step)
            if isinstance(step, Waiting):
                log.write(started(ID), "better\n", ended(ID), stream="2026/11/23/[$LATEST]two")
    assert seen[1:4] == [Attempting(ID, 1, 3), Waiting(ID, 1, 3, "ValueError: no photo", 0.1), Attempting(ID, 2, 3)]
    assert isinstance(seen[4], Delivered)
    assert seen[4].attempt == 2
    assert "better" in seen[4].completed.log_tail


async def test_where_a_failure_went_is_looked_up(backend: Backend, aws_stub: AwsStub, log: LogBook) -> None:
    """After the last attempt: the error, the condition in AWS's word, and the queue that keeps the record."""
    config = {"MaximumRetryAttempts": 1, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}}
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body=config))
    dead = {"DeadLetterConfig": {"TargetArn": "arn:aws:sns:eu-west-1:123456789012:alarms"}}
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body={"Runtime": "java21", **dead}))
    log.write(json_started(ID), json_ended(ID, "error", "java.lang.Boom"), ago_ms=60)
    log.write(json_started(ID), json_ended(ID, "timeout"), stream="2026/11/23/[$LATEST]two")
    *_, last = await steps(backend)
    assert isinstance(last, Discarded)
    assert (last.attempts, last.condition, last.error) == (2, "RetriesExhausted", "timeout")
    assert last.destination == "sqs:orders-failed and the dead-letter queue sns:alarms"
    assert last.queue == QUEUE


async def test_without_the_right_to_read_logs_it_is_said_what_cannot_be_seen(
    backend: Backend, aws_stub: AwsStub
) -> None:
    """Which permission is missing, and what the settings say will happen."""
    aws_stub.answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    queued, last = await steps(backend)
    assert queued == Queued(ID)
    assert isinstance(last, OutOfSight)
    assert "logs:FilterLogEvents" in last.reason
    assert "Ask for the permission logs:FilterLogEvents" in last.hint
    assert last.fate == "It is tried up to 3 times; a failure is kept nowhere."


async def test_without_the_right_to_read_settings_nothing_is_made_up(
    backend: Backend, aws_stub: AwsStub, log: LogBook
) -> None:
    """How often it is tried and where it went is not known; that no retry came is."""
    for operation in ("GetFunctionEventInvokeConfig", "GetFunctionConfiguration"):
        aws_stub.answer(f"lambda:{operation}", denied(f"lambda:{operation}"))
    log.write(started(ID), raised("ValueError: no"), ended(ID))
    *_, attempting, waiting, last = await steps(backend)
    assert (attempting, waiting) == (Attempting(ID, 1, None), Waiting(ID, 1, None, "ValueError: no", 0.1))
    assert isinstance(last, Discarded)
    assert (last.attempts, last.condition, last.destination) == (1, "", "")
    assert "lambda:GetFunctionEventInvokeConfig is not permitted" in last.note


async def test_a_log_that_has_no_word_for_success_is_not_given_one(
    backend: Backend, aws_stub: AwsStub, log: LogBook
) -> None:
    """A custom runtime's text log: no error in it and no retry in time is all that is known, and said."""
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body={"Runtime": "provided.al2023"}))
    log.write(started(ID), "some line\n", ended(ID))
    *_, last = await steps(backend)
    assert isinstance(last, Delivered)
    assert last.note == "its log shows no error; more is not known"


async def test_a_function_that_logs_warnings_only_is_out_of_sight(backend: Backend, aws_stub: AwsStub) -> None:
    """Its starts and ends are never written: waiting for them would be in vain."""
    logging = {"LogFormat": "JSON", "SystemLogLevel": "WARN"}
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body={"LoggingConfig": logging}))
    *_, last = await steps(backend)
    assert isinstance(last, OutOfSight)
    assert "WARN" in last.reason
    assert aws_stub.requests("logs:FilterLogEvents") == []


async def test_an_event_grows_too_old(backend: Backend, aws_stub: AwsStub, log: LogBook) -> None:
    """A throttled function: no attempt is seen, and after the event's age that is its end."""
    config = {"MaximumEventAgeInSeconds": 60}
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body=config))
    follower = backend.invoker
    request_id = await accepted(backend)
    request, at = follower._accepted[request_id]  # type: ignore[attr-defined]
    follower._accepted[request_id] = request, at - timedelta(minutes=2)  # type: ignore[attr-defined]
    seen = [step async for step in follower.follow(request_id)]
    assert seen == [Queued(ID), Discarded(ID, 0, "EventAgeExceeded", "the event grew too old")]


async def test_throttles_and_cuts_are_waited_out(backend: Backend, aws_stub: AwsStub, log: LogBook) -> None:
    """A group that is not there yet, a throttle and a cut connection cost time, and nothing else."""
    log.write(started(ID), ended(ID))
    aws_stub.answer(
        "logs:FilterLogEvents",
        refusal("ResourceNotFoundException", "no such group"),
        refusal("ThrottlingException", "Rate exceeded"),
        Reply(cut=True),
        log._answer,
    )
    *_, last = await steps(backend)
    assert isinstance(last, Delivered)


async def test_an_event_of_somebody_else_is_not_known(backend: Backend) -> None:
    """Only what was accepted here can be followed."""
    with pytest.raises(NotFound):
        await anext(aiter(backend.invoker.follow("5a1c")))
