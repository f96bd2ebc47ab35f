"""Invoking on AWS by keys: what is sent, and what the Result pane says of it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from lambdatui.core.invocation import AsyncState, Queued, Waiting
from lambdatui.core.limits import ASYNC_PAYLOAD_BYTES
from lambdatui.ui.invoke import waiting
from lambdatui.ui.invoke.pane import ResultPane
from lambdatui.ui.invoke.state import Following
from tests.backends.aws.log_book import LogBook, ended, raised, started
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, frame, refusal
from tests.ui.desk import Desk
from tests.ui.on_stub import at_the_stub

ID = "request-1"
RESULT = "#result"


@pytest.fixture
async def desk(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Desk]:
    """The workbench on one function; its event is `{}`."""
    serve(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        yield desk


def serve(stub: AwsStub) -> None:
    stub.functions = [{"FunctionName": "orders", "Runtime": "python3.13", "Timeout": 3, "MemorySize": 256}]
    stub.answer("lambda:GetFunctionConfiguration", Reply(body=stub.functions[0]))
    stub.answer("lambda:GetFunctionEventInvokeConfig", refusal("ResourceNotFoundException", "none", 404))
    versions = [{"Version": "$LATEST"}, {"Version": "6"}, {"Version": "7", "Description": "faster"}]
    stub.answer("lambda:ListVersionsByFunction", Reply(body={"Versions": versions}))
    routing = {"AdditionalVersionWeights": {"7": 0.1}}
    alias = {"Name": "live", "FunctionVersion": "6", "RoutingConfig": routing}
    stub.answer("lambda:ListAliases", Reply(body={"Aliases": [alias]}))
    LogBook(stub)


def answered(log: str, body: bytes = b'{"ok": true}', version: str = "$LATEST") -> Reply:
    headers = {
        "X-Amz-Log-Result": base64.b64encode(log.encode()).decode(),
        "x-amzn-RequestId": ID,
        "X-Amz-Executed-Version": version,
    }
    return Reply(body=body, headers=headers)


async def test_the_end_of_the_log_is_replaced_by_all_of_it(desk: Desk, aws_stub: AwsStub) -> None:
    """The answer brings the last lines at once; the others come from CloudWatch, and the reader's place stays."""
    log = LogBook(aws_stub)
    aws_stub.answer("lambda:Invoke", answered("line 2\n" + ended(ID)))
    await desk.press("i")
    await desk.sees("200 ok", "line 2", "the rest is on its way", where=RESULT)
    await desk.press("3", "down")
    log.write(started(ID), "line 1\n", "line 2\n", ended(ID))
    await desk.sees("log · 4 lines", "line 1", where=RESULT)
    assert "on its way" not in desk.area(RESULT)
    await desk.press("end", "enter")
    await desk.sees("▸ log · 4 lines", where=RESULT)
    assert "line 1" not in desk.area(RESULT)


async def test_a_log_that_does_not_come_is_not_called_whole(desk: Desk, aws_stub: AwsStub) -> None:
    """After a while it is said that the rest has not arrived; without the right to read it, which right that is."""
    aws_stub.answer("lambda:Invoke", answered("line 2\n" + ended(ID)))
    await desk.press("i")
    await desk.sees("the log has not arrived yet", "line 2", where=RESULT)
    aws_stub.answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    await desk.press("i")
    await desk.sees("The rest of the log can't be read: Not permitted: logs:FilterLogEvents", where=RESULT)


