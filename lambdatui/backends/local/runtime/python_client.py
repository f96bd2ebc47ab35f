"""A Lambda runtime client for Python in one file: asks the Runtime API for events, calls the handler, posts answers.

Runs in the interpreter of the function, whatever that is (CPython 3.9 to 3.14, Linux and macOS), so it needs
nothing but the standard library and nothing of this project. It behaves as AWS's `awslambdaric` 4.2 does: the
conformance tests run both on the same handlers.

    python -u python_client.py app.handler
"""

# ruff: noqa: ARG002, BLE001, PLR0917 - whatever a handler raises is an answer

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.path[:1] == [__file__.rpartition("/")[0]]:
    del sys.path[0]  # our own folder: its modules are not the function's

import _socket  # the socket module costs 3 ms more at every cold start, and adds nothing that is used here
import json
import logging
import os
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing costs 3 ms at every cold start
    from typing import Any

_API = "/2018-06-01/runtime/"
_UTF8_RUNTIMES = ("3.12", "3.13", "3.14", "3.15")
_NEWLINE_IN_EVENT = "\r"
_NO_BREAK_SPACE = "\u00a0"
_XRAY_CAUSE_LIMIT = 1024 * 1024

_request_id: str | None = None
_tenant_id: str | None = None


class Fault(Exception):
    """A failure that the runtime client itself reports, with one of Lambda's own error types."""

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace


# ------------------------------------------------------------------ the Runtime API, over one kept connection


