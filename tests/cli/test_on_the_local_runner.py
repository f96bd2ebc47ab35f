"""The real command on real functions: `lambdatui` as installed, the local runner, a project in a folder."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import child_environment

DEADLINE_S = 30
HANDLER = """
import os, time

def handler(event, context):
    print("stage", os.environ.get("STAGE"), os.getpid(), flush=True)
    if event.get("fail"):
        raise ValueError("asked to")
    time.sleep(event.get("sleep_s", 0))
    return {"memory": context.memory_limit_in_mb, "event": event}
"""


class Project:
    """A folder with one function, `greet`, and the command at work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shop"
        self.folder.mkdir()
        (self.folder / "greet.py").write_text(HANDLER)
        self.environment = child_environment(folder, LAMBDATUI_LOCAL_RETRY_DELAYS_SECONDS="0,0")
        self.children: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `lambdatui` in the project's folder."""
        child = subprocess.Popen(
            [sys.executable, "-m", "lambdatui", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.children.append(child)
        return child

    def run(self, *words: str, event: object = None) -> tuple[int, str, str]:
        """Run it to its end: exit code, stdout, stderr."""
        child = self.start(*words)
        out, err = child.communicate("" if event is None else json.dumps(event), timeout=DEADLINE_S)
        return child.returncode, out, err


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project of its own; no child outlives the test."""
    project = Project(tmp_path)
    yield project
    for child in project.children:
        if child.poll() is None:
            child.kill()
        child.communicate()


def test_a_function_answers_with_its_log_on_stderr(project: Project) -> None:
    """The project of the current folder is found, the function runs, stdout is its answer alone."""
    code, out, err = project.run("invoke", "greet", "-e", "-", "--logs", event={"id": 7})
    assert code == 0
    assert json.loads(out)["event"] == {"id": 7}
    assert "stage None" in err
    assert "REPORT RequestId: " in err
    assert err.splitlines()[-1].startswith("ok · ")


def test_a_failing_event_is_retried_and_discarded(project: Project) -> None:
    """Async: three attempts, each with its log; exit code 1."""
    code, out, err = project.run("invoke", "greet", "-e", "-", "--async", "--logs", "--json", event={"fail": True})
    assert code == 1
    last = json.loads(out.splitlines()[-1])
    assert (last["state"], last["attempts"], last["condition"]) == ("discarded", 3, "RetriesExhausted")
    assert err.count(f"START RequestId: {last['request_id']}") == 3


def test_a_setting_that_is_changed_is_what_the_function_sees(project: Project) -> None:
    """`set` takes effect for the next invocation, and `show` says where the value comes from."""
    assert project.run("set", "greet", "memory=512", "env.STAGE=test", "--yes")[0] == 0
    code, out, err = project.run("invoke", "greet", "--logs")
    assert code == 0
    assert str(json.loads(out)["memory"]) == "512"
    assert "stage test" in err
    record = json.loads(project.run("show", "greet", "--json")[1])
    (memory,) = [setting for setting in record["settings"] if setting["key"] == "memory"]
    assert (memory["value"], memory["origin"]) == (512, "edited here")


def test_a_stopped_function_is_throttled(project: Project) -> None:
    """Reserved concurrency 0: exit code 4, with AWS's reason."""
    project.run("set", "greet", "reserved=0", "--yes")
    code, out, err = project.run("invoke", "greet")
    assert (code, out) == (4, "")
    assert "ReservedFunctionConcurrentInvocationLimitExceeded" in err


def test_what_one_terminal_invokes_another_tails(project: Project) -> None:
    """The log is on disk: a second command reads it, and its JSON has the function's name."""
    project.run("invoke", "greet")
    code, out, err = project.run("tail", "greet", "--since", "5m", "--no-follow", "--json", "--filter", "stage")
    assert (code, err) == (0, "")
    (line,) = [json.loads(line) for line in out.splitlines()]
    assert line["function"] == "greet"


def test_ctrl_c_ends_the_function_too(project: Project) -> None:
    """After Ctrl-C the exit code is 130, and the function's process is gone."""
    child = project.start("invoke", "greet", "-e", "-", "--logs")
    assert child.stdin is not None
    assert child.stderr is not None
    child.stdin.write('{"sleep_s": 600}')
    child.stdin.close()
    child.stdin = None
    line = next(line for line in child.stderr if line.startswith("stage"))
    handler = int(line.split()[-1])
    child.send_signal(signal.SIGINT)
    assert child.wait(DEADLINE_S) == 130
    deadline = time.monotonic() + DEADLINE_S
    while _alive(handler) and time.monotonic() < deadline:
        select.select([], [], [], 0.02)
    assert not _alive(handler)


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