async def test_a_function_is_invoked_by_an_alias_and_remembers_it(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`v` lists versions and aliases with their weights; event, headline and the next start know the choice."""
    serve(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.press("v")
        await desk.sees("Invoke orders by", "live", "alias → 6 7:10%", "faster", "← live")
        await desk.type("live")
        await desk.press("enter")
        await desk.sees("→ live", where="#edit")
        aws_stub.answer("lambda:Invoke", answered(f"{started(ID)}{ended(ID)}", version="7"))
        await desk.press("i")
        await desk.sees("200 ok live → 7 ·", where=RESULT)
        assert aws_stub.requests("lambda:Invoke")[-1].query == {"Qualifier": "live"}
        await desk.press("3", "Y")
        await desk.until(lambda: "--qualifier live" in desk.app.clipboard, "the command")
        assert desk.app.clipboard.startswith("AWS_MAX_ATTEMPTS=1 aws lambda invoke --function-name orders")
        assert f"--endpoint-url {aws_stub.url}" in desk.app.clipboard
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.sees("→ live", where="#edit")


async def test_a_version_can_be_typed_where_the_list_is_denied(desk: Desk, aws_stub: AwsStub) -> None:
    """Nothing stands between the user and a version but the permission to invoke it."""
    aws_stub.answer("lambda:ListVersionsByFunction", denied("lambda:ListVersionsByFunction"))
    aws_stub.answer("lambda:ListAliases", denied("lambda:ListAliases"))
    await desk.press("v")
    await desk.sees("can't be read: type its name")
    await desk.type("another")
    await desk.press("enter")
    await desk.sees("Version or alias of orders")
    await desk.press("ctrl+u")
    await desk.type("a b")
    await desk.sees("A version's number, an alias, or $LATEST")
    await desk.press("ctrl+u")
    await desk.type("12")
    await desk.press("enter")
    await desk.sees("→ 12", where="#edit")


async def test_options_go_with_the_event(desk: Desk, aws_stub: AwsStub) -> None:
    """`o`: context and tenant are checked as one types, sent with each invocation, and told above the event."""
    await desk.press("o")
    await desk.sees("How to invoke orders", "Tenant id")
    await desk.type("[1]")
    await desk.sees("Client context: a JSON object")
    await desk.press("enter")
    await desk.sees("How to invoke orders")
    await desk.press("ctrl+u")
    await desk.type('{"custom": {"a": 1}}')
    await desk.press("down")
    await desk.type("blue")
    await desk.press("enter")
    await desk.sees("client context · tenant blue", where="#edit")
    await desk.press("i")
    await desk.sees("200 ok", where=RESULT)
    [seen] = aws_stub.requests("lambda:Invoke")
    assert seen.headers["X-Amz-Tenant-Id"] == "blue"
    assert json.loads(base64.b64decode(seen.headers["X-Amz-Client-Context"])) == {"custom": {"a": 1}}


async def test_a_streamed_answer_is_shown_as_it_comes(desk: Desk, aws_stub: AwsStub) -> None:
    """Chunk by chunk, then as an answer like any other; a cut one is incomplete and may have run."""
    operation = "lambda:InvokeWithResponseStream"
    parts = (frame("PayloadChunk", b'{"one": 1,'), frame("PayloadChunk", b'"two": 2}'), frame("InvokeComplete", b"{}"))
    aws_stub.answer(operation, Reply(parts=parts, part_delay_s=0.4))
    await desk.press("o", "up", "up", "space", "enter")
    await desk.sees("→ streamed", where="#edit")
    await desk.press("i")
    await desk.sees("streaming", '{"one": 1,', "x  stop waiting: the function keeps running on AWS", where=RESULT)
    await desk.sees("200 ok", '"two": 2', where=RESULT)
    assert len(aws_stub.requests(operation)) == 1
    aws_stub.answer(operation, Reply(parts=parts[:1]))
    await desk.press("i")
    await desk.sees("may have run", "incomplete", "what came before that, 10 B", '{"one": 1,', where=RESULT)
    assert len(aws_stub.requests(operation)) == 2


async def test_the_attempts_of_an_event_are_followed_on_aws(desk: Desk, aws_stub: AwsStub) -> None:
    """Error and retry from the log, the queue of the failure from the settings; the last line is on the screen."""
    queue = {"Destination": "arn:aws:sqs:eu-west-1:123456789012:orders-failed"}
    config = {"MaximumRetryAttempts": 1, "DestinationConfig": {"OnFailure": queue}}
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body=config))
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    log = LogBook(aws_stub)
    log.write(started(ID), raised("ValueError: no photo"), ended(ID))
    await desk.press("a")
    await desk.sees("attempt 1 of 2 failed", "attempt 1 failed: ValueError: no photo", where=RESULT)
    log.write(started(ID), raised("ValueError: still none"), ended(ID), stream="2026/11/23/[$LATEST]two")
    await desk.sees("async failed after 2 attempts", "record sent to sqs:orders-failed", where=RESULT)
    await desk.sees("log of the last attempt", where=RESULT)


async def test_an_event_that_cannot_be_seen_is_said_to_be_accepted(desk: Desk, aws_stub: AwsStub) -> None:
    """What the settings say, and the permission that would tell more."""
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    aws_stub.answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    await desk.press("a")
    await desk.sees(
        "accepted, out of sight",
        "It is tried up to 3 times; a failure is kept nowhere.",
        "Ask for the permission logs:FilterLogEvents.",
        where=RESULT,
    )
    assert "◐" not in desk.area("#functions")


async def test_an_event_is_followed_again_after_signing_in(desk: Desk, aws_stub: AwsStub) -> None:
    """Expired credentials put it out of sight; once somebody is signed in it is found."""
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    aws_stub.answer("logs:FilterLogEvents", refusal("ExpiredTokenException", "expired", 400))
    await desk.press("a")
    await desk.sees("out of sight", where=RESULT)
    LogBook(aws_stub).write(started(ID), ended(ID))
    desk.app.screen.query_one(ResultPane).try_again()
    await desk.sees("async ok, attempt 1", where=RESULT)


async def test_a_long_timeline_shows_its_last_line(desk: Desk) -> None:
    """Each step is on the screen as it comes, unless the reader went back to an earlier one."""
    pane = desk.app.screen.query_one(ResultPane)
    queued: tuple[tuple[datetime, AsyncState], ...] = ((datetime.now(UTC), Queued(ID)),)
    state = Following(ID, queued, ended=False, architecture="x86_64")

    def go_on(error: str) -> None:
        nonlocal state
        step = Waiting(ID, 1, 3, error, 60.0)
        state = replace(state, steps=(*state.steps, (datetime.now(UTC), step)))
        pane._invocations._set("orders", state)

    for number in range(30):
        go_on(f"error {number}")
    await desk.sees("error 29", "the next in about 60 s", where=RESULT)
    await desk.press("3", "home")
    await desk.sees(f"Event {ID}", where=RESULT)
    go_on("error 30")
    await desk.pilot.pause()
    assert f"Event {ID}" in desk.area(RESULT)
    await desk.press("end")
    await desk.sees("error 30", where=RESULT)


async def test_stopping_to_wait_says_that_the_function_goes_on(desk: Desk, aws_stub: AwsStub) -> None:
    """Before and after `x`; a throttle says why and for how long."""
    aws_stub.answer("lambda:Invoke", Reply(delay_s=60))
    await desk.press("i")
    await desk.sees("x  stop waiting: the function keeps running on AWS", where=RESULT)
    await desk.press("x")
    await desk.sees("stopped after", "keeps running to its end on AWS, and is billed", where=RESULT)
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
    aws_stub.answer(
        "lambda:Invoke", refusal("TooManyRequestsException", "Slow down", 429, Reason=reason, retry_after="7")
    )
    await desk.press("i")
    await desk.sees("not invoked", reason, "Try again in 7 s", where=RESULT)


async def test_a_too_large_event_is_asked_about_and_sent(desk: Desk, aws_stub: AwsStub) -> None:
    """The limit known here is no wall: `n` sends nothing, `y` leaves it to AWS."""
    aws_stub.answer("lambda:Invoke", refusal("RequestTooLargeException", "1048576 byte payload", 413))
    await desk.press("e", "delete", "delete")
    await desk.paste(json.dumps("x" * ASYNC_PAYLOAD_BYTES))
    await desk.press("f6")
    await desk.sees("The event is too large", "Send it anyway?")
    await desk.press("n")
    assert aws_stub.requests("lambda:Invoke") == []
    await desk.press("f6")
    await desk.sees("Send it anyway?")
    await desk.press("y")
    await desk.sees("1048576 byte payload", "larger than this invocation type takes", where=RESULT)
    assert len(aws_stub.requests("lambda:Invoke")) == 1


async def test_a_failed_event_is_sent_again(desk: Desk, aws_stub: AwsStub) -> None:
    """`F` lists what the queue keeps; Enter edits the event as the function got it, `i` sends it."""
    queue = {"Destination": "arn:aws:sqs:eu-west-1:123456789012:orders-failed"}
    config = {"DestinationConfig": {"OnFailure": queue}}
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body=config))
    aws_stub.answer("sqs:GetQueueUrl", Reply(body={"QueueUrl": f"{aws_stub.url}/123456789012/orders-failed"}))
    attributes = {"ErrorMessage": {"StringValue": "no such photo", "DataType": "String"}}
    message = {"MessageId": "m1", "Body": '{"order": 7}', "MessageAttributes": attributes}
    aws_stub.answer("sqs:ReceiveMessage", Reply(body={"Messages": [message]}))
    await desk.press("F")
    await desk.sees("Failed events in sqs:orders-failed · 1 event", "no such photo", "it stays in the queue")
    await desk.press("enter")
    await desk.sees('{"order": 7}', where="#edit")
    await desk.press("f5")
    await desk.sees("200 ok", where=RESULT)
    assert aws_stub.requests("lambda:Invoke")[-1].body == b'{"order": 7}'


async def test_a_key_that_is_held_sends_one_request(
    desk: Desk, aws_stub: AwsStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On AWS each would run, and be billed: it is sent once, and that is said. After the answer `i` sends again."""
    gate = Event()

    def at_last(_: Seen) -> Reply:
        assert gate.wait(20)
        return answered(ended(ID))

    aws_stub.answer("lambda:Invoke", at_last)
    monkeypatch.setattr(waiting, "_HELD_S", 30.0)
    await desk.press(*"iiiiiiiiii")
    await desk.sees("It is on its way, and was sent once.")
    gate.set()
    await desk.sees("200 ok", where=RESULT)
    assert len(aws_stub.requests("lambda:Invoke")) == 1
    await desk.press("i")
    await desk.until(lambda: len(aws_stub.requests("lambda:Invoke")) == 2, "sent again")
