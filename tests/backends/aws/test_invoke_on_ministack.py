"""Invoking on a server that runs the function: streamed, by version and alias, and what a failure leaves behind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.core.errors import NotFound
from lambdatui.core.failed_events import FailedEvent
from lambdatui.core.invocation import Chunk, Completed, InvocationRequest, InvocationType
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import Account

CODE = """
def handler(event, context):
    if event.get("fail"):
        raise LookupError("no such order")
    return {"version": context.function_version, "event": event}
"""


@pytest.fixture
async def backend(ministack: Account, tmp_path: Path) -> AsyncIterator[Backend]:
    ministack.deploy("f", CODE)
    opened = ministack.open(tmp_path)
    yield opened
    await opened.close()


async def test_a_streamed_answer_is_that_of_the_function(backend: Backend) -> None:
    """Chunks, and then all of them together."""
    parts = [part async for part in backend.invoker.stream(InvocationRequest("f", b'{"a": 1}'))]
    assert isinstance(parts[0], Chunk)
    end = parts[-1]
    assert isinstance(end, Completed)
    assert end.payload == b"".join(part.payload for part in parts if isinstance(part, Chunk))
    assert json.loads(end.payload)["event"] == {"a": 1}


async def test_a_version_and_an_alias_run_what_they_name(backend: Backend, ministack: Account) -> None:
    """The qualifier chooses the code, and the answer says which version ran; what is not there is not found."""
    version = ministack.client("lambda").publish_version(FunctionName="f")["Version"]
    ministack.client("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion=version)
    for qualifier in (version, "live"):
        answer = await backend.invoker.invoke(InvocationRequest("f", b"{}", qualifier=qualifier))
        assert isinstance(answer, Completed)
        assert answer.executed_version == version
    with pytest.raises(NotFound):
        await backend.invoker.invoke(InvocationRequest("f", b"{}", qualifier="gone"))


async def test_a_failed_event_is_found_in_its_queue(backend: Backend, ministack: Account) -> None:
    """Retried, given up, kept: the payload is what was sent, and looking at it leaves it there."""
    queue = ministack.client("sqs").create_queue(QueueName="failed")["QueueUrl"]
    named = ministack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    destination = {"OnFailure": {"Destination": named["Attributes"]["QueueArn"]}}
    ministack.client("lambda").put_function_event_invoke_config(
        FunctionName="f", MaximumRetryAttempts=0, DestinationConfig=destination
    )
    await backend.invoker.invoke(InvocationRequest("f", b'{"fail": true}', InvocationType.EVENT))
    assert backend.failed_events
    for _ in range(2):
        kept: tuple[FailedEvent, ...] = ()
        async with asyncio.timeout(20):
            while not kept:
                kept = (await backend.failed_events.peek("f", "$LATEST")).events
                await asyncio.sleep(0.02)
        [event] = kept
        assert json.loads(event.payload) == {"fail": True}
        assert "no such order" in event.error