class RuntimeApi:
    """Speaks HTTP/1.1 with the Runtime API. Knows nothing of handlers."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host or "127.0.0.1", int(port))
        self._host = address
        self._socket: Any = None
        self._rest = b""
        self._asked = False
        version = "{}.{}.{}".format(*sys.version_info[:3])
        self._agent = "lambdatui-python/" + version

    def next(self) -> tuple[dict[str, str], bytes]:
        """Wait for the next event: its headers (names in lower case) and its body."""
        if not self._asked:
            self._send(self._head("GET", _API + "invocation/next", {}))
        self._asked = False
        status, headers, body = self._receive_answer()
        if status != 200:
            raise RuntimeError("Failed to get next")
        return headers, body

    def respond(self, request: dict[str, str], body: bytes, content_type: str) -> None:
        """Post what the handler returned."""
        self._post_answer(request, "/response", body, {"Content-Type": content_type}, "success response")

    def fail(self, request: dict[str, str], body: bytes, cause: str) -> None:
        """Post what the handler raised; `cause` is the same for X-Ray."""
        headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-XRay-Error-Cause": cause}
        self._post_answer(request, "/error", body, headers, "error response")

    def fail_init(self, body: bytes, error_type: str) -> None:
        """Post why the handler could not be loaded."""
        headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": error_type}
        self._send(self._head("POST", _API + "init/error", headers, body), body)
        status, _, answer = self._receive_answer()
        if status != 202:
            raise RuntimeError(f"Failed to post init error: {status} {answer!r}")

    def _post_answer(self, request: dict[str, str], verb: str, body: bytes, headers: dict[str, str], what: str) -> None:
        invocation_id = request.get("lambda-runtime-invocation-id")
        if invocation_id:
            headers["Lambda-Runtime-Invocation-Id"] = invocation_id
        path = _API + "invocation/" + request.get("lambda-runtime-aws-request-id", "") + verb
        # The next event is asked for in the same packet: a third of a warm invocation's time.
        asking = self._head("GET", _API + "invocation/next", {})
        self._send(self._head("POST", path, headers, body), body, asking)
        status, _, answer = self._receive_answer()
        self._asked = self._socket is not None
        if not 200 <= status < 300:
            sys.stderr.write(
                "[ERROR] [{}] LAMBDA_RUNTIME Failed to post handler {}. Http response code: {}. {}\n".format(
                    int(time.time() * 1000), what, status, answer.decode("utf-8", "replace")
                )
            )
            raise RuntimeError("Failed to post invocation response")

    def _head(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
        lines = [method + " " + path + " HTTP/1.1", "Host: " + self._host, "User-Agent: " + self._agent]
        lines += [name + ": " + value.replace("\r", " ").replace("\n", " ") for name, value in headers.items()]
        if body is not None:
            lines.append("Content-Length: " + str(len(body)))
        return "\r\n".join([*lines, "", ""]).encode()

    def _send(self, *parts: bytes) -> None:
        if self._socket is None:
            self._socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
            self._socket.connect(self._address)
            self._socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._socket.sendall(b"".join(parts))

    def _receive_answer(self) -> tuple[int, dict[str, str], bytes]:
        status, headers = self._read_head()
        answer = self._read_body(headers)
        if headers.get("connection", "").lower() == "close":
            self._socket.close()
            self._socket, self._rest = None, b""
        return status, headers, answer

    def _read_head(self) -> tuple[int, dict[str, str]]:
        while True:
            head = self._read_until(b"\r\n\r\n").decode("utf-8", "replace").split("\r\n")
            status = int(head[0].split(" ", 2)[1])
            if status != 100:
                break
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return status, headers

    def _read_body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            chunks: list[bytes] = []
            while True:
                size = int(self._read_until(b"\r\n").split(b";")[0], 16)
                if size == 0:
                    while self._read_until(b"\r\n"):
                        continue  # trailers
                    return b"".join(chunks)
                chunks.append(self._read_exactly(size))
                self._read_exactly(2)
        return self._read_exactly(int(headers.get("content-length") or 0))

    def _receive(self) -> bytes:
        piece: bytes = self._socket.recv(262144)
        if not piece:
            raise RuntimeError("the Runtime API closed the connection")
        return piece

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._rest += self._receive()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _read_exactly(self, size: int) -> bytes:
        if len(self._rest) < size:
            parts: list[bytes] = [self._rest]
            missing = size - len(self._rest)
            while missing > 0:
                piece = self._receive()
                parts.append(piece)
                missing -= len(piece)
            self._rest = b"".join(parts)
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


# ------------------------------------------------------------------ JSON as awslambdaric's simplejson writes it


class Json:
    """Turns what a handler returns into JSON: Decimals as they are, bytes as text, named tuples as objects."""

    def __init__(self, execution_env: str) -> None:
        self._ensure_ascii = not execution_env.endswith(tuple("python" + version for version in _UTF8_RUNTIMES))
        self._mark = ""
        self._decimals: list[str] = []

    def encode(self, value: Any) -> str:
        """The JSON text of `value`."""
        self._decimals = []
        if _needs_rewriting(value):
            value = _rewritten(value)
        text = json.dumps(value, ensure_ascii=self._ensure_ascii, default=self._default)
        for number, decimal in enumerate(self._decimals):
            text = text.replace(f'"{self._mark}{number}"', decimal, 1)
        return text

    def _default(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return value.decode("utf-8")
        as_dict = getattr(value, "_asdict", None)
        if callable(as_dict):
            return as_dict()
        if "decimal" in sys.modules and isinstance(value, sys.modules["decimal"].Decimal):
            if value.is_nan():
                return float("nan")
            # json can't write a number as its own text: a mark stands for it until the end.
            self._mark = self._mark or "decimal-" + os.urandom(12).hex() + "-"
            self._decimals.append(str(value))
            return self._mark + str(len(self._decimals) - 1)
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _needs_rewriting(value: Any) -> bool:
    """Whether a named tuple or a key of bytes is in `value`: json would write the one as a list, refuse the other."""
    seen: set[int] = set()
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            if id(item) not in seen:
                seen.add(id(item))
                todo.extend(v for v in item.values() if isinstance(v, (dict, list, tuple)))
                if any(isinstance(key, bytes) for key in item):
                    return True
        elif isinstance(item, tuple) and hasattr(item, "_asdict"):
            return True
        elif isinstance(item, (list, tuple)) and id(item) not in seen:
            seen.add(id(item))
            todo.extend(v for v in item if isinstance(v, (dict, list, tuple)))
    return False


def _rewritten(value: Any, parents: tuple[int, ...] = ()) -> Any:
    if not isinstance(value, (dict, list, tuple)):
        return value
    if id(value) in parents:
        raise ValueError("Circular reference detected")
    parents = (*parents, id(value))
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {
            key.decode("utf-8") if isinstance(key, bytes) else key: _rewritten(item, parents)
            for key, item in value.items()
        }
    return [_rewritten(item, parents) for item in value]


def _no_constant(word: str) -> Any:
    raise ValueError("Out of range float values are not JSON compliant: " + word)


# ------------------------------------------------------------------ the context object


class _Fields:
    """An object whose slots come from a dictionary; what it does not hold is None. Shown in AWS's order."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, fields: dict[str, Any]) -> None:
        for name in self.__slots__:
            setattr(self, name, fields.get(name))

    def __repr__(self) -> str:
        shown = ",".join(f"{name}={getattr(self, name)}" for name in self.__slots__)
        return f"{type(self).__name__}([{shown}])"


