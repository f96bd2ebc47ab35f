"""`set` and `show` on AWS, as a script sees them: what is told, what is sent, and the exit code."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from lambdatui.core.configuration import DEFINITIONS
from tests.cli.conftest import Lambdatui, child_environment
from tests.cli.test_shell import read_until
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, denied


@pytest.fixture
def settings(aws_stub: AwsStub) -> StubSettings:
    settings = StubSettings(aws_stub)
    settings.add("echo", MemorySize=256, Environment={"Variables": {"STAGE": "dev", "TOKEN": "hunter2"}})
    settings.retention["/aws/lambda/echo"] = 14
    return settings


@pytest.fixture
def aws(on_stub: Lambdatui, settings: StubSettings) -> Lambdatui:
    """Runs a command line on the stub's account, which has these settings."""
    assert settings.functions
    return on_stub


def test_settings_of_several_calls_change(aws: Lambdatui, settings: StubSettings) -> None:
    """The difference and the wait on stderr, what stands then on stdout; variables that are not named stay."""
    settings.tags["echo"] = {"aws:cloudformation:stack-name": "web-shop"}
    ran = aws("set", "echo", "memory=512", "env.STAGE=prod", "retention=forever", "reserved=0", "tag.team=a", "--yes")
    assert ran.code == 0
    assert "Memory 256 MB → 512 MB" in ran.err
    assert "Log retention 14 days → forever" in ran.err
    assert "warning: Owned by the CloudFormation stack web-shop" in ran.err
    assert "waiting until it took effect" in ran.err
    assert "512 MB" in ran.out
    assert "prod" not in ran.out + ran.err
    assert settings.functions["echo"]["Environment"]["Variables"] == {"STAGE": "prod", "TOKEN": "hunter2"}
    assert settings.concurrency == {"echo": 0}
    assert settings.retention["/aws/lambda/echo"] is None


@pytest.mark.parametrize("key", ["reserved", "layers", "retention", "dlq", "on_failure"])
def test_a_shell_variable_that_is_not_set_removes_nothing(aws: Lambdatui, settings: StubSettings, key: str) -> None:
    """`reserved=$N` without N is no wish to remove it; an empty variable and description are."""
    ran = aws("set", "echo", f"{key}=", "--yes")
    assert ran.code == 2
    assert f"{key}= has no value" in ran.err
    assert f"--unset {key}" in ran.err
    assert settings.changes == []
    if key == "dlq":
        assert aws("set", "echo", "env.STAGE=", "description=", "--yes").code == 0
        assert settings.functions["echo"]["Environment"]["Variables"] == {"STAGE": "", "TOKEN": "hunter2"}


def test_levels_are_set_together_with_the_format_that_has_them(aws: Lambdatui, settings: StubSettings) -> None:
    """Text logs have no level, which is no reason to need two commands."""
    assert aws("set", "echo", "log_level=DEBUG", "--yes").code == 2
    assert aws("set", "echo", "log_format=JSON", "log_level=DEBUG", "--yes").code == 0
    logging = settings.functions["echo"]["LoggingConfig"]
    assert (logging["LogFormat"], logging["ApplicationLogLevel"]) == ("JSON", "DEBUG")


def test_a_dry_run_sends_nothing(aws: Lambdatui, settings: StubSettings) -> None:
    """--dry-run shows the difference; --unset goes back to AWS's default."""
    ran = aws("set", "echo", "--unset", "memory", "layers=none", "--dry-run", "--json")
    assert (ran.code, settings.changes) == (0, [])
    assert ran.record["changes"] == [{"key": "memory", "old": 256, "new": 128, "masked": False}]


@pytest.mark.parametrize(("typed", "code"), [(b"ehco\n", 130), (b"echo\n", 0)])
def test_stopping_a_function_asks_for_its_name(
    settings: StubSettings, aws_stub: AwsStub, tmp_path: Path, typed: bytes, code: int
) -> None:
    """On a terminal y is not enough to stop it; another name stops nothing."""
    words = ["set", "echo", "reserved=0", "--region", "eu-west-1", "--endpoint-url", aws_stub.url]
    master, terminal = pty.openpty()
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "lambdatui", *words],
            env=child_environment(tmp_path, **keys("123456789012")),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
        )
        os.close(terminal)
        assert b"every invocation will be throttled? Type echo to go on: " in read_until(master, b"to go on: ")
        os.write(master, typed)
        read_until(master, b"set" if code == 0 else b"interrupted")
        assert child.wait(20) == code
        assert settings.concurrency == ({"echo": 0} if code == 0 else {})
    finally:
        os.close(master)


def test_half_a_change_is_told_as_half(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Exit code 1; what took effect and what did not, for eyes and for programs."""
    aws_stub.answer("lambda:TagResource", denied("lambda:TagResource"))
    ran = aws("set", "echo", "memory=512", "tag.team=photo", "--yes", "--json")
    assert ran.code == 1
    assert "took effect: Memory 256 MB → 512 MB" in ran.err
    assert "not changed: team not set → photo" in ran.err
    assert "lambda:TagResource" in ran.err
    assert (ran.record["applied"], ran.record["applied_keys"]) == (False, ["memory"])


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("env.NEW=x", "Lambda can't decrypt it"),
        ("reserved=5", "needs lambda:GetFunctionConcurrency"),
        ("tag.aws:x=y", "can't name a tag"),
        ("memory=99999", "MemorySize value failed"),
    ],
)
def test_what_can_not_be_changed_says_why(
    aws: Lambdatui, settings: StubSettings, aws_stub: AwsStub, assignment: str, told: str
) -> None:
    """Nothing is changed, and the reason is the permission, the key or the server's."""
    settings.functions["echo"]["Environment"] = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms"}}
    aws_stub.answer("lambda:GetFunctionConcurrency", denied("lambda:GetFunctionConcurrency"))
    ran = aws("set", "echo", assignment, "--yes")
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert settings.functions["echo"]["MemorySize"] == 256


def test_show_tells_every_setting_and_what_may_not_be_read(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Values masked; a denied part is unknown, with its permission; nothing is missing."""
    aws_stub.answer("lambda:GetFunctionEventInvokeConfig", denied("lambda:GetFunctionEventInvokeConfig"))
    aws_stub.answer("lambda:GetFunction", denied("lambda:GetFunction"))
    record = aws("show", "echo", "--json").record
    found = {setting["key"]: setting for setting in record["settings"]}
    assert set(found) == {*DEFINITIONS, "env.STAGE", "env.TOKEN"}
    assert found["env.TOKEN"]["value"] is None
    assert found["retries"]["value"] == {"unknown": "needs lambda:GetFunctionEventInvokeConfig"}
    shown = aws("show", "echo")
    assert "hunter2" not in shown.out
    assert "warning: Not permitted: lambda:GetFunction" in shown.err
    assert "python3.13" in shown.out
    assert "needs lambda:GetFunctionEventInvokeConfig" in shown.out


def test_the_help_names_every_setting(aws: Lambdatui) -> None:
    """What can be set is found without a manual."""
    ran = aws("set", "--help")
    assert [key for key in DEFINITIONS if key not in ran.out] == []
