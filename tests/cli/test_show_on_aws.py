"""`show --versions` and `show --triggers`, as a script sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from lambdatui.cli.exits import Exit
from lambdatui.cli.headless import run
from tests.cli.conftest import Lambdatui, Ran
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_parts import QUEUE, StubParts
from tests.fixtures.aws_stub import AwsStub, denied

Call = Callable[..., Ran]


@pytest.fixture
def aws(aws_stub: AwsStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command line on the stub's account, the way the real program composes it."""
    parts = StubParts(aws_stub)
    parts.version("3", Description="thumb\x1b[31mnails")
    parts.alias("live", "3")
    parts.lambda_keeps_ready("live", 5, "FAILED", StatusReason="no room")
    parts.mapping(str(UUID(int=1)))
    allowed = {"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:*"}
    parts.policies = {"": json.dumps({"Statement": [allowed]})}
    for name, value in {**keys("123456789012"), "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = run([*words, "--region", "eu-west-1", "--endpoint-url", aws_stub.url])
        return Ran(code, *capsys.readouterr())

    return call


def test_versions_and_triggers_are_printed_for_eyes_and_for_programs(aws: Call) -> None:
    """Without the flags nothing of it is asked for; nothing of AWS's words reaches the terminal raw."""
    assert "Aliases" not in aws("show", "resize").out
    ran = aws("show", "resize", "--versions", "--triggers")
    assert ran.code == Exit.OK
    for text in ("thumbnails", "0 of 5 provisioned, FAILED: no room", "sqs orders  Enabled", "s3.amazonaws.com"):
        assert text in ran.out
    record = aws("show", "resize", "--versions", "--triggers", "--json").record
    published, triggers = record["published"], record["triggers"]
    assert [version["version"] for version in published["versions"]] == ["$LATEST", "3"]
    assert published["aliases"][0]["version"] == "3"
    assert published["provisioned"][0]["status"] == "FAILED"
    assert triggers["event_source_mappings"][0]["source"] == QUEUE
    assert triggers["policy"][0]["actions"] == ["lambda:*"]
    assert triggers["urls"] == []


def test_a_part_that_is_denied_is_null_and_never_empty(aws: Call, aws_stub: AwsStub) -> None:
    """The missing permission is told on stderr; the rest is printed, and the exit code says that it worked."""
    aws_stub.answer("lambda:ListAliases", denied("lambda:ListAliases"))
    ran = aws("show", "resize", "--versions")
    assert ran.code == Exit.OK
    assert "Not permitted: lambda:ListAliases" in ran.err
    assert "not known" in ran.out
    record = aws("show", "resize", "--versions", "--json").record
    assert record["published"]["aliases"] is None
    assert record["published"]["unread"][0]["part"] == "aliases"


def test_the_local_runner_has_neither(lambdatui: Lambdatui) -> None:
    """It says so, and exits as for a wrong use."""
    ran = lambdatui("show", "greet", "--versions")
    assert ran.code == Exit.USAGE
    assert "no versions" in ran.err