class CognitoIdentity(_Fields):
    """Who called, through Cognito."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Fields):
    """The mobile app that called."""

    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")  # noqa: RUF023


class ClientContext(_Fields):
    """What the caller sent beside the event."""

    __slots__ = ("custom", "env", "client")  # noqa: RUF023


class LambdaContext:
    """The second argument of a handler."""

    def __init__(self, request: dict[str, str]) -> None:
        client_context = _json_header(request, "lambda-runtime-client-context", "Client Context")
        identity = _json_header(request, "lambda-runtime-cognito-identity", "Cognito Identity")
        environment = os.environ
        self.aws_request_id = request.get("lambda-runtime-aws-request-id")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = request.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = request.get("lambda-runtime-aws-tenant-id")
        self._w3c_fields = _take_w3c(client_context)
        if client_context is not None and client_context.get("client") is not None:
            client_context["client"] = Client(client_context["client"])
        self.client_context = None if client_context is None else ClientContext(client_context)
        caller = identity or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": caller.get("cognitoIdentityId"),
                "cognito_identity_pool_id": caller.get("cognitoIdentityPoolId"),
            }
        )
        self._epoch_deadline_time_in_ms = int(request.get("lambda-runtime-deadline-ms") or 0)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is timed out; 0 afterwards."""
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def w3c(self) -> dict[str, str]:
        """The W3C trace context that the caller sent."""
        return dict(self._w3c_fields)

    def log(self, message: object) -> None:
        """Write `message` to the function's log."""
        for handler in logging.getLogger().handlers:
            if hasattr(handler, "log_sink"):
                handler.log_sink.log(str(message))
                return
        sys.stdout.write(str(message))

    def __repr__(self) -> str:
        names = (
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        )
        shown = ",".join(f"{name}={getattr(self, name)}" for name in names)
        return f"{type(self).__name__}([{shown}])"


def _json_header(request: dict[str, str], header: str, name: str) -> Any:
    text = request.get(header)
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault("Runtime.LambdaContextUnmarshalError", message) from error


def _take_w3c(client_context: Any) -> dict[str, str]:
    if not isinstance(client_context, dict):
        return {}
    fields = client_context.pop("w3c", None)
    if not isinstance(fields, dict):
        return {}
    names = ("traceparent", "tracestate", "baggage")
    return {name: fields[name] for name in names if isinstance(fields.get(name), str)}


# ------------------------------------------------------------------ logging


class PlainSink:
    """Writes log messages to standard output. The lines of one error are kept together by carriage returns."""

    def log(self, message: str, level: int | None = None, as_json: bool = False) -> None:
        """Write `message` as it is."""
        sys.stdout.write(message)

    def log_error(self, lines: list[str]) -> None:
        """Write the lines of one error."""
        sys.stdout.write(_NEWLINE_IN_EVENT.join(lines) + "\n")


