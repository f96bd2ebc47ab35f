"""The examples do what they say: each is run in a process of its own on each of its events."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import yaml

from lambdatui.storage.paths import shipped_examples, shipped_samples

EXAMPLES = shipped_examples()
PYTHON = sorted(path.parent.name for path in EXAMPLES.glob("*/app.py"))
EVENTS = sorted(path.relative_to(EXAMPLES / "events").as_posix() for path in (EXAMPLES / "events").rglob("*.json"))

SECOND_MESSAGE = "2e1424d4-f796-459a-8184-9c92662be6da"

# Does as a runtime interface client does, without its protocol; sleeping is skipped, its time counts on the clock.
RUNNER = """
import importlib.util, json, sys, time, types
clock = [0.0]
time.sleep = lambda seconds: clock.__setitem__(0, clock[0] + seconds)
path, timeout_s, memory_mb, event, times = sys.argv[1:]
spec = importlib.util.spec_from_file_location("app", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
context = types.SimpleNamespace(
    aws_request_id="request-1", function_name="example", memory_limit_in_mb=memory_mb,
    get_remaining_time_in_millis=lambda: int((float(timeout_s) - clock[0]) * 1000),
)
for _ in range(int(times)):
    try:
        answer = {"answer": module.handler(json.loads(event), context)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}", "cause": type(error.__cause__).__name__}
print("ANSWER" + json.dumps(answer))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    answer: Any
    error: str
    cause: str
    log: str


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's short intrinsics as plain mappings."""


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> object:
    assert isinstance(node, yaml.ScalarNode)
    return {tag: loader.construct_scalar(node)}


_Template.add_multi_constructor("!", _intrinsic)


def functions() -> dict[str, dict[str, Any]]:
    template = yaml.load((EXAMPLES / "template.yaml").read_text(encoding="utf-8"), _Template)  # noqa: S506  # a SafeLoader
    common = template["Globals"]["Function"]
    found = [resource["Properties"] for resource in template["Resources"].values()]
    return {own["FunctionName"]: {**common, **own} for own in found}


def run(name: str, event: str, tmp_path: Path, times: int = 1) -> Ran:
    function = functions()[name]
    arguments = [
        str(EXAMPLES / name / "app.py"),
        str(function["Timeout"]),
        str(function["MemorySize"]),
        event,
        str(times),
    ]
    variables = function.get("Environment", {}).get("Variables", {})
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUNNER, *arguments],
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    log, _, answer = done.stdout.rpartition("ANSWER")
    document = json.loads(answer)
    return Ran(document.get("answer"), document.get("error", ""), document.get("cause", ""), log + done.stderr)


def promised(name: str) -> tuple[str, str]:
    """What the docstring says of the default event: "answers" or "fails", and with what."""
    file = EXAMPLES / name / ("bootstrap" if name == "shell-runtime" else "app.py")
    found = re.search(r"On its default event it (answers|fails with):\n#? +(.+)", file.read_text(encoding="utf-8"))
    assert found is not None
    return found[1], found[2]


def event_text(path: str) -> str:
    return (EXAMPLES / "events" / path).read_text(encoding="utf-8")


def test_the_template_and_the_folders_agree() -> None:
    """Every function has its folder, a description and a default event; nothing lies about unused."""
    known = functions()
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name not in ("events", "__pycache__")}
    assert known.keys() == folders
    assert {path.partition("/")[0] for path in EVENTS} == folders
    for name, function in known.items():
        assert function["CodeUri"] == f"{name}/"
        assert function["Description"]
        assert f"{name}/default.json" in EVENTS


def test_the_failure_destination_is_one_of_the_functions() -> None:
    """The failed events of always-fails go to dead-letter."""
    config = functions()["always-fails"]["EventInvokeConfig"]
    assert config["DestinationConfig"]["OnFailure"] == {"Type": "Lambda", "Destination": {"GetAtt": "DeadLetter.Arn"}}


@pytest.mark.parametrize("name", PYTHON)
def test_a_handler_does_what_its_docstring_says(name: str, tmp_path: Path) -> None:
    """The default event gives the promised answer, or the promised error; and something is in the log."""
    ran = run(name, event_text(f"{name}/default.json"), tmp_path)
    kind, what = promised(name)
    if kind == "answers":
        assert ran.error == ""
        expected = json.loads(what)
        flat = {**ran.answer, **ran.answer.get("headers", {})} if isinstance(ran.answer, dict) else ran.answer
        for key, value in expected.items():
            got = flat[key]
            assert (got.items() >= value.items()) if isinstance(value, dict) and key == "headers" else got == value
    else:
        assert ran.error == what
    assert ran.log.strip() or name in ("json-logger", "resize-image")  # their log needs the runtime's own log handler


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("hello/nobody.json", {"greeting": "Hello, stranger"}),
        ("order-created/one-fails.json", {"batchItemFailures": [{"itemIdentifier": SECOND_MESSAGE}]}),
        ("notify/plain-text.json", {"sent": ["News: the warehouse is closed today"]}),
        ("slow-report/stops-in-time.json", {"report": "2025-11-24", "rows": 7500, "complete": False}),
        ("kinesis-clicks/one-bad-record.json", {"pages": {"/": 1, "/cart": 1}, "sessions": 1, "skipped": 1}),
        ("memory-hungry/too-much.json", {"megabytes": 400, "limit": 128}),
        ("json-logger/bank-is-down.json", {"steps": 3, "charged": 25.0}),
    ],
)  # fmt: skip
def test_the_other_events_show_the_other_case(path: str, answer: object, tmp_path: Path) -> None:
    """Each function has an event for the case that it is there to teach. (Here nobody enforces the memory.)"""
    ran = run(path.partition("/")[0], event_text(path), tmp_path)
    assert (ran.error, ran.answer) == ("", answer)


