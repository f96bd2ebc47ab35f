"""AWS at its worst, as a script sees it: exit code, words on stderr, and how often what was sent."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from lambdatui.backends.aws import open as opening
from lambdatui.backends.aws.session import Patience
from tests.cli.conftest import Lambdatui
from tests.fixtures.aws_stub import AwsStub, Reply, denied, refusal

IMPATIENT = Patience(read_timeout_s=1.0, attempts=2, connect_timeout_s=2.0)
SKEW = refusal(
    "InvalidSignatureException",
    "Signature expired: 20261123T120000Z is now earlier than 20261123T121000Z (20261123T121500Z - 5 min.)",
    403,
)
EXPIRED = refusal("ExpiredTokenException", "The security token included in the request is expired", 403)
RESERVED = "ReservedFunctionConcurrentInvocationLimitExceeded"
THROTTLE = refusal("TooManyRequestsException", "Rate Exceeded.", 429, Reason=RESERVED, retry_after="7")
BUSY = refusal("TooManyRequestsException", "Rate exceeded", 429)
HTML = Reply(body=b"<html>captive portal</html>")
CUT, CUT_SHORT, LATE = Reply(cut=True), Reply(body=b'{"half": "of it"}', cut_after_bytes=5), Reply(delay_s=60)
BROKEN = refusal("ServiceException", "internal", 500)


@pytest.fixture
def aws(on_stub: Lambdatui, aws_stub: AwsStub, monkeypatch: pytest.MonkeyPatch) -> Lambdatui:
    """Runs a command on the stub's account, which has one function; it gives up soon."""
    monkeypatch.setattr(opening, "open_aws", functools.partial(opening.open_aws, patience=IMPATIENT))
    aws_stub.functions = [function("f")]
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body={**function("f"), "State": "Active"}))
    return on_stub


def function(name: str, **more: Any) -> dict[str, Any]:
    """A function as AWS tells of it."""
    return {"FunctionName": name, "Runtime": "python3.13", "Timeout": 3, "MemorySize": 128, "RevisionId": "1", **more}


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (THROTTLE, 4, [f"Throttled: {RESERVED}", "reserved concurrency is used up", "Try again in 7 s"]),
        (CUT, 4, ["it may have run", "not sent again", "look at the logs first"]),
        (CUT_SHORT, 4, ["it may have run", "not sent again"]),
        (BROKEN, 4, ["AWS failed: ServiceException", "Nobody knows whether it ran"]),
        (Reply(504, b"<html>gateway timeout</html>"), 4, ["Nobody knows whether it ran"]),
        (denied("lambda:InvokeFunction"), 3, ["Not permitted: lambda:InvokeFunction", "Ask for the permission"]),
        (EXPIRED, 3, ["The credentials expired", "Set AWS_ACCESS_KEY_ID"]),
        (SKEW, 3, ["This machine's clock is 15 minutes slow", "timedatectl set-ntp true"]),
        (refusal("KMSDisabledException", "key is disabled", 502), 3, ["KMSDisabledException", "enable it"]),
        (refusal("BrandNewException", "what nobody knows yet", 400), 3, ["BrandNewException: what nobody knows yet"]),
    ],
    ids=["throttled", "cut", "cut short", "500", "504", "denied", "expired", "clock", "KMS", "unknown code"],
)
def test_an_invocation_that_fails_is_sent_once_and_told(
    aws: Lambdatui, aws_stub: AwsStub, reply: Reply, code: int, words: list[str]
) -> None:
    """Nothing on stdout, no traceback, what to do next; and exactly one request, whatever came back."""
    aws_stub.answer("lambda:Invoke", reply)
    ran = aws("invoke", "f")
    assert (ran.code, ran.out) == (code, "")
    assert [word for word in words if word not in ran.err] == []
    assert "Traceback" not in ran.err
    assert len(aws_stub.requests("lambda:Invoke")) == 1


