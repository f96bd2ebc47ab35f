"""Staying signed in: the code of an MFA device, credentials that expire, and who is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.backends.aws.signed_in import AwsSignIn
from lambdatui.core.errors import CredentialsExpired, WorkbenchError
from lambdatui.core.sign_in import CodeRequest, code_problem
from lambdatui.core.target import AwsPlace
from tests.backends.aws.conftest import QUICK
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, refusal

LIST = ("lambda", "ListFunctions")
CONFIG = """
[profile work]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
endpoint_url = {url}

[profile base]
aws_access_key_id = KEY
aws_secret_access_key = s
"""
XML = {"Content-Type": "text/xml"}
WRONG = Reply(
    403,
    b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with "
    b"invalid MFA one time pass code.</Message></Error></ErrorResponse>",
    XML,
)
GIVEN = Reply(
    200,
    b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASSUMED</AccessKeyId>"
    b"<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
    b"</Credentials></AssumeRoleResult></AssumeRoleResponse>",
    XML,
)


def by_code(seen: Seen) -> Reply:
    """222222 is the code."""
    return GIVEN if b"TokenCode=222222" in seen.body else WRONG


class Person:
    """Gives these codes, one after the other; then none."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)
        self.asked: list[CodeRequest] = []

    def __call__(self, request: CodeRequest) -> str | None:
        self.asked.append(request)
        return self.codes.pop(0) if self.codes else None


