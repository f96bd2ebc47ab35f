"""Failed async events are looked at where they are kept, and stay there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdatui.core.errors import Denied, NotFound, Unsupported
from lambdatui.core.failed_events import KeptEvents
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:orders-failed"
RECORD = {
    "version": "1.0",
    "requestContext": {
        "requestId": "5a1c",
        "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    },
    "requestPayload": {"order": 7},
    "responsePayload": {"errorType": "ValueError", "errorMessage": "no \x1b[31mphoto"},
}


def message(number: int, body: str, **attributes: str) -> dict[str, object]:
    return {
        "MessageId": f"m{number}",
        "Body": body,
        "Attributes": {"SentTimestamp": str(1_790_000_000_000 + number)},
        "MessageAttributes": {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()},
    }


def serve(stub: AwsStub, config: dict[str, object], function: dict[str, object] | None = None) -> None:
    stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body={"DestinationConfig": config}))
    stub.answer("lambda:GetFunctionConfiguration", Reply(body=function or {}))
    stub.answer("sqs:GetQueueUrl", Reply(body={"QueueUrl": f"{stub.url}/123456789012/orders-failed"}))


async def peek(backend: Backend) -> KeptEvents:
    assert backend.failed_events is not None
    return await backend.failed_events.peek("orders", "$LATEST")


async def test_both_kinds_of_messages_are_events(backend: Backend, aws_stub: AwsStub) -> None:
    """A destination's record, and what a dead-letter queue keeps: payload and error; each message once."""
    serve(aws_stub, {"OnFailure": {"Destination": QUEUE}})
    first = message(1, json.dumps(RECORD))
    second = message(2, '{"order": 8}', RequestID="6b2d", ErrorCode="200", ErrorMessage="no stock")
    pages = [Reply(body={"Messages": [first]}), Reply(body={"Messages": [second, first]}), Reply(body={})]
    aws_stub.answer("sqs:ReceiveMessage", *pages)
    kept = await peek(backend)
    newest, oldest = kept.events
    assert (kept.queue, kept.more) == ("sqs:orders-failed", False)
    assert (newest.payload, newest.request_id, newest.error) == (b'{"order": 8}', "6b2d", "200: no stock")
    assert json.loads(oldest.payload) == {"order": 7}
    assert (oldest.error, oldest.attempts, oldest.function_name) == ("ValueError: no photo", 3, "orders")
    for seen in aws_stub.requests("sqs:ReceiveMessage"):
        assert json.loads(seen.body)["VisibilityTimeout"] == 0
    assert not [seen for seen in aws_stub.seen if "Delete" in seen.operation]


async def test_a_queue_that_never_ends_is_not_read_to_its_end(backend: Backend, aws_stub: AwsStub) -> None:
    """So many are enough to find one, and it is said that there are more."""
    serve(aws_stub, {}, {"DeadLetterConfig": {"TargetArn": QUEUE}})

    def page(_seen: Seen) -> Reply:
        number = 10 * len(aws_stub.requests("sqs:ReceiveMessage"))
        return Reply(body={"Messages": [message(number + index, "{}") for index in range(10)]})

    aws_stub.answer("sqs:ReceiveMessage", page)
    kept = await peek(backend)
    assert (len(kept.events), kept.more) == (50, True)


async def test_the_missing_permission_is_named(backend: Backend, aws_stub: AwsStub) -> None:
    """sqs:ReceiveMessage; a queue's address is known without asking for it."""
    serve(aws_stub, {"OnFailure": {"Destination": QUEUE}})
    aws_stub.answer("sqs:ReceiveMessage", denied("sqs:ReceiveMessage"))
    with pytest.raises(Denied) as caught:
        await peek(backend)
    assert caught.value.permission == "sqs:ReceiveMessage"


async def test_what_cannot_be_looked_into_is_said(backend: Backend, aws_stub: AwsStub, tmp_path: Path) -> None:
    """Nowhere, a topic, another region, unknown, and a target that is read-only are five answers."""
    serve(aws_stub, {})
    with pytest.raises(NotFound, match="kept nowhere"):
        await peek(backend)
    serve(aws_stub, {"OnFailure": {"Destination": "arn:aws:sns:eu-west-1:123456789012:alarms"}})
    with pytest.raises(Unsupported, match="sns:alarms"):
        await peek(backend)
    serve(aws_stub, {"OnFailure": {"Destination": QUEUE.replace("eu-west-1", "us-east-1")}})
    with pytest.raises(Unsupported, match="us-east-1"):
        await peek(backend)
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", refusal("AccessDeniedException", "", 403))
    with pytest.raises(Unsupported, match="not known"):
        await peek(backend)
    serve(aws_stub, {"OnFailure": {"Destination": QUEUE}})
    careful = open_account(aws_stub.url, "123456789012", tmp_path, read_only=True)
    with pytest.raises(Unsupported, match="Read-only: sqs:ReceiveMessage"):
        await peek(careful)
    await careful.close()
