"""Our runtime client beside AWS's own: the same handlers, the same events, the same answers and the same log."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.runtime import runtimes
from lambdatui.backends.local.runtime.runtimes import Launch
from tests.backends.local.runtime.conftest import Bench, until

pytestmark = [pytest.mark.conformance, pytest.mark.skipif(sys.platform != "linux", reason="awslambdaric needs Linux")]
if importlib.util.find_spec("awslambdaric") is None:
    pytest.skip("awslambdaric is not installed", allow_module_level=True)

HANDLERS = """
import collections, decimal, enum, json, logging, os, sys
Point = collections.namedtuple("Point", "x y")
class Color(enum.IntEnum):
    RED = 1
class Asdict:
    def _asdict(self): return {"z": 1}
log = logging.getLogger("shop")

def echo(event, context): return event
def raises(event, context):
    def deeper():
        raise ValueError("żółw\\nsecond line")
    deeper()
def raises_empty(event, context): raise KeyError
def chained(event, context):
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise RuntimeError("outer") from error
def custom(event, context):
    class Trouble(Exception):
        def __str__(self): return "in words"
    raise Trouble(1, 2)
def group(event, context): raise json.JSONDecodeError("bad", "doc", 1)
def returns_set(event, context): return {1}
def returns_decimal(event, context): return [decimal.Decimal("1.10"), decimal.Decimal("NaN"), {"d": decimal.Decimal(3)}]
def returns_namedtuple(event, context): return {"p": Point(1, [Point(2, 3)]), "t": (1, 2)}
def returns_bytes(event, context): return b"\\x00raw"
def returns_nested_bytes(event, context): return {"b": b"text", b"k": 1}
def returns_bad_bytes(event, context): return [b"\\xff"]
def returns_unicode(event, context): return "żółw \\u2028 \\U0001f600"
def returns_keys(event, context): return {1: 2, None: 3, True: 4, 1.5: 5, Color.RED: 6}
def returns_tuple_key(event, context): return {(1, 2): 3}
def returns_nan(event, context): return [float("nan"), float("inf"), 1e300, 10**30]
def returns_circle(event, context):
    a = []
    a.append(a)
    return a
def returns_object(event, context): return object
def returns_asdict(event, context): return [Asdict()]
def returns_none(event, context): return None
def logs(event, context):
    print("printed")
    log.info("info %s", 1)
    log.warning("warning")
    logging.error("error\\nof two lines")
    log.critical("critical", extra={"order": 7, "thing": {1}})
    log.log(35, "odd level")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("caught")
    log.warning({"a": "dict"})
    context.log("from the context\\n")
    sys.stderr.write("on stderr\\n")
    sys.stdout.write("no newline")
def logs_debug(event, context):
    log.setLevel("DEBUG")
    log.debug("debug")
def show_context(event, context):
    names = [name for name in dir(context) if not name.startswith("_")]
    return [names, repr(context), str(context.client_context), context.w3c(), type(context).__name__]
def show_logging(event, context):
    root = logging.getLogger()
    return [root.level, [type(h).__name__ for h in root.handlers], logging.Formatter.converter.__name__]
def show_env(event, context):
    return sorted(k for k in os.environ if k not in ("LC_CTYPE", "PWD", "SHLVL", "_"))
def leaves(event, context): sys.exit(4)
def leaves_quietly(event, context): os._exit(0)
def too_long(event, context): return "x" * 6_291_556
"""

NAMES = re.findall(r"^def (\w+)", HANDLERS, re.MULTILINE)
BROKEN = {
    "import_missing": "import nothing_of_that_name",
    "syntax": "def handler(:\n",
    "import_raises": "def f():\n    raise KeyError('at import')\nf()\n",
    "no_handler": "x = 1",
    "import_exits": "import sys; sys.exit(3)",
}


@dataclass(frozen=True)
class Behaviour:
    """What can be observed of one invocation, without what differs by nature."""

    payload: object
    function_error: str
    log: tuple[str, ...]


def awslambdaric(spec: FunctionSpec, _just_edited: bool) -> Launch:
    return Launch((sys.executable, "-u", "-m", "awslambdaric", spec.handler), "awslambdaric", telemetry=True)


async def observe(bench: Bench, spec: FunctionSpec, payload: bytes, client_context: str) -> Behaviour:
    before = len(bench.log.events)
    completed = await bench.run(spec, payload, client_context=client_context)
    messages = [event.message for event in bench.log.events[before:]]
    text = completed.payload.decode("utf-8", "surrogateescape").replace(completed.request_id, "<id>")
    try:
        shown = json.loads(text)
    except ValueError:
        shown = text
    return Behaviour(
        text if completed.function_error == "" else shown,
        completed.function_error,
        tuple(normal(message, completed.request_id) for message in messages if not unequal_by_nature(message)),
    )


def unequal_by_nature(message: str) -> bool:
    """Lines of the platform with figures; a warning of AWS's about runtime updates, which don't happen here; and
    the traceback of the client's own end."""
    return message.startswith(("INIT_START", "REPORT", "INIT_REPORT", '{"time":')) or "LAMBDA_WARNING" in message