@pytest.fixture
async def work(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Session]:
    """A session of a profile that assumes a role with MFA."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(CONFIG.format(url=aws_stub.url))
    aws_stub.answer("sts:AssumeRole", by_code)
    session = Session(AwsPlace(REGION, "work"), {}, home=tmp_path, patience=QUICK)
    yield session
    session.forget()


async def test_a_code_is_asked_for_once_and_a_wrong_one_is_told(work: Session, aws_stub: AwsStub) -> None:
    """Five calls at once wait for one answer; the wrong code is told with AWS's reason; all go on with the right one."""
    person = Person("111111", "222222")
    work.sign_in.ask_by(person)
    await asyncio.gather(*(work.call(*LIST) for _ in range(5)))
    assert [request.problem for request in person.asked] == [
        "",
        "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ]
    assert (person.asked[0].profile, person.asked[0].device) == ("work", "arn:aws:iam::123456789012:mfa/me")
    assert all("ASSUMED" in seen.headers["Authorization"] for seen in aws_stub.requests("lambda:ListFunctions"))
    assert len(aws_stub.requests("lambda:ListFunctions")) == 5


async def test_the_session_of_a_code_is_used_again(work: Session, aws_stub: AwsStub, tmp_path: Path) -> None:
    """Also by the AWS CLI, and at the next start: nobody is asked twice."""
    work.sign_in.ask_by(Person("222222"))
    await work.call(*LIST)
    later = Session(AwsPlace(REGION, "work"), {}, home=tmp_path, patience=QUICK)
    await later.call(*LIST)
    assert len(aws_stub.requests("sts:AssumeRole")) == 1
    later.forget()


async def test_who_gives_no_code_is_not_asked_again_until_they_want_to(work: Session, aws_stub: AwsStub) -> None:
    """One question for all that failed; nothing is sent; the command that signs in elsewhere is named."""
    person = Person()
    work.sign_in.ask_by(person)
    failed = await asyncio.gather(*(work.call(*LIST) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in failed] == [CredentialsExpired] * 3
    assert isinstance(failed[0], CredentialsExpired)
    assert failed[0].title == "Profile work needs an MFA code"
    assert failed[0].command == "aws sts get-caller-identity --profile work"
    assert len(person.asked) == 1
    assert aws_stub.seen == []
    person.codes = ["222222"]
    work.sign_in.again()
    await work.call(*LIST)
    assert len(person.asked) == 2


async def test_without_anybody_to_ask_a_code_is_refused(work: Session) -> None:
    """Nothing waits for a person who is not there."""
    with pytest.raises(CredentialsExpired, match="needs an MFA code"):
        await work.call(*LIST)


async def test_whoever_watches_learns_of_the_end_and_of_the_beginning(work: Session, aws_stub: AwsStub) -> None:
    """Expired while five calls are under way: told; a call that goes through again: told too."""
    work.sign_in.ask_by(Person("222222"))
    await work.call(*LIST)
    aws_stub.answer("lambda:ListFunctions", refusal("ExpiredTokenException", "expired", 403))
    async with aclosing(work.sign_in.states()) as states:
        failed = await asyncio.gather(*(work.call(*LIST) for _ in range(5)), return_exceptions=True)
        assert {type(error) for error in failed} == {CredentialsExpired}
        told = await anext(states)
        assert told is not None
        assert told.title == "The credentials of profile work expired"
        aws_stub.answer("lambda:ListFunctions", Reply())
        await work.call(*LIST)
        assert await anext(states) is None


async def test_a_role_that_may_not_be_assumed_is_no_matter_of_codes(work: Session, aws_stub: AwsStub) -> None:
    """The second refusal is AWS's word, when no other code is given."""
    aws_stub.answer("sts:AssumeRole", WRONG)
    person = Person("333333")
    work.sign_in.ask_by(person)
    with pytest.raises(WorkbenchError):
        await work.call(*LIST)
    assert len(person.asked) == 2


@pytest.mark.parametrize("name", ["config", "credentials", "sso/cache/token.json", "login/cache/x.json"])
async def test_signing_in_elsewhere_is_noticed(tmp_path: Path, name: str) -> None:
    """By `aws sso login`, `aws login`, or an editor, in another terminal."""
    path = tmp_path / ".aws" / name
    path.parent.mkdir(parents=True)
    path.write_text("old")
    profile = Profile.of(AwsPlace(REGION), {}, tmp_path) if name.endswith("json") else None
    place = tmp_path / ".aws"
    sign_in = AwsSignIn(profile or Profile("", place / "config", place / "credentials"), tmp_path, look_every_s=0.01)
    waiting = asyncio.ensure_future(sign_in.renewed())
    await asyncio.sleep(0)

    async def write_until_noticed() -> None:
        content = "newer"
        while not waiting.done():
            content += "."
            path.write_text(content)
            await asyncio.sleep(0.01)

    await asyncio.wait_for(asyncio.gather(waiting, write_until_noticed()), 10)


def test_a_code_has_six_digits() -> None:
    """Nothing else is sent to AWS."""
    assert [code_problem(text) for text in ("123456", " 123456 ")] == ["", ""]
    assert all(code_problem(text) for text in ("", "12345", "1234567", "12345a", "１２３４５６"))


async def test_a_process_or_a_login_gives_credentials(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`credential_process` is run; what it prints signs the call."""
    (tmp_path / ".aws").mkdir()
    printed = '{"Version": 1, "AccessKeyId": "PRINTED", "SecretAccessKey": "s"}'
    (tmp_path / "keys.json").write_text(printed)
    (tmp_path / ".aws" / "config").write_text(
        f"[profile work]\ncredential_process = cat {tmp_path}/keys.json\nservices = here\n"
        f"[services here]\nlambda =\n  endpoint_url = {aws_stub.url}\n"
    )
    session = Session(AwsPlace(REGION, "work"), {}, home=tmp_path, patience=QUICK)
    answer: Any = await session.call(*LIST)
    assert answer["Functions"] == []
    assert "PRINTED" in aws_stub.seen[0].headers["Authorization"]
    session.forget()


async def test_aws_login_is_read_where_its_package_is_there(tmp_path: Path) -> None:
    """Without a login that is still good, the command to run is named, or the package that is missing."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile work]\nlogin_session = arn:aws:iam::123456789012:user/me\n")
    session = Session(AwsPlace(REGION, "work", "http://127.0.0.1:9"), {}, home=tmp_path, patience=QUICK)
    with pytest.raises(CredentialsExpired) as caught:
        await session.call(*LIST)
    assert "aws login --profile work" in caught.value.hint or "botocore[crt]" in caught.value.hint
    session.forget()


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"])
async def test_an_endpoint_of_the_environment_is_used(
    aws_stub: AwsStub, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For all of AWS, or for one service: botocore's own variables."""
    monkeypatch.setenv(variable, aws_stub.url)
    session = Session(AwsPlace(REGION), {**keys("123456789012"), variable: aws_stub.url}, home=tmp_path, patience=QUICK)
    await session.call(*LIST)
    assert len(aws_stub.requests("lambda:ListFunctions")) == 1
    session.forget()