class FramedSink:
    """Writes log messages in frames that carry their length, time and level.

    A frame: 4 bytes of type (0xa55a00, then level and format), 4 of length, 8 of microseconds since the epoch.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def log(self, message: str, level: int | None = None, as_json: bool = False) -> None:
        """Write `message` as one frame."""
        encoded = message.encode("utf8")
        kind = 0xA55A0003 if level is None else 0xA55A0003 + (level // 10) * 4 + (4 if level else 0)
        if as_json:
            kind -= 1
        frame = kind.to_bytes(4, "big") + len(encoded).to_bytes(4, "big")
        frame += (time.time_ns() // 1000).to_bytes(8, "big") + encoded
        while frame:
            frame = frame[os.write(self._fd, frame) :]

    def log_error(self, lines: list[str]) -> None:
        """Write the lines of one error as one frame."""
        self.log("\n".join(lines), logging.ERROR, _log_as_json())


class LambdaLoggerHandler(logging.Handler):
    """The handler of the root logger. Libraries look for its name and for its `log_sink`, which are AWS's."""

    def __init__(self, log_sink: Any) -> None:
        super().__init__()
        self.log_sink = log_sink

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.log_sink.log(self.format(record))


class LambdaLoggerHandlerWithFrameType(LambdaLoggerHandler):
    """The same, with each record's level in its frame."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        message = self.format(record)
        self.log_sink.log(message, _whole_level(record), _log_as_json())


class RequestIdFilter(logging.Filter):
    """Puts the request id on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.aws_request_id = _request_id or ""
        record.tenant_id = _tenant_id
        return True


_OWN_FIELDS = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "aws_request_id",
    "tenant_id",
    "exc_text",
    "stack_info",
    "_frame_type",
} - {"taskName"}


class JsonFormatter(logging.Formatter):
    """One JSON object a record, in Lambda's own shape."""

    def format(self, record: logging.LogRecord) -> str:
        """The object's text, with its line end."""
        record.levelno = _whole_level(record)
        record.levelname = logging.getLevelName(record.levelno)
        message = record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage()
        result: dict[str, Any] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": message,
            "logger": record.name,
        }
        if record.exc_info:
            result["stackTrace"] = traceback.format_tb(record.exc_info[2])
            result["errorType"] = record.exc_info[0].__name__ if record.exc_info[0] else None
            result["errorMessage"] = str(record.exc_info[1])
        result["requestId"] = getattr(record, "aws_request_id", None)
        if record.exc_info:
            result["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        result["tenantId"] = getattr(record, "tenant_id", None)
        for key, value in record.__dict__.items():
            if key not in _OWN_FIELDS and key not in result:
                result[key] = value
        shown = {key: value for key, value in result.items() if value is not None}
        return json.dumps(shown, ensure_ascii=False, default=str) + "\n"


def _whole_level(record: logging.LogRecord) -> int:
    return min(50, max(0, record.levelno)) // 10 * 10


def _log_as_json() -> bool:
    return os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


def set_up_logging() -> Any:
    """Give the root logger its handler and its level; returns the sink of the log."""
    fd = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
    sink: Any = PlainSink() if fd is None else FramedSink(int(fd))
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = "DEBUG" if level == "TRACE" else level
    logging.Formatter.converter = time.gmtime
    levelled = _log_as_json() or bool(level)
    handler = (LambdaLoggerHandlerWithFrameType if levelled else LambdaLoggerHandler)(sink)
    if _log_as_json():
        handler.setFormatter(JsonFormatter())
    else:
        line = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)
    handler.addFilter(RequestIdFilter())
    root.addHandler(handler)
    return sink


def log_error(error: dict[str, Any], sink: Any, encoder: Json) -> None:
    """Write what went wrong to the log, in the function's format."""
    if _log_as_json():
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        sink.log_error([encoder.encode({"timestamp": stamp, "level": "ERROR", **error})])
        return
    first = "[ERROR]"
    if error["errorType"]:
        first += " " + error["errorType"]
    if error["errorMessage"]:
        first += (":" if error["errorType"] else "") + " " + error["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for entry in error["stackTrace"]:
        for line in entry.splitlines() or [""]:
            bare = line.lstrip(" ")
            # CloudWatch swallows leading blanks.
            lines.append(_NO_BREAK_SPACE * (len(line) - len(bare)) + bare)
    sink.log_error(lines)


# ------------------------------------------------------------------ the handler


def load_handler(name: str) -> Any:
    """The function that `name` ("folder/module.function") means.

    Raises:
        Fault: the name is malformed, the module can't be imported, or it has no such attribute.
    """
    parts = name.rsplit(".", 1)
    if len(parts) != 2:
        reason = "not enough values to unpack (expected 2, got 1)"
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {reason}")
    module_name, function_name = parts
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", message)
    import importlib  # noqa: PLC0415

    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault("Runtime.ImportModuleError", message) from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        message = f"Syntax error in module '{module_name}': {error}"
        raise Fault("Runtime.UserCodeSyntaxError", message, trace) from error
    try:
        return getattr(module, function_name)
    except AttributeError as error:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message) from error