def normal(message: str, request_id: str) -> str:
    message = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>", message.replace(request_id, "<id>"))
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\[\$LATEST\][0-9a-f]{32}|0x[0-9a-f]{6,}", "<x>", message)


async def both(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, spec: FunctionSpec, payload: bytes, client_context: str = ""
) -> tuple[Behaviour, Behaviour]:
    ours = await observe(bench, spec, payload, client_context)
    monkeypatch.setattr(runtimes, "_LAUNCHERS", ((lambda _spec: True, awslambdaric),))
    bench.new_pool()
    return ours, await observe(bench, spec, payload, client_context)


@pytest.mark.parametrize("log_format", ["Text", "JSON"])
@pytest.mark.parametrize("name", NAMES)
async def test_every_handler_behaves_as_under_awslambdaric(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, log_format: str
) -> None:
    """Answer, error, traceback and log are equal, in both log formats."""
    spec = bench.spec(
        HANDLERS, handler=f"app.{name}", runtime="python3.12", interpreter=Path(sys.executable), log_format=log_format
    )
    context = '{"custom":{"a":1},"client":{"app_title":"t"},"w3c":{"traceparent":"p","x":"y"}}'
    ours, theirs = await both(bench, monkeypatch, spec, '{"k":[1,2.5,null,"ż"]}'.encode(), context)
    if name in ("show_context", "show_env"):
        ours, theirs = (Behaviour(normal(str(b.payload), "<id>"), b.function_error, b.log) for b in (ours, theirs))
    if name == "too_long":  # the client's own end: its traceback names its own files
        ours, theirs = (Behaviour(b.payload, b.function_error, ()) for b in (ours, theirs))
    assert ours == theirs


