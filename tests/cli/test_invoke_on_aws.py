"""`invoke` on AWS, as a script sees it: what is sent, what is printed, and what the exit code says."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from lambdatui.cli import invoke
from lambdatui.core.limits import ASYNC_PAYLOAD_BYTES
from tests.backends.aws.log_book import LogBook, ended, raised, started
from tests.cli.conftest import Lambdatui
from tests.fixtures.aws_stub import AwsStub, Reply, denied, frame, refusal

ID = "request-1"
WHOLE = f"{started(ID)}hello\n{ended(ID)}"


@pytest.fixture
def aws(on_stub: Lambdatui, aws_stub: AwsStub, monkeypatch: pytest.MonkeyPatch) -> Lambdatui:
    """Runs the command on the stub's account, which has one function; a log that comes late is not waited for."""
    monkeypatch.setattr(invoke, "LATE_S", 0.3)
    aws_stub.functions = [{"FunctionName": "f", "Runtime": "python3.13", "Timeout": 3}]
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body=aws_stub.functions[0]))
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", refusal("ResourceNotFoundException", "none", 404))
    return on_stub


def answered(log: str, body: bytes = b'{"ok": true}') -> Reply:
    headers = {"X-Amz-Log-Result": base64.b64encode(log.encode()).decode(), "x-amzn-RequestId": ID}
    return Reply(body=body, headers=headers)


def test_every_option_reaches_the_function(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Qualifier, client context, tenant and durable execution; the version that ran is told."""
    aws_stub.answer("lambda:Invoke", replace(answered(WHOLE), headers={"X-Amz-Executed-Version": "7"}))
    options = ["--qualifier", "live", "--client-context", '{"a": 1}', "--tenant-id", "blue", "--durable-name", "run-1"]
    ran = aws("invoke", "f", *options)
    assert (ran.code, ran.out) == (0, '{"ok": true}')
    assert "version 7" in ran.err
    [seen] = aws_stub.requests("lambda:Invoke")
    assert seen.query == {"Qualifier": "live"}
    assert (seen.headers["X-Amz-Tenant-Id"], seen.headers["X-Amz-Durable-Execution-Name"]) == ("blue", "run-1")
    assert json.loads(base64.b64decode(seen.headers["X-Amz-Client-Context"])) == {"a": 1}


def test_a_log_that_the_answer_brings_is_printed_at_once(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Nobody waits for CloudWatch when all of the log is in the answer."""
    LogBook(aws_stub)
    aws_stub.answer("lambda:Invoke", answered(WHOLE))
    ran = aws("invoke", "f", "--logs")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.err.splitlines()] == ["START", "hello", "REPORT", "ok"]


def test_the_rest_of_a_long_log_comes_from_cloudwatch(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """The answer has the last 4 KB; all of it is printed, each line once."""
    log = LogBook(aws_stub)
    lines = [f"line {number}\n" for number in range(30)]

    def answer(_seen: object) -> Reply:
        log.write(started(ID), *lines, ended(ID))
        return answered("".join([*lines[20:], ended(ID)]))

    aws_stub.answer("lambda:Invoke", answer)
    ran = aws("invoke", "f", "--logs")
    shown = ran.err.splitlines()
    assert shown[0].startswith("START")
    assert [line for line in shown if line.startswith("line ")] == [line.strip() for line in lines]


def test_a_log_that_does_not_arrive_is_not_called_whole(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """The end that the answer brought is printed, and where the rest will be; without the right to read it too."""
    aws_stub.answer("lambda:Invoke", answered("last words\n" + ended(ID)))
    for reply in (Reply(body={"events": []}), denied("logs:FilterLogEvents")):
        aws_stub.answer("logs:FilterLogEvents", reply)
        ran = aws("invoke", "f", "--logs")
        assert ran.code == 0
        assert "last words" in ran.err
        assert f"the rest of the log has not arrived: `lambdatui tail f --request-id {ID}`" in ran.err
    assert "Ask for the permission logs:FilterLogEvents" in ran.err


def test_an_async_event_is_followed_and_its_failure_is_exit_code_1(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """The error is in its log; where the record went is in the settings."""
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    queue = {"Destination": "arn:aws:sqs:eu-west-1:123456789012:orders-failed"}
    config = {"MaximumRetryAttempts": 0, "DestinationConfig": {"OnFailure": queue}}
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", Reply(body=config))
    LogBook(aws_stub).write(started(ID), raised("ValueError: no"), ended(ID))
    ran = aws("invoke", "f", "--async", "--json")
    assert ran.code == 1
    assert [record["state"] for record in ran.records] == ["accepted", "queued", "attempting", "discarded"]
    assert "discarded after 1 attempt (RetriesExhausted): ValueError: no · record sent to sqs:orders-failed" in ran.err


def test_an_accepted_event_that_cannot_be_followed_is_accepted(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Exit code 0, and which permission would tell more; with --no-wait it is not looked at."""
    aws_stub.answer("lambda:Invoke", Reply(202, b"", {"x-amzn-RequestId": ID}))
    aws_stub.answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    ran = aws("invoke", "f", "--async")
    assert ran.code == 0
    assert "what becomes of it can't be seen: Not permitted: logs:FilterLogEvents" in ran.err
    assert "It is tried up to 3 times; a failure is kept nowhere." in ran.err
    ran = aws("invoke", "f", "--async", "--no-wait")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "AWS runs it; `lambdatui tail f` shows its log")


def test_a_streamed_answer_goes_to_stdout_as_it_comes(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Byte for byte; a cut one is exit code 4, as it may have run."""
    chunks = (frame("PayloadChunk", b"one "), frame("PayloadChunk", b"two\n"), frame("InvokeComplete", b"{}"))
    aws_stub.answer("lambda:InvokeWithResponseStream", Reply(parts=chunks))
    ran = aws("invoke", "f", "--stream")
    assert (ran.code, ran.out) == (0, "one two\n")
    aws_stub.answer("lambda:InvokeWithResponseStream", Reply(parts=chunks[:1]))
    ran = aws("invoke", "f", "--stream")
    assert (ran.code, ran.out) == (4, "one ")
    assert "incomplete" in ran.err


def test_the_limit_of_an_event_is_a_warning_on_aws(aws: Lambdatui, aws_stub: AwsStub, tmp_path: Path) -> None:
    """Refused before it is sent, unless the user leaves it to the service."""
    (tmp_path / "e.json").write_text(json.dumps("x" * ASYNC_PAYLOAD_BYTES))
    aws_stub.answer("lambda:Invoke", refusal("RequestTooLargeException", "too large", 413))
    words = ("invoke", "f", "--async", "--no-wait", "-e", "./e.json")
    assert aws(*words).code == 2
    assert aws_stub.requests("lambda:Invoke") == []
    ran = aws(*words, "--send-anyway")
    assert ran.code == 2
    assert "It is sent anyway" in ran.err
    assert "larger than this invocation type takes" in ran.err
    assert len(aws_stub.requests("lambda:Invoke")) == 1


def test_stopping_to_wait_is_worded_for_aws(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """The function keeps running: nobody is told that it was ended."""
    aws_stub.answer("lambda:Invoke", Reply(delay_s=60))
    ran = aws("invoke", "f", "--timeout", "0.4")
    assert ran.code == 4
    assert "The function keeps running to its end on AWS" in ran.err
