"""Signing in and calling: nothing is asked on the terminal, and nothing changes where only reading is allowed."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

import lambdatui.backends.aws as package
from lambdatui.backends.aws.operations import READING
from lambdatui.backends.aws.session import Session
from lambdatui.core.errors import (
    ClockOff,
    CredentialsExpired,
    Denied,
    InvalidInput,
    MayHaveRun,
    Unreachable,
    Unsupported,
    WorkbenchError,
)
from lambdatui.core.invocation import InvocationRequest, InvocationType, Permitted
from lambdatui.core.target import AwsPlace
from tests.backends.aws.conftest import QUICK
from tests.fixtures.aws_account import REGION, keys, open_account
from tests.fixtures.aws_stub import AwsStub, Reply, refusal

LIST = ("lambda", "ListFunctions")


def session(
    stub: AwsStub,
    home: Path,
    environment: Mapping[str, str] | None = None,
    profile: str = "",
    *,
    read_only: bool = False,
) -> Session:
    place = AwsPlace(REGION, profile, stub.url)
    return Session(place, environment or {}, home=home, read_only=read_only, patience=QUICK)


def configure(home: Path, config: str, credentials: str = "") -> None:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(config)
    (home / ".aws" / "credentials").write_text(credentials)


# -- only reading ------------------------------------------------------------------------------------------------------


def operations_called() -> set[str]:
    """Every operation that the project's source calls: by `call("lambda", "ListFunctions", …)`, or by a client."""
    called: set[str] = set()
    models = {name: botocore.session.Session().get_service_model(name) for name in ("lambda", "logs", "sts")}
    by_method = {
        xform_name(operation): f"{name}:{operation}"
        for name, model in models.items()
        for operation in model.operation_names
    }
    for path in Path(inspect.getfile(package)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if len(words) == 2 and words[0] in models and words[1] in models[words[0]].operation_names:
                called.add(":".join(words))
            elif isinstance(node.func, ast.Attribute) and node.func.attr in by_method:
                called.add(by_method[node.func.attr])
    return called


def least(service: str, operation: str) -> dict[str, Any]:
    """The parameters that an operation can't do without."""
    shape = botocore.session.Session().get_service_model(service).operation_model(operation).input_shape
    if shape is None:
        return {}
    values = {
        "string": "function-name-long-enough-for-a-uuid",
        "integer": 1,
        "list": [],
        "structure": {},
        "long": 1,
        "map": {},
        "timestamp": 1,
        "boolean": True,
    }
    return {name: values[shape.members[name].type_name] for name in shape.required_members}


async def test_read_only_sends_nothing_that_is_not_on_the_list(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Every operation that the project can call: those that read go out, the others are refused before that."""
    called = operations_called()
    assert {"lambda:ListFunctions", "lambda:GetFunction", "lambda:Invoke", "sts:GetCallerIdentity"} <= called
    careful = session(aws_stub, tmp_path, keys("123456789012"), read_only=True)
    for name in sorted(called):
        service, operation = name.split(":")
        before = len(aws_stub.seen)
        aws_stub.answer(name, refusal("SomeException"))
        with pytest.raises(WorkbenchError) as caught:
            await careful.call(service, operation, careful.once, **least(service, operation))
        reads = re.match(r"Get|List|Describe|Filter|StartLiveTail|StartQuery|StopQuery", operation) is not None
        assert (name, name in READING) == (name, reads)
        assert (name, isinstance(caught.value, Unsupported)) == (name, not reads)
        assert (name, len(aws_stub.seen) - before) == (name, int(reads))
    careful.forget()


async def test_read_only_allows_a_dry_run_and_no_event(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Asking whether it would be allowed has no effect; an event has."""
    backend = open_account(aws_stub.url, "123456789012", tmp_path, read_only=True)
    aws_stub.answer("lambda:Invoke", Reply(204))
    assert isinstance(await backend.invoker.invoke(InvocationRequest("f", b"", InvocationType.DRY_RUN)), Permitted)
    for kind in (InvocationType.EVENT, InvocationType.REQUEST_RESPONSE):
        with pytest.raises(Unsupported, match="Read-only: lambda:Invoke is not sent"):
            await backend.invoker.invoke(InvocationRequest("f", b"", kind))
    assert len(aws_stub.seen) == 1
    await backend.close()


# -- signing in --------------------------------------------------------------------------------------------------------


async def test_expired_keys_are_told_and_new_ones_are_taken(aws_stub: AwsStub, tmp_path: Path) -> None:
    """In mid-session: the error names what to renew, and the next call signs in with what the files have then."""
    configure(tmp_path, "", "[prod]\naws_access_key_id = OLD\naws_secret_access_key = s\naws_session_token = t\n")
    mine = session(aws_stub, tmp_path, profile="prod")

    def by_key(seen: Any) -> Reply:
        return refusal("ExpiredTokenException", "expired", 403) if "OLD" in seen.headers["Authorization"] else Reply()

    aws_stub.answer("lambda:ListFunctions", Reply(), by_key)
    await mine.call(*LIST)
    with pytest.raises(CredentialsExpired) as caught:
        await mine.call(*LIST)
    assert caught.value.title == "The credentials of profile prod expired"
    assert "Renew the keys of profile prod" in caught.value.hint
    configure(tmp_path, "", "[prod]\naws_access_key_id = NEW\naws_secret_access_key = s\n")
    await mine.call(*LIST)
    mine.forget()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n"
            "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
            "Run: aws sso login --profile work",
        ),
        (
            "[profile work]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
            "sso_account_id = 123456789012\nsso_role_name = dev\n",
            "Run: aws sso login --profile work",
        ),
        (
            "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = base\n"
            "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"
            "[profile base]\naws_access_key_id = KEY\naws_secret_access_key = s\n",
            "Run: aws sts get-caller-identity --profile work",
        ),
        ("[profile work]\ncredential_process = false\n", "Run: aws sts get-caller-identity --profile work"),
        ("[profile work]\nregion = eu-west-1\n", "Run: aws configure"),
    ],
    ids=["sso session", "sso", "mfa", "credential process", "none"],
)
async def test_who_is_not_signed_in_is_told_what_to_run(
    aws_stub: AwsStub, tmp_path: Path, config: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each way to sign in; nobody is asked on the terminal that the workbench draws on."""

    def nobody_asks(*_: object) -> str:
        raise AssertionError("asked on the terminal")

    monkeypatch.setattr("getpass.getpass", nobody_asks)
    configure(tmp_path, config)
    with pytest.raises(CredentialsExpired) as caught:
        await session(aws_stub, tmp_path, profile="work").call(*LIST)
    assert words in caught.value.hint
    assert aws_stub.seen == []


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "InvalidClientTokenId"])
async def test_an_unknown_key_is_told(aws_stub: AwsStub, tmp_path: Path, code: str) -> None:
    """It is not a missing permission."""
    aws_stub.answer("lambda:ListFunctions", refusal(code, "The security token is invalid", 403))
    with pytest.raises(Denied, match="does not know this access key"):
        await session(aws_stub, tmp_path, keys("123456789012")).call(*LIST)


@pytest.mark.parametrize(
    ("code", "words", "title"),
    [
        (
            "InvalidSignatureException",
            "Signature expired: 20260101T000000Z is now earlier than 20260101T005500Z (20260101T010000Z - 5 min.)",
            "60 minutes slow",
        ),
        (
            "SignatureDoesNotMatch",
            "Signature not yet current: 20260101T010000Z is still later than 20260101T004500Z "
            "(20260101T004000Z + 5 min.)",
            "20 minutes fast",
        ),
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "wrong"),
    ],
)
async def test_a_wrong_clock_is_named(aws_stub: AwsStub, tmp_path: Path, code: str, words: str, title: str) -> None:
    """A signature from another time is refused by AWS: how wrong the clock is, and what sets it."""
    aws_stub.answer("lambda:ListFunctions", refusal(code, words, 403))
    with pytest.raises(ClockOff, match=f"This machine's clock is {title}") as caught:
        await session(aws_stub, tmp_path, keys("123456789012")).call(*LIST)
    assert "Set it" in caught.value.hint


async def test_a_wrong_secret_key_is_no_wrong_clock(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The same codes say so, with other words."""
    words = "The request signature we calculated does not match the signature you provided."
    aws_stub.answer("lambda:ListFunctions", refusal("SignatureDoesNotMatch", words, 403))
    with pytest.raises(Denied, match="AWS refused the signature") as caught:
        await session(aws_stub, tmp_path, keys("123456789012")).call(*LIST)
    assert not isinstance(caught.value, ClockOff)


async def test_settings_of_aws_that_are_broken_are_named(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The file, instead of a traceback."""
    configure(tmp_path, "this is\nno ini file [")
    with pytest.raises(InvalidInput, match=r"config: can't be read"):
        session(aws_stub, tmp_path, profile="work")


# -- calling -----------------------------------------------------------------------------------------------------------


async def test_reading_is_tried_again_and_changing_is_not(aws_stub: AwsStub, tmp_path: Path) -> None:
    """A read survives a failure; whoever calls once gets the failure."""
    mine = session(aws_stub, tmp_path, keys("123456789012"))
    sorry = refusal("ServiceException", "", 500)
    aws_stub.answer("lambda:ListFunctions", sorry, Reply(body={"Functions": []}))
    assert (await mine.call(*LIST))["Functions"] == []
    aws_stub.answer("lambda:ListFunctions", sorry)
    with pytest.raises(Unreachable):
        await mine.call(*LIST, mine.once)
    assert len(aws_stub.seen) == 3
    mine.forget()


@pytest.mark.parametrize("kept", [0, 1, 14, 26])
async def test_an_answer_that_was_cut_is_none(aws_stub: AwsStub, tmp_path: Path, kept: int) -> None:
    """botocore takes the first half of an answer for one without any field: reading asks again, changing is told."""
    mine = session(aws_stub, tmp_path, keys("123456789012"))
    whole = b'{"Functions": [{"Function'
    cut = Reply(body=whole + b'Name": "a"}]}', cut_after_bytes=min(kept, len(whole)))
    aws_stub.answer("lambda:ListFunctions", cut, Reply(body={"Functions": []}))
    assert (await mine.call(*LIST))["Functions"] == []
    aws_stub.answer("lambda:ListFunctions", cut)
    with pytest.raises(Unreachable, match="No usable answer"):
        await mine.call(*LIST, mine.once)
    aws_stub.answer("lambda:PutFunctionConcurrency", cut)
    with pytest.raises(MayHaveRun):
        await mine.call("lambda", "PutFunctionConcurrency", mine.once, FunctionName="f", ReservedConcurrentExecutions=1)
    assert len(aws_stub.seen) == 4
    mine.forget()


async def test_a_value_that_aws_would_not_take_is_invalid(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Found before it is sent."""
    with pytest.raises(InvalidInput, match="FunctionName"):
        await session(aws_stub, tmp_path, keys("123456789012")).call("lambda", "GetFunction", FunctionName=3)
    assert aws_stub.seen == []


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
async def test_what_changes_is_sent_once_whatever_is_set_and_whoever_calls(
    aws_stub: AwsStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Neither AWS_MAX_ATTEMPTS nor the profile's retry mode makes two of one, and no caller needs to think of it."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("AWS_RETRY_MODE", mode)
    configure(tmp_path, f"[default]\nretry_mode = {mode}\nmax_attempts = 9\n")
    opened = session(aws_stub, tmp_path, keys("123456789012"))
    change = {"FunctionName": "orders", "ReservedConcurrentExecutions": 1}
    for reply in (Reply(cut=True), refusal("ServiceException", "", 500), refusal("TooManyRequestsException", "", 429)):
        aws_stub.seen.clear()
        aws_stub.answer("lambda:PutFunctionConcurrency", reply)
        with pytest.raises(WorkbenchError):
            await opened.call("lambda", "PutFunctionConcurrency", **change)
        assert len(aws_stub.requests("lambda:PutFunctionConcurrency")) == 1
    opened.forget()
