"""An MFA code without the workbench: asked on the terminal, never on stdin."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.backends.aws.test_sign_in import CONFIG, by_code
from tests.e2e.desk import COMMAND, Desk
from tests.e2e.terminal import Terminal
from tests.fixtures.aws_stub import AwsStub, aws_stub

__all__ = ["aws_stub"]


def environment(aws_stub: AwsStub, home: Path) -> dict[str, str]:
    """A home with a profile that needs a code."""
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(CONFIG.format(url=aws_stub.url))
    aws_stub.answer("sts:AssumeRole", by_code)
    aws_stub.functions = [{"FunctionName": "charge"}]
    return Desk(home, home).environment


def test_a_command_asks_on_the_terminal(aws_stub: AwsStub, tmp_path: Path) -> None:
    """What is no code is asked again at once, a wrong one with AWS's reason; stdout holds the list alone."""
    words = [COMMAND, "ls", "--profile", "work", "--region", "eu-west-1"]
    listed = tmp_path / "listed"
    shell = ["/bin/sh", "-c", '"$@" < /dev/null > ' + str(listed), "sh", *words]
    with Terminal(shell, environment(aws_stub, tmp_path / "home"), str(tmp_path)) as terminal:
        terminal.wait_for("MFA code for work (arn:aws:iam::123456789012:mfa/me):")
        terminal.write(b"12\n")
        terminal.wait_for("Six digits.")
        terminal.write(b"111111\n")
        terminal.wait_for("invalid MFA one time pass code")
        terminal.write(b"222222\n")
        terminal.wait_exit()
        assert terminal.exit_code == 0, terminal.text
    assert "charge" in listed.read_text()
    assert "MFA" not in listed.read_text()


def test_without_a_terminal_the_command_to_run_is_named(aws_stub: AwsStub, tmp_path: Path) -> None:
    """A script does not hang, and what is piped into it is not taken for a code."""
    words = [COMMAND, "ls", "--profile", "work", "--region", "eu-west-1"]
    done = subprocess.run(
        words,
        input=b"222222\n",
        capture_output=True,
        env=environment(aws_stub, tmp_path / "home"),
        start_new_session=True,
        timeout=30,
        check=False,
        cwd=os.fspath(tmp_path),
    )
    assert done.returncode == 3
    assert b"needs an MFA code" in done.stderr
    assert b"aws sts get-caller-identity --profile work" in done.stderr
    assert done.stdout == b""
    assert aws_stub.seen == []
