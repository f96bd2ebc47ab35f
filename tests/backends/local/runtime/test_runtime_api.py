"""The Runtime API as a client sees it, over real connections."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from lambdatui.backends.local.runtime.runtime_api import Event, RuntimeAnswer, RuntimeApi
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES
from tests.backends.local.runtime.conftest import until

NEXT = "/2018-06-01/runtime/invocation/next"
RESPONSE = "/2018-06-01/runtime/invocation/id-1/response"


@dataclass
class Heard:
    waits: int = 0
    answers: list[RuntimeAnswer] = field(default_factory=list)
    init_failures: list[RuntimeAnswer] = field(default_factory=list)
    streamed: list[bytes] = field(default_factory=list)

    def runtime_waits(self) -> None:
        self.waits += 1

    def runtime_answered(self, answer: RuntimeAnswer) -> None:
        self.answers.append(answer)

    def runtime_streamed(self, piece: bytes) -> None:
        self.streamed.append(piece)

    def runtime_failed_init(self, answer: RuntimeAnswer) -> None:
        self.init_failures.append(answer)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """Speaks to one Runtime API; every call is a connection of its own."""

    def __init__(self, api: RuntimeApi, heard: Heard, address: str) -> None:
        self.api, self.heard, self.address = api, heard, address

    async def raw(self, request: bytes) -> Answer:
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(request)
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                status = int(head[0].split()[1])
                if status != 100:
                    break
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            return Answer(status, headers, await reader.readexactly(int(headers["content-length"])))
        finally:
            writer.close()
            await writer.wait_closed()

    async def call(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        fields = {"Host": self.address, "Content-Length": str(len(body)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return await self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    async def take(self, body: bytes = b"{}") -> Answer:
        self.api.offer(Event("id-1", body, {"Lambda-Runtime-Aws-Request-Id": "id-1"}))
        return await self.call("GET", NEXT)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    heard = Heard()
    api = RuntimeApi(heard, "f", "app.handler")
    yield Client(api, heard, await api.start())
    api.close()


async def test_next_waits_for_an_event(client: Client) -> None:
    """/next is answered when there is an event, with its headers."""
    waiting = asyncio.ensure_future(client.call("GET", NEXT))
    await until(lambda: client.heard.waits)
    client.api.offer(Event("id-1", b'{"a":1}', {"Lambda-Runtime-Aws-Request-Id": "id-1"}))
    answer = await waiting
    assert (answer.status, answer.body) == (200, b'{"a":1}')
    assert answer.headers["lambda-runtime-aws-request-id"] == "id-1"


async def test_an_answer_counts_once_and_only_for_its_own_id(client: Client) -> None:
    """Another id is 400, a second answer 403; neither reaches the caller."""
    await client.take()
    wrong = await client.call("POST", RESPONSE.replace("id-1", "id-2"), b"1")
    first = await client.call("POST", RESPONSE, b"2")
    second = await client.call("POST", RESPONSE, b"3")
    assert [wrong.status, first.status, second.status] == [400, 202, 403]
    assert json.loads(wrong.body)["errorType"] == "InvalidRequestID"
    assert json.loads(first.body) == {"status": "OK"}
    assert client.heard.answers == [RuntimeAnswer(b"2")]


async def test_next_without_an_answer_is_refused(client: Client) -> None:
    """A runtime can't skip an event."""
    await client.take()
    refused = await client.call("GET", NEXT)
    assert (refused.status, json.loads(refused.body)["errorType"]) == (403, "InvalidStateTransition")


async def test_an_error_keeps_its_body_and_its_type(client: Client) -> None:
    """What the runtime says about an error is passed on as it is."""
    await client.take()
    body = b'{"errorMessage":"m","errorType":"E"}'
    assert (await client.call("POST", RESPONSE.replace("response", "error"), body)).status == 202
    assert client.heard.answers == [RuntimeAnswer(body, "E")]


