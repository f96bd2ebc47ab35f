"""Lambda's Runtime API for one execution environment, on a loopback port of its own."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lambdatui.backends.local.runtime.connection import JSON, Connection, refusal
from lambdatui.backends.local.runtime.failures import response_too_large
from lambdatui.backends.local.runtime.http1 import Request, answer
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES

_RESPONSE_MODE = "lambda-runtime-function-response-mode"
_OK = answer(202, b'{"status":"OK"}\n', JSON)


@dataclass(frozen=True, slots=True)
class Event:
    """What a runtime gets from /next."""

    request_id: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuntimeAnswer:
    """What a runtime posted for an event. `error_type` is "" when the handler returned."""

    payload: bytes
    error_type: str = ""


class RuntimeListener(Protocol):
    """Hears what the runtime does."""

    def runtime_waits(self) -> None:
        """The runtime asks for an event: INIT, or the invocation before, is over."""
        ...

    def runtime_answered(self, answer: RuntimeAnswer) -> None:
        """The runtime posted the answer to the event. It is not done before it asks for the next."""
        ...

    def runtime_streamed(self, piece: bytes) -> None:
        """A part of an answer that the runtime streams; `runtime_answered` has all of it in the end."""
        ...

    def runtime_failed_init(self, answer: RuntimeAnswer) -> None:
        """The runtime could not load the handler; it is going to exit."""
        ...


class RuntimeApi:
    """Owns the port, the connections and which request id may be answered. One event at a time.

    Refuses browsers (Origin, Sec-Fetch-Site, a foreign Host: DNS rebinding), answers to another id, second
    answers, and answers over 6,291,556 bytes.
    """

    def __init__(self, listener: RuntimeListener, function_name: str, handler: str) -> None:
        self._listener = listener
        self._function = {"functionName": function_name, "functionVersion": "$LATEST", "handler": handler}
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._poll: Connection | None = None
        self._queued: Event | None = None
        self._event: Event | None = None
        self._answered = False
        self._streamed_bytes = 0
        self._hosts: tuple[str, ...] = ()

    async def start(self) -> str:
        """Listen; returns "127.0.0.1:PORT"."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        loop = asyncio.get_running_loop()
        # In two steps: a cancelled start must leave a server that can be closed, or the loop keeps the dead socket.
        self._server = await loop.create_server(lambda: Connection(self), sock=listening, start_serving=False)
        await self._server.start_serving()
        return self._hosts[0]

    def offer(self, event: Event) -> None:
        """Give `event` to the runtime: at once when it waits, else when it asks."""
        self._queued = event
        if self._poll is not None:
            self._deliver(self._poll)

    def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.drop()

    def opened(self, connection: Connection) -> None:
        """A connection was made."""
        self._connections.add(connection)

    def lost(self, connection: Connection) -> None:
        """A connection ended."""
        self._connections.discard(connection)
        if self._poll is connection:
            self._poll = None

    def respond(self, connection: Connection, request: Request) -> bytes | None:
        """The answer to one request, or None when it has to wait."""
        if self._is_foreign(request):
            return refusal(403, "Only the function's runtime may use this API", "Forbidden")
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["2018-06-01", "runtime", "invocation", "next"]:
                return self._next(connection)
            case "POST", ["2018-06-01", "runtime", "invocation", request_id, "response" | "error" as verb]:
                return self._answer(request_id, verb, request)
            case "POST", ["2018-06-01", "runtime", "init", "error"]:
                failure = RuntimeAnswer(bytes(request.body), _error_type(request))
                self._listener.runtime_failed_init(failure)
                return _OK
            case "POST", ["2020-01-01", "extension", "register"]:
                return self._register_extension()
            case "GET", ["2020-01-01", "extension", "event", "next"]:
                return None  # an extension has nothing to do until the end
            case method, parts:
                known = _FIXED_ANSWERS.get((method, *parts))
                return known or refusal(404, f"{method} {request.path[:200]} is not served here", "NotFound")

    def receiving(self, request: Request) -> None:
        """More of a body is here: of a streamed answer to the event, it is told."""
        event = self._event
        if event is None or self._answered or self._is_foreign(request) or request.method != "POST":
            return
        if request.path.strip("/") == f"2018-06-01/runtime/invocation/{event.request_id}/response":
            self._tell_streamed(request)

    def _tell_streamed(self, request: Request) -> None:
        if request.headers.get(_RESPONSE_MODE, "").lower() != "streaming":
            return
        if piece := bytes(request.body[self._streamed_bytes :]):
            self._streamed_bytes += len(piece)
            self._listener.runtime_streamed(piece)

    def _is_foreign(self, request: Request) -> bool:
        headers = request.headers
        return "origin" in headers or "sec-fetch-site" in headers or headers.get("host") not in self._hosts

    def _next(self, connection: Connection) -> bytes | None:
        if self._event is not None and not self._answered:
            return refusal(403, "Transition from Running to Ready is not allowed.", "InvalidStateTransition")
        if self._poll is not None:
            return refusal(403, "Transition from Ready to Ready is not allowed.", "InvalidStateTransition")
        self._event = None
        self._poll = connection
        self._listener.runtime_waits()
        if self._queued is not None:
            self._deliver(connection)
        return None

    def _deliver(self, connection: Connection) -> None:
        event = self._queued
        if event is not None:
            self._poll, self._queued = None, None
            self._event, self._answered, self._streamed_bytes = event, False, 0
            connection.send(answer(200, event.body, event.headers))

    def _answer(self, request_id: str, verb: str, request: Request) -> bytes:
        if self._event is None or self._event.request_id != request_id:
            return refusal(400, "Invalid request ID", "InvalidRequestID")
        if self._answered:
            return refusal(403, "Transition from Done to Done is not allowed.", "InvalidStateTransition")
        self._answered = True
        if request.body_bytes > SYNC_PAYLOAD_BYTES:
            failure = response_too_large()
            self._listener.runtime_answered(RuntimeAnswer(failure.payload, failure.error_type))
            message = f"Exceeded maximum allowed payload size ({SYNC_PAYLOAD_BYTES} bytes)."
            return refusal(413, message, "RequestEntityTooLarge")
        payload = bytes(request.body)
        if verb == "response":
            self._tell_streamed(request)
        if verb == "error":
            self._listener.runtime_answered(RuntimeAnswer(payload, _error_type(request)))
        elif "lambda-runtime-function-error-type" in request.trailers:
            self._listener.runtime_answered(_failed_midway(request.trailers))
        else:
            self._listener.runtime_answered(RuntimeAnswer(payload))
        return _OK

    def _register_extension(self) -> bytes:
        headers = {**JSON, "Lambda-Extension-Identifier": str(uuid.uuid4())}
        return answer(200, json.dumps(self._function).encode(), headers)


