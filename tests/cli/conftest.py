"""The command line over a target in memory: in this process where that is enough, as a real command elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lambdatui.cli.headless import run
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_stub import AwsStub
from tests.fixtures.memory_target import MemoryTarget

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> dict[str, Any]:
        """The only JSON object on stdout."""
        (record,) = self.records
        return record


Lambdatui = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("LAMBDATUI_", "_LAMBDATUI")) or name == "NO_COLOR"]:
        monkeypatch.delenv(name)


@pytest.fixture
def target() -> MemoryTarget:
    """The target that `lambdatui` works on."""
    return MemoryTarget()


@pytest.fixture
def lambdatui(target: MemoryTarget, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lambdatui:
    """Runs a command line in this process."""

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = run(words, target.composer(tmp_path))
        return Ran(code, *capsys.readouterr())

    return call


@pytest.fixture
def on_stub(
    aws_stub: AwsStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lambdatui:
    """Runs a command line on the stub's account, the way the real program composes it."""
    for name, value in {**keys("123456789012"), "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = run([*words, "--region", "eu-west-1", "--endpoint-url", aws_stub.url])
        return Ran(code, *capsys.readouterr())

    return call


def child_environment(home: Path, **more: str) -> Mapping[str, str]:
    """The environment of a child: this one's, with folders of its own."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "XDG_CONFIG_HOME": "",
        "XDG_STATE_HOME": "",
        **more,
    }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the command line over a target in memory as a process; what still runs at the end is killed."""
    children: list[subprocess.Popen[bytes]] = []

    def begin(*words: str, **options: Any) -> subprocess.Popen[bytes]:
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.fixtures.memory_command", str(tmp_path), *words],
            env=child_environment(tmp_path),
            **{**streams, **options},
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()