async def test_an_init_error_is_heard(client: Client) -> None:
    """The type may come in the header alone."""
    headers = {"Lambda-Runtime-Function-Error-Type": "Runtime.ImportModuleError"}
    assert (await client.call("POST", "/2018-06-01/runtime/init/error", b"not json", headers)).status == 202
    assert client.heard.init_failures == [RuntimeAnswer(b"not json", "Runtime.ImportModuleError")]


async def test_a_chunked_answer_is_collected(client: Client) -> None:
    """A streamed answer becomes one payload."""
    await client.take()
    head = f"POST {RESPONSE} HTTP/1.1\r\nHost: {client.address}\r\nTransfer-Encoding: chunked\r\n"
    head += "Lambda-Runtime-Function-Response-Mode: streaming\r\n\r\n"
    answer = await client.raw(head.encode() + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert answer.status == 202
    assert client.heard.answers == [RuntimeAnswer(b"abcde")]
    assert b"".join(client.heard.streamed) == b"abcde"


async def test_what_is_not_streamed_is_told_whole(client: Client) -> None:
    """Only a runtime that says so streams; however many pieces its answer arrives in."""
    await client.take()
    head = f"POST {RESPONSE} HTTP/1.1\r\nHost: {client.address}\r\nTransfer-Encoding: chunked\r\n\r\n"
    await client.raw(head.encode() + b"3\r\nabc\r\n0\r\n\r\n")
    assert (client.heard.streamed, client.heard.answers) == ([], [RuntimeAnswer(b"abc")])


async def test_a_stream_that_fails_midway_is_an_error(client: Client) -> None:
    """The error is in the trailers, because the status has long been sent."""
    await client.take()
    error = b'{"errorType":"Late","errorMessage":"no"}'
    head = f"POST {RESPONSE} HTTP/1.1\r\nHost: {client.address}\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailers = b"Lambda-Runtime-Function-Error-Type: Late\r\n"
    trailers += b"Lambda-Runtime-Function-Error-Body: " + base64.b64encode(error) + b"\r\n"
    await client.raw(head.encode() + b"3\r\nabc\r\n0\r\n" + trailers + b"\r\n")
    assert client.heard.answers == [RuntimeAnswer(error, "Late")]


async def test_a_large_answer_is_413(client: Client) -> None:
    """One byte over the limit is refused, and the caller is told in AWS's words."""
    await client.take()
    answer = await client.call("POST", RESPONSE, b"x" * (SYNC_PAYLOAD_BYTES + 1))
    assert answer.status == 413
    assert client.heard.answers[0].error_type == "Function.ResponseSizeTooLarge"


async def test_a_client_that_asks_first_is_told_to_go_on(client: Client) -> None:
    """curl sends "Expect: 100-continue" with large bodies."""
    await client.take()
    host, _, port = client.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {RESPONSE} HTTP/1.1\r\nHost: {client.address}\r\nContent-Length: 2\r\n"
    writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"42")
    assert (await reader.readline()).startswith(b"HTTP/1.1 202")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example:80"}, {"Host": ""}],
)
async def test_a_browser_is_refused(client: Client, headers: dict[str, str]) -> None:
    """No web page can read events or answer them, not even by DNS rebinding."""
    answer = await client.call("POST", RESPONSE, b"1", headers)
    assert (answer.status, client.heard.answers) == (403, [])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/2020-01-01/extension/register", 200),
        ("POST", "/2020-01-01/extension/init/error", 202),
        ("POST", "/2020-01-01/extension/exit/error", 202),
        ("PUT", "/2020-08-15/logs", 202),
        ("PUT", "/2022-07-01/telemetry", 202),
        ("GET", "/2018-06-01/runtime/restore/next", 200),
        ("POST", "/2018-06-01/runtime/restore/error", 202),
        ("GET", "/", 404),
    ],
)
async def test_instrumented_functions_do_not_fail(client: Client, method: str, path: str, status: int) -> None:
    """Extensions and telemetry are accepted, though nothing is sent to them."""
    assert (await client.call(method, path)).status == status


async def test_what_is_not_http_is_answered_and_closed(client: Client) -> None:
    """Garbage does no harm."""
    assert (await client.raw(b"garbage\r\n\r\n")).status == 400