def _error_type(request: Request) -> str:
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError):
        document = None
    named = document.get("errorType") if isinstance(document, dict) else None
    return str(named or request.headers.get("lambda-runtime-function-error-type") or "Runtime.Unknown")


def _failed_midway(trailers: Mapping[str, str]) -> RuntimeAnswer:
    error_type = trailers["lambda-runtime-function-error-type"]
    try:
        body = base64.b64decode(trailers.get("lambda-runtime-function-error-body", ""), validate=True)
    except binascii.Error:
        body = b""
    return RuntimeAnswer(body or json.dumps({"errorType": error_type, "errorMessage": ""}).encode(), error_type)


def _unsupported(name: str) -> bytes:
    # As AWS's own emulator does: accepted, so that an instrumented function runs, but nothing is sent.
    body = json.dumps({"errorMessage": f"{name} API is not supported", "errorType": f"{name}.NotSupported"}).encode()
    return answer(202, body, JSON)


_FIXED_ANSWERS: Mapping[tuple[str, ...], bytes] = {
    ("GET", "2018-06-01", "runtime", "restore", "next"): answer(200, b"", JSON),
    ("POST", "2018-06-01", "runtime", "restore", "error"): _OK,
    ("POST", "2020-01-01", "extension", "init", "error"): _OK,
    ("POST", "2020-01-01", "extension", "exit", "error"): _OK,
    ("PUT", "2020-08-15", "logs"): _unsupported("Logs"),
    ("PUT", "2022-07-01", "telemetry"): _unsupported("Telemetry"),
}