@pytest.mark.parametrize(("path", "status"), [("api-orders/bad-request.json", 400), ("api-orders/get.json", 200)])
def test_an_http_error_is_an_answer(path: str, status: int, tmp_path: Path) -> None:
    """What the client did wrong is no failure of the function."""
    ran = run("api-orders", event_text(path), tmp_path)
    assert (ran.error, ran.answer["statusCode"]) == ("", status)


def test_a_picture_is_really_made(tmp_path: Path) -> None:
    """Both of two pictures, each named after its decoded key."""
    ran = run("resize-image", event_text("resize-image/two-pictures.json"), tmp_path)
    assert [found["thumbnail"] for found in ran.answer] == [
        "thumbnails/summer photo-256.png", "thumbnails/café-256.png",
    ]  # fmt: skip
    assert all(found["bytes"] > 2_000 for found in ran.answer)


def test_flaky_works_the_third_time(tmp_path: Path) -> None:
    """Two failures, a success, and then it begins anew."""
    event = event_text("flaky/default.json")
    assert [run("flaky", event, tmp_path).error[:11] for _ in range(2)] == ["Unavailable"] * 2
    assert run("flaky", event, tmp_path).answer == {"orderId": 1001, "attempts": 3}
    assert run("flaky", event, tmp_path).error.startswith("Unavailable")


def test_a_raised_error_has_its_cause(tmp_path: Path) -> None:
    """always-fails has a nested trace to read."""
    assert run("always-fails", event_text("always-fails/default.json"), tmp_path).cause == "CardDeclined"


def test_heavy_imports_are_paid_once(tmp_path: Path) -> None:
    """The second event of the same copy is not the first."""
    ran = run("heavy-imports", "{}", tmp_path, times=2)
    assert ran.answer["first"] is False
    assert ran.answer["modules"] > 100


def test_events_that_come_from_a_service_are_the_samples() -> None:
    """Where a sample fits, the default event is that sample."""
    same = {
        "resize-image": "s3/put", "api-orders": "apigateway/http-api", "alb-health": "alb/request",
        "order-created": "sqs/receive-message", "notify": "sns/notification", "slow-report": "eventbridge/scheduled",
        "dynamodb-audit": "dynamodb/stream", "kinesis-clicks": "kinesis/records",
        "log-subscriber": "cloudwatch-logs/subscription", "hello": "hello/world",
    }  # fmt: skip
    for name, sample in same.items():
        default = (EXAMPLES / "events" / name / "default.json").read_bytes()
        assert default == (shipped_samples() / f"{sample}.json").read_bytes()


@dataclass(slots=True)
class RuntimeApi:
    """The two calls of the Runtime API that a runtime needs, for one event after the other."""

    events: Queue[bytes] = field(default_factory=Queue)
    answers: Queue[tuple[str, bytes]] = field(default_factory=Queue)


@contextmanager
def runtime_api() -> Iterator[tuple[RuntimeApi, str]]:
    api = RuntimeApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            event = api.events.get()
            self.send_response(200 if event else 410)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "id-1")
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            api.answers.put((self.path, body))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that the base class has
            """The test's output stays clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield api, f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_shell_runtime_answers_and_reports_failures(tmp_path: Path) -> None:
    """A POSIX shell and curl are a runtime: event, answer, event, error, one after the other."""
    bootstrap = EXAMPLES / "shell-runtime" / "bootstrap"
    assert os.access(bootstrap, os.X_OK)
    with runtime_api() as (api, address):
        child = subprocess.Popen(
            [bootstrap],
            env={"PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": address, "TMPDIR": str(tmp_path)},
            stderr=subprocess.PIPE,
        )
        with child:
            try:
                api.events.put(event_text("shell-runtime/default.json").encode())
                path, body = api.answers.get(timeout=20)
                assert path == "/2018-06-01/runtime/invocation/id-1/response"
                assert json.loads(body) == json.loads(promised("shell-runtime")[1])
                api.events.put(event_text("shell-runtime/fail.json").encode())
                path, body = api.answers.get(timeout=20)
                assert path == "/2018-06-01/runtime/invocation/id-1/error"
                assert json.loads(body)["errorType"] == "Shell.Failed"
            finally:
                api.events.put(b"")  # answers a `next` that waits, so the server can end
                child.kill()
            assert child.stderr is not None
            assert b'event of 17 bytes: {"name": "world"}' in child.stderr.read()
