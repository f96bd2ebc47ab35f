"""A Lambda of our own on loopback, in a process of its own: lists functions and tells of one, each late by as much."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_PAGE = 50
_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"
_WORDS = ("order", "payment", "image", "resize", "report", "cache", "user", "event", "billing", "invoice", "api")


def environment(home: str, **more: str) -> dict[str, str]:
    """What a program that calls the stub sees: nobody's own settings, credentials that nobody checks."""
    return {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        **more,
    }


@contextlib.contextmanager
def running(count: int, latency_s: float) -> Iterator[str]:
    """The address of a stub with `count` functions; it ends with the block."""
    with Popen([sys.executable, "-m", "benchmarks.lambda_stub", str(count), str(latency_s)], stdout=PIPE) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().strip()
        finally:
            process.terminate()


def function(number: int) -> dict[str, object]:
    """One function as ListFunctions gives it, with all that a usual one has."""
    name = f"{_WORDS[number % 11]}-{_WORDS[number // 11 % 11]}-{number:04}"
    return {
        "FunctionName": name,
        "FunctionArn": _ARN + name,
        "Runtime": "python3.13",
        "Role": "arn:aws:iam::123456789012:role/service-role/orders-execution-role",
        "Handler": "app.handler",
        "CodeSize": 1_234_567,
        "Description": "Takes what the shop sends and writes it down",
        "Timeout": 30,
        "MemorySize": 512,
        "LastModified": "2026-10-31T12:00:00.000+0000",
        "CodeSha256": "oY2nTgFfDT0m0rQb8lKf3rUqJ0GvKxJq5dVQ2m1c7xE=",
        "Version": "$LATEST",
        "Environment": {"Variables": {"STAGE": "prod", "TABLE": "orders", "LOG_LEVEL": "INFO"}},
        "TracingConfig": {"Mode": "PassThrough"},
        "RevisionId": f"00000000-0000-4000-8000-{number:012}",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }


class _Stub:
    def __init__(self, count: int, latency_s: float) -> None:
        self._latency_s = latency_s
        functions = [function(number) for number in range(count)]
        self._pages = {}
        for start in range(0, count, _PAGE):
            more = {"NextMarker": str(start + _PAGE)} if start + _PAGE < count else {}
            self._pages[str(start)] = _response({"Functions": functions[start : start + _PAGE], **more})
        self._details = {
            str(one["FunctionName"]): _response(
                {
                    "Configuration": {**one, "State": "Active", "LastUpdateStatus": "Successful"},
                    "Tags": {"team": "shop"},
                }
            )
            for one in functions
        }
        limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
        self._limits = _response({"AccountLimit": limits})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                await reader.readexactly(length)
                answer = self._answer(urlsplit(head.split(b" ", 2)[1].decode()))
                await asyncio.sleep(self._latency_s)
                writer.write(answer)
        writer.close()

    def _answer(self, url: SplitResult) -> bytes:
        path = url.path.rstrip("/")
        if not path:  # CloudWatch Logs has no others
            return _response({"events": []})
        if path.endswith("/account-settings"):
            return self._limits
        if path.endswith("/functions"):
            return self._pages[parse_qs(url.query).get("Marker", ["0"])[0]]
        return self._details.get(unquote(path.rpartition("/")[2]), _response({}))


def _response(body: object) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def _main(count: int, latency_s: float) -> None:
    server = await asyncio.start_server(_Stub(count, latency_s).serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
