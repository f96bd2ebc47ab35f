"""Ctrl-C while AWS has a request: what was sent is not taken back by it, and that is said."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import child_environment
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, Reply


@pytest.mark.parametrize(
    ("words", "operation", "told"),
    [
        (("invoke", "echo"), "lambda:Invoke", "it was sent: AWS runs it to its end, and bills it"),
        (("invoke", "echo", "--dry-run"), "lambda:Invoke", ""),
        (
            ("set", "echo", "memory=512", "--yes"),
            "lambda:UpdateFunctionConfiguration",
            "it was sent, and may still take effect",
        ),
        (("set", "ech*", "memory=512", "--yes"), "lambda:UpdateFunctionConfiguration", "echo: it was sent"),
        (("set", "echo", "memory=512", "--yes"), "lambda:GetFunctionConfiguration", ""),
    ],
)
def test_interrupted_says_whether_it_was_sent(
    aws_stub: AwsStub, tmp_path: Path, words: tuple[str, ...], operation: str, told: str
) -> None:
    """Nothing is said of what was only read, or would have run nothing."""
    StubSettings(aws_stub).add("echo", MemorySize=256)
    aws_stub.answer(operation, Reply(delay_s=20.0))
    child = subprocess.Popen(
        [sys.executable, "-m", "lambdatui", *words, "--region", "eu-west-1", "--endpoint-url", aws_stub.url],
        env=child_environment(tmp_path, **keys("123456789012")),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not aws_stub.requests(operation):
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 130
    assert err.endswith("interrupted\n")
    assert (told in err) if told else ("sent" not in err)
