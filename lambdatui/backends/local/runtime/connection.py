"""One connection of a runtime client: requests in, answers out, in order."""

from __future__ import annotations

import asyncio
import json
from typing import Protocol

from lambdatui.backends.local.runtime.http1 import BadRequest, Request, RequestParser, answer
from lambdatui.core.limits import SYNC_PAYLOAD_BYTES

JSON = {"Content-Type": "application/json"}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REFUSED = b"HTTP/1.1 4"


class Respondent(Protocol):
    """Knows the answers."""

    def opened(self, connection: Connection) -> None:
        """A connection was made."""
        ...

    def lost(self, connection: Connection) -> None:
        """A connection ended."""
        ...

    def respond(self, connection: Connection, request: Request) -> bytes | None:
        """The answer to one request, or None when it is sent later."""
        ...

    def receiving(self, request: Request) -> None:
        """More of the body of `request` is here; it is not complete."""
        ...


class Connection(asyncio.Protocol):
    """One connection of a runtime client; hands its requests to the API in order."""

    def __init__(self, api: Respondent) -> None:
        self._api = api
        self._parser = RequestParser(SYNC_PAYLOAD_BYTES)
        self._transport: asyncio.Transport | None = None
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._api.opened(self)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        try:
            requests = self._parser.feed(data)
        except BadRequest as problem:
            self._held += refusal(400, str(problem), "BadRequest")
            self._flush_and_close()
            return
        for request in requests:
            response = self._api.respond(self, request)
            if response is None:
                return  # the runtime waits: what is held goes out with its event
            self._held += response
            if response.startswith(_REFUSED):
                # A client that has sent its next request ahead must not be taken for one that waits.
                self._flush_and_close()
                return
        if self._parser.coming is not None:
            self._api.receiving(self._parser.coming)
        self.send(b"")
        if self._parser.wants_continue:
            self._parser.wants_continue = False
            self.send(_CONTINUE)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Called by asyncio."""
        self._api.lost(self)

    def send(self, response: bytes) -> None:
        """Write what is held, then `response`, unless the other side is gone."""
        response, self._held = self._held + response, b""
        if response and self._transport is not None and not self._transport.is_closing():
            self._transport.write(response)

    def _flush_and_close(self) -> None:
        self.send(b"")
        if self._transport is not None:
            self._transport.close()

    def drop(self) -> None:
        """End the connection without waiting for what is unsent."""
        if self._transport is not None:
            self._transport.abort()


def refusal(status: int, message: str, error_type: str) -> bytes:
    """An answer in Lambda's shape of errors, after which the connection ends."""
    body = json.dumps({"errorMessage": message, "errorType": error_type}).encode()
    return answer(status, body, {**JSON, "Connection": "close"})