def _frames(error: BaseException) -> list[tuple[str, int, str, str | None]]:
    found = [(f.filename, f.lineno or 0, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]
    for index, frame in enumerate(found):
        if frame[0] != __file__:
            return found[index:]
    return found


def _error(message: str, error_type: str, trace: list[str] | None, request_id: str) -> dict[str, Any]:
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id,
        "stackTrace": trace or [],
    }


def _xray_cause(message: str, error_type: str, frames: list[Any]) -> dict[str, Any]:
    stack = [{"label": frame[2], "path": frame[0], "line": frame[1]} for frame in frames]
    return {
        "working_directory": os.getcwd(),  # noqa: PTH109
        "exceptions": [{"message": message, "type": error_type, "stack": stack}],
        "paths": list({frame[0] for frame in frames}),
    }


def handle(api: RuntimeApi, handler: Any, request: dict[str, str], body: bytes, sink: Any, encoder: Json) -> None:
    """Run one invocation, from its event to the posted answer."""
    request_id = request.get("lambda-runtime-aws-request-id", "")
    process_id = os.getpid()
    try:
        context = LambdaContext(request)
        event: Any = body
        if request.get("content-type") == "application/json":
            try:
                event = json.loads(body, parse_constant=_no_constant)
            except Exception as error:
                raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error
        returned = handler(event, context)
        if os.getpid() != process_id:
            # A forked copy came back from the handler: the connection belongs to the process that started it.
            sys.stdout.flush()
            os._exit(0)
        content_type = "application/json"
        if isinstance(returned, bytes):
            content_type = "application/unknown"
        else:
            try:
                returned = encoder.encode(returned)
            except Exception as error:
                raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from error
    except Fault as fault:
        failure = _error(fault.message, fault.error_type, fault.trace, request_id)
        cause = _xray_cause(fault.message, "LambdaValidationError", [])
    except Exception as error:
        frames = _frames(error)
        failure = _error(str(error), type(error).__name__, traceback.format_list(frames), request_id)
        cause = _xray_cause(str(error), type(error).__name__, frames)
    else:
        api.respond(request, returned if isinstance(returned, bytes) else returned.encode("utf-8"), content_type)
        return
    log_error(failure, sink, encoder)
    cause_text = json.dumps(cause)
    if len(cause_text) >= _XRAY_CAUSE_LIMIT:
        cause_text = ""
    api.fail(request, encoder.encode(failure).encode("utf-8"), cause_text)


def main(handler_name: str) -> None:
    """Load the handler and serve invocations until the Runtime API ends the process."""
    global _request_id, _tenant_id  # noqa: PLW0603
    sys.path.insert(0, os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd())  # noqa: PTH109
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    encoder = Json(os.environ.get("AWS_EXECUTION_ENV", ""))
    sink = set_up_logging()
    failure = None
    try:
        handler = load_handler(handler_name)
    except Fault as fault:
        failure = _error(fault.message, fault.error_type, fault.trace, "")
    except Exception as error:
        failure = _error(str(error), type(error).__name__, traceback.format_list(_frames(error)), "")
    if failure is not None:
        log_error(failure, sink, encoder)
        api.fail_init(encoder.encode(failure).encode("utf-8"), failure["errorType"])
        sys.exit(1)
    while True:
        request, body = api.next()
        _request_id = request.get("lambda-runtime-aws-request-id")
        _tenant_id = request.get("lambda-runtime-aws-tenant-id")
        trace_id = request.get("lambda-runtime-trace-id")
        if trace_id is None:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        else:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        handle(api, handler, request, body, sink, encoder)


if __name__ == "__main__":
    main(sys.argv[1])