def test_a_late_answer_is_waited_for_and_a_lost_one_is_not_asked_for_again(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Later than any read is waited for: one request, its answer. An event that nobody confirms: one."""
    aws_stub.answer("lambda:Invoke", Reply(body=b'"late"', delay_s=1.6))
    ran = aws("invoke", "f")
    assert (ran.code, ran.out) == (0, '"late"')
    assert len(aws_stub.requests("lambda:Invoke")) == 1
    aws_stub.answer("lambda:Invoke", LATE)
    ran = aws("invoke", "f", "--async")
    assert ran.code == 4
    assert "it may have run" in ran.err
    assert len(aws_stub.requests("lambda:Invoke")) == 2


@pytest.mark.parametrize(
    ("reply", "words", "asked"),
    [
        (BUSY, ["Throttled: TooManyRequestsException"], 2),
        (CUT, ["No usable answer to lambda:ListFunctions", "Try again"], 2),
        (LATE, ["No usable answer to lambda:ListFunctions", "Try again"], 2),
        (BROKEN, ["AWS failed: ServiceException", "AWS's own trouble"], 2),
        (HTML, ["A page of the list holds no functions"], 1),
        (denied("lambda:ListFunctions"), ["Not permitted: lambda:ListFunctions", "Ask for the permission"], 1),
        (EXPIRED, ["The credentials expired", "Set AWS_ACCESS_KEY_ID"], 1),
        (SKEW, ["This machine's clock is 15 minutes slow", "timedatectl set-ntp true"], 1),
    ],
    ids=["throttled", "cut", "late", "500", "html", "denied", "expired", "clock"],
)
def test_a_list_that_fails_is_asked_for_again_where_that_can_help(
    aws: Lambdatui, aws_stub: AwsStub, reply: Reply, words: list[str], asked: int
) -> None:
    """Reading changes nothing: it is repeated after a throttle, a cut and a 5xx, and then told."""
    aws_stub.answer("lambda:ListFunctions", reply)
    ran = aws("ls")
    assert (ran.code, ran.out) == (4 if reply is BUSY else 3, "")
    assert [word for word in words if word not in ran.err] == []
    assert "Traceback" not in ran.err
    assert len(aws_stub.requests("lambda:ListFunctions")) == asked


def test_thousands_are_listed_and_a_cut_in_the_middle_is_no_short_list(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """5,000 functions, each once; when page 51 never comes the exit code says so."""
    aws_stub.functions = [function(f"f{number:04}", Future={"mode": ["x"]}) for number in range(5_000)]
    ran = aws("ls", "--json")
    assert ran.code == 0
    assert [record["name"] for record in ran.records] == [f"f{number:04}" for number in range(5_000)]
    half = [Reply(body={"Functions": aws_stub.functions[:50], "NextMarker": "50"}), CUT]
    aws_stub.answer("lambda:ListFunctions", *half)
    ran = aws("ls", "--json")
    assert ran.code == 3
    assert "No usable answer to lambda:ListFunctions" in ran.err


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (refusal("PreconditionFailedException", "The Revision Id does not match", 412), 1, ["now:   512 MB"]),
        (denied("lambda:UpdateFunctionConfiguration"), 3, ["Not permitted: lambda:UpdateFunctionConfiguration"]),
        (EXPIRED, 3, ["The credentials expired"]),
        (refusal("InvalidParameterValueException", "Memory must be less", 400), 2, ["Memory must be less"]),
    ],
    ids=["changed meanwhile", "denied", "expired", "refused"],
)
def test_a_change_that_fails_changes_nothing_and_says_so(
    aws: Lambdatui, aws_stub: AwsStub, reply: Reply, code: int, words: list[str]
) -> None:
    """Somebody else was first, or it is not allowed: the exit code is none of success's."""
    now = [Reply(body={**function("f"), "State": "Active"})] * 2
    theirs = Reply(body={**function("f", MemorySize=512, RevisionId="2"), "State": "Active"})
    aws_stub.answer("lambda:GetFunctionConfiguration", *now, theirs)
    aws_stub.answer("lambda:UpdateFunctionConfiguration", reply)
    ran = aws("set", "f", "memory=256", "--yes")
    assert ran.code == code
    assert [word for word in words if word not in ran.err] == []
    assert len(aws_stub.requests("lambda:UpdateFunctionConfiguration")) == 1


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (denied("logs:FilterLogEvents"), ["Not permitted: logs:FilterLogEvents"]),
        (SKEW, ["This machine's clock is 15 minutes slow"]),
        (EXPIRED, ["The credentials expired"]),
    ],
    ids=["denied", "clock", "expired"],
)
def test_a_tail_that_may_not_read_ends_and_says_why(
    aws: Lambdatui, aws_stub: AwsStub, reply: Reply, words: list[str]
) -> None:
    """What asking again can't mend ends the command."""
    aws_stub.answer("logs:FilterLogEvents", reply)
    ran = aws("tail", "f", "--no-follow")
    assert ran.code == 3
    assert [word for word in words if word not in ran.err] == []


def test_strange_fields_and_words_are_shown_as_they_came(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """A runtime, state and architecture that nobody knows yet; an escape sequence never reaches the terminal."""
    strange = function("f", Runtime="cobol99", Architectures=["quantum"], Description="a\x1b]52;c;eA==\x07b", New={})
    aws_stub.functions = [strange]
    aws_stub.answer("lambda:GetFunctionConfiguration", Reply(body={**strange, "State": "Hibernating"}))
    aws_stub.answer("lambda:GetFunction", Reply(body={"Configuration": {**strange, "State": "Hibernating"}}))
    ran = aws("ls", "--json")
    assert (ran.code, ran.record["runtime"]) == (0, "cobol99")
    shown = aws("show", "f", "--json")
    assert shown.code == 0
    assert "Hibernating" in shown.out
    assert "\x1b" not in ran.out + shown.out
    assert json.loads(shown.out)
