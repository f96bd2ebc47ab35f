"""Parses the HTTP/1.1 requests of runtime clients, whatever pieces they arrive in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HEAD_LIMIT_BYTES = 2 * 1024 * 1024
"""awslambdaric puts up to 1 MB of X-Ray cause into one header."""


class BadRequest(Exception):
    """The bytes are not a request that can be answered; the connection is to be closed."""


@dataclass(slots=True)
class Request:
    """One request. Header names are in lower case, the first value of each wins.

    `body` holds at most the limit that the parser was given; `body_bytes` counts what really came. `trailers`
    are the fields behind a chunked body.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytearray
    body_bytes: int
    trailers: Mapping[str, str]


class RequestParser:
    """Owns the bytes that have arrived and are not yet a request. Keeps no more of a body than `body_limit`."""

    def __init__(self, body_limit: int) -> None:
        self._limit = body_limit
        self._buffer = bytearray()
        self._request: Request | None = None
        self._missing = 0  # bytes of the body, or of the chunk, that are still to come
        self._chunked = False
        self._in_trailers = False
        self.wants_continue = False

    @property
    def coming(self) -> Request | None:
        """The request whose body is still on its way, as far as it is here."""
        return self._request

    def feed(self, piece: bytes) -> list[Request]:
        """Take `piece` and return the requests that it completes.

        `wants_continue` is set while a client waits for "100 Continue" before it sends its body.

        Raises:
            BadRequest: this is not HTTP/1.1, or its head is too large.
        """
        self._buffer += piece
        done: list[Request] = []
        while self._step():
            request = self._request
            if request is not None and self._missing == 0 and not self._chunked:
                done.append(request)
                self._request = None
        return done

    def _step(self) -> bool:
        """Do what the buffer allows; False when more bytes are needed."""
        if self._request is None:
            return self._read_head()
        if self._missing:
            if not self._buffer:
                return False
            self._take_body(self._request)
            return self._missing == 0
        if self._chunked:
            return self._read_chunk_line(self._request)
        return False

    def _read_head(self) -> bool:
        while self._buffer.startswith(b"\r\n"):
            del self._buffer[:2]
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_LIMIT_BYTES:
                raise BadRequest("the head is too large")
            return False
        lines = self._buffer[:end].decode("utf-8", "replace").split("\r\n")
        del self._buffer[: end + 4]
        parts = lines[0].split(" ")
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequest(f"not a request line: {lines[0][:80]!r}")
        headers = _fields(lines[1:])
        self._chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        self._in_trailers = False
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            raise BadRequest(f"not a length: {length[:80]!r}")
        self._missing = 0 if self._chunked else int(length)
        self._request = Request(parts[0], parts[1], headers, bytearray(), 0, {})
        self.wants_continue = headers.get("expect", "").lower() == "100-continue" and not self._buffer
        return True

    def _take_body(self, request: Request) -> None:
        self.wants_continue = False
        size = min(self._missing, len(self._buffer))
        room = self._limit - len(request.body)
        if room > 0:
            request.body += self._buffer[: min(size, room)]
        del self._buffer[:size]
        request.body_bytes += size
        self._missing -= size

    def _read_chunk_line(self, request: Request) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            if len(self._buffer) > HEAD_LIMIT_BYTES:
                raise BadRequest("a chunk's size is too long")
            return False
        self.wants_continue = False
        line = self._buffer[:end].decode("utf-8", "replace")
        del self._buffer[: end + 2]
        if self._in_trailers:
            if line:
                request.trailers = {**_fields([line]), **request.trailers}
            else:
                self._chunked = False
            return True
        if not line:  # the end of the chunk before this one
            return True
        try:
            size = int(line.partition(";")[0].strip(), 16)
        except ValueError:
            raise BadRequest(f"not a chunk's size: {line[:80]!r}") from None
        if size < 0:
            raise BadRequest(f"not a chunk's size: {line[:80]!r}")
        self._missing = size
        self._in_trailers = size == 0
        return True


def answer(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a response: head and body in one piece, so that they leave in one packet."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {_one_line(value)}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Request Entity Too Large",
}


def _fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest(f"not a header: {line[:80]!r}")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")