@pytest.mark.parametrize("name", BROKEN)
async def test_every_failed_init_behaves_as_under_awslambdaric(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is told about code that can't be loaded is equal."""
    ours, theirs = await both(bench, monkeypatch, bench.spec(BROKEN[name], interpreter=Path(sys.executable)), b"{}")
    assert ours == theirs


@pytest.mark.parametrize("handler", ["app", "nope.handler", "sys.exit", "folder/inner.handler", "app.missing"])
async def test_every_handler_name_is_read_as_by_awslambdaric(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, handler: str
) -> None:
    """Names with folders, without a dot, of built-in modules."""
    (bench.folder / "folder").mkdir()
    bench.write("def handler(event, context): return 'inner'", "folder/inner.py")
    spec = bench.spec("x = 1", handler=handler, interpreter=Path(sys.executable))
    ours, theirs = await both(bench, monkeypatch, spec, b"{}")
    assert ours == theirs


@pytest.mark.parametrize("runtime", ["python3.9", "python3.11", "python3.14"])
async def test_text_is_escaped_as_the_runtimes_version_does(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    """Up to 3.11 an answer is ASCII, from 3.12 on it is UTF-8."""
    spec = bench.spec(HANDLERS, handler="app.returns_unicode", runtime=runtime, interpreter=Path(sys.executable))
    ours, theirs = await both(bench, monkeypatch, spec, b"{}")
    assert ours == theirs
    assert ("\\u017c" in str(ours.payload)) == (runtime in ("python3.9", "python3.11"))


def interpreters() -> list[Path]:
    """Every CPython from 3.9 on that is here, one a version."""
    found: dict[str, Path] = {}
    for minor in range(9, 15):
        version = f"3.{minor}"
        pyenv = sorted((Path.home() / ".pyenv/versions").glob(f"{version}.*/bin/python{version}"))
        on_path = shutil.which(f"python{version}")
        if pyenv:
            found[version] = pyenv[-1]
        elif on_path and Path(on_path).read_bytes()[:2] != b"#!":  # pyenv's shims may lead nowhere
            found[version] = Path(on_path)
    return list(found.values())


@pytest.mark.parametrize("interpreter", interpreters(), ids=lambda path: path.name)
async def test_the_client_runs_in_every_python(bench: Bench, interpreter: Path) -> None:
    """3.9 to 3.14: whatever is on this machine answers, logs and fails alike."""
    source = HANDLERS + "def version(event, context): return list(sys.version_info[:2])\n"
    settings: dict[str, Any] = {"interpreter": interpreter, "runtime": interpreter.name}
    completed = await bench.run(bench.spec(source, handler="app.version", **settings))
    assert json.loads(completed.payload) == [int(part) for part in interpreter.name.removeprefix("python").split(".")]
    decimals = await bench.run(bench.spec(handler="app.returns_decimal", **settings))
    assert decimals.payload == b'[1.10, NaN, {"d": 3}]'
    failed = await bench.run(bench.spec(handler="app.raises", **settings))
    failure = json.loads(failed.payload)
    assert (failure["errorType"], failure["requestId"]) == ("ValueError", failed.request_id)
    assert [entry.split("\n")[0].split(", ")[2] for entry in failure["stackTrace"]] == ["in raises", "in deeper"]
    await bench.run(bench.spec(handler="app.logs", log_format="JSON", **settings))
    logged = [json.loads(message) for message in bench.log.messages if message.startswith('{"timestamp"')]
    assert [entry["level"] for entry in logged] == [
        "INFO",
        "WARNING",
        "ERROR",
        "CRITICAL",
        "WARNING",
        "ERROR",
        "WARNING",
    ]


async def through_rie(binary: Path, folder: Path, program: list[str], payload: bytes) -> tuple[int, bytes]:
    """The second of two invocations through AWS's emulator, which runs `program`."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        api, front = one.getsockname()[1], two.getsockname()[1]
    addresses = [
        "--runtime-api-address",
        f"127.0.0.1:{api}",
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{front}",
    ]
    process = await asyncio.create_subprocess_exec(
        binary,
        "--log-level",
        "error",
        *addresses,
        *program,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": str(folder), "AWS_LAMBDA_FUNCTION_TIMEOUT": "10"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await until(lambda: is_listening(front))
        await post(front, payload)
        return await post(front, payload)
    finally:
        os.killpg(process.pid, 9)
        await process.wait()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def post(port: int, payload: bytes) -> tuple[int, bytes]:
    """Status and body of one invocation."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: {len(payload)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + payload)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    status, _, rest = answer.partition(b"\r\n")
    return int(status.split()[1]), dechunked(*rest.split(b"\r\n\r\n", 1))


def dechunked(head: bytes, body: bytes) -> bytes:
    if b"chunked" not in head.lower():
        return body
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole, body = whole + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return whole


@pytest.mark.parametrize("name", ["echo", "raises", "returns_set", "returns_unicode", "returns_decimal"])
async def test_our_client_answers_alike_under_awss_emulator(bench: Bench, rie_binary: Path, name: str) -> None:
    """Our client and awslambdaric give the same answer through AWS's emulator, and our server gives it too."""
    bench.write(HANDLERS)
    payload = json.dumps({"k": "v" * 5000}).encode()
    client = Path(runtimes.__file__).with_name("python_client.py")
    ours = await through_rie(rie_binary, bench.folder, [sys.executable, "-u", str(client), f"app.{name}"], payload)
    theirs = await through_rie(rie_binary, bench.folder, [sys.executable, "-m", "awslambdaric", f"app.{name}"], payload)
    completed = await bench.run(
        bench.spec(handler=f"app.{name}", runtime="python3.11", interpreter=Path(sys.executable)), payload
    )

    def without_id(body: bytes) -> bytes:
        return re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}", b"<id>", body)

    assert (ours[0], without_id(ours[1])) == (theirs[0], without_id(theirs[1]))
    assert without_id(completed.payload) == without_id(theirs[1])
