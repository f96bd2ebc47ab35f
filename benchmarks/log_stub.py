"""Serves one log group as CloudWatch Logs does, from pages made beforehand: a server that costs next to nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from subprocess import PIPE, Popen
from typing import Any

from benchmarks.log_view import lines

PAGE_EVENTS = 10_000
"""The most that FilterLogEvents gives in a page."""
FUNCTION = "talks"
GROUP = f"/aws/lambda/{FUNCTION}"
_CONFIGURATION = {
    "FunctionName": FUNCTION,
    "FunctionArn": f"arn:aws:lambda:eu-west-1:123456789012:function:{FUNCTION}",
    "Runtime": "python3.13",
    "LoggingConfig": {"LogFormat": "Text", "LogGroup": GROUP},
}


@contextmanager
def log_stub(events: int, page_events: int = PAGE_EVENTS) -> Iterator[str]:
    """A stub in a process of its own; its address."""
    command = [sys.executable, "-m", "benchmarks.log_stub", str(events), str(page_events)]
    with Popen(command, stdout=PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def _pages(count: int, page_events: int) -> list[bytes]:
    first_ms = int(time.time() * 1000) - 3_600_000
    pages: list[bytes] = []
    events: list[dict[str, Any]] = []
    for number, line in enumerate(lines(count)):
        stamp = first_ms + number * 3_000_000 // count
        events.append(
            {
                "eventId": f"{stamp:020}{number:036}",
                "ingestionTime": stamp + 400,
                "logStreamName": f"2026/11/23/[$LATEST]{number % 8:032x}",
                "message": line + "\n",
                "timestamp": stamp,
            }
        )
        if len(events) == page_events or number + 1 == count:
            token = {} if number + 1 == count else {"nextToken": f"page-{len(pages) + 1}"}
            pages.append(json.dumps({"events": events, "searchedLogStreams": [], **token}).encode())
            events = []
    return pages


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: list[bytes]

    def do_POST(self) -> None:
        """A page of FilterLogEvents; whatever else is asked for is empty."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("X-Amz-Target", "").endswith(".FilterLogEvents"):
            token = json.loads(body).get("nextToken", "page-0")
            self._send(self.pages[int(token.removeprefix("page-"))])
        else:
            self._send(b"{}")

    def do_GET(self) -> None:
        """GetFunction."""
        self._send(json.dumps({"Configuration": _CONFIGURATION}).encode())

    def _send(self, content: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(content)}\r\n\r\n"
        self.wfile.write(head.encode() + content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's name
        """Silence."""


def main(arguments: list[str]) -> None:
    """Serve until killed."""
    _Connection.pages = _pages(int(arguments[0]), int(arguments[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Connection)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
