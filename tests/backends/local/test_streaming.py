"""A custom runtime that streams its answer is heard piece by piece on the local runner."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.backends.local.contracts import RunnerOptions
from lambdatui.backends.local.open import open_local
from lambdatui.core.errors import NotFound
from lambdatui.core.invocation import Chunk, Completed, InvocationRequest, failure_in
from lambdatui.core.target import Backend, Target, TargetKind

TEMPLATE = """
Resources:
  streams:
    Type: AWS::Serverless::Function
    Properties: {Handler: any, Runtime: provided.al2023, CodeUri: ., Timeout: 20}
  plain:
    Type: AWS::Serverless::Function
    Properties: {Handler: plain.handler, Runtime: python3.13, CodeUri: ., Timeout: 20}
"""
# Waits for a file between its two pieces: the test writes it when it has the first.
BOOTSTRAP = f"""#!{sys.executable}
import base64, http.client, json, os, pathlib, time
while True:
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    got = api.getresponse()
    event = json.loads(got.read())
    path = "/2018-06-01/runtime/invocation/" + got.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
    api.putrequest("POST", path)
    api.putheader("Lambda-Runtime-Function-Response-Mode", "streaming")
    api.putheader("Transfer-Encoding", "chunked")
    api.endheaders()
    api.send(b"4\\r\\none \\r\\n")
    while not pathlib.Path(event["gate"]).exists():
        time.sleep(0.01)
    error = base64.b64encode(b'{{"errorType": "Late", "errorMessage": "no more"}}')
    trailers = b"Lambda-Runtime-Function-Error-Type: Late\\r\\nLambda-Runtime-Function-Error-Body: " + error + b"\\r\\n"
    api.send(b"3\\r\\ntwo\\r\\n0\\r\\n" + (trailers if event.get("fail") else b"") + b"\\r\\n")
    api.getresponse().read()
"""


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    project = tmp_path / "project"
    project.mkdir()
    (project / "template.yaml").write_text(TEMPLATE)
    (project / "plain.py").write_text("def handler(event, context):\n    return {'whole': True}\n")
    (project / "bootstrap").write_text(BOOTSTRAP)
    (project / "bootstrap").chmod(0o755)
    opened = open_local(
        Target(TargetKind.LOCAL, "stream", "./project", str(project)), tmp_path / "state", RunnerOptions()
    )
    yield opened
    await opened.close()


@pytest.mark.parametrize("fails", [False, True], ids=["ends well", "fails midway"])
async def test_pieces_come_while_the_function_runs(backend: Backend, tmp_path: Path, fails: bool) -> None:
    """The first is here before the second is sent; an error in the trailers leaves what came."""
    gate = tmp_path / "gate"
    payload = b'{"gate": "%b", "fail": %b}' % (str(gate).encode(), b"true" if fails else b"false")
    received: list[bytes] = []
    end: Completed | None = None
    async for part in backend.invoker.stream(InvocationRequest("streams", payload)):
        if isinstance(part, Chunk):
            received.append(part.payload)
            gate.touch()
        else:
            end = part
    assert received == [b"one ", b"two"]
    assert end is not None
    assert end.payload == b"one two"
    assert end.report is not None
    assert bool(end.function_error) == fails
    if fails:
        assert failure_in(end).error_message == "no more"


async def test_an_answer_that_is_not_streamed_is_one_piece(backend: Backend) -> None:
    """As on AWS; what is not there is not found."""
    parts = [part async for part in backend.invoker.stream(InvocationRequest("plain", b"{}"))]
    assert parts[0] == Chunk(b'{"whole": true}')
    assert isinstance(parts[1], Completed)
    with pytest.raises(NotFound):
        await anext(aiter(backend.invoker.stream(InvocationRequest("nope", b"{}"))))
