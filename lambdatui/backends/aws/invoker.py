"""Invokes functions on AWS: each request is sent once, by clients that never repeat."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from lambdatui.backends.aws.async_settings import read_async_settings
from lambdatui.backends.aws.errors import aws_code
from lambdatui.backends.aws.follow import EventFollower
from lambdatui.backends.aws.invocation_logs import AwsInvocationLogs
from lambdatui.backends.aws.session import Patience, Session
from lambdatui.backends.aws.shapes import mapping, text, whole
from lambdatui.backends.aws.streams import stream_events
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import InvalidInput, NotFound
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.invocation import (
    Accepted,
    Answer,
    AsyncState,
    Chunk,
    Completed,
    InvocationRequest,
    InvocationType,
    Permitted,
    StreamPart,
    failure_of,
)
from lambdatui.core.limits import TIMEOUT_S
from lambdatui.core.payload import QUICK_BYTES, checked_payload
from lambdatui.core.report import Report, parse_platform_report, parse_report
from lambdatui.core.text import clean

_MARGIN_S = 30
_LONGEST_S = TIMEOUT_S[1]
_Sending: TypeAlias = Callable[[Patience, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
_NO_TAIL = "Tail logs are not supported for functions"


class AwsInvoker:
    """Implements `Invoker`. `known` gives what was read last of a function: its timeout bounds the wait.

    `announce` is told the function's name when a request goes out and when its answer is there: its log has news.
    """

    cancelling_ends_it = False

    def __init__(
        self,
        session: Session,
        known: Callable[[str], FunctionSummary | None],
        logs: AwsInvocationLogs,
        announce: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._session = session
        self._known = known
        self._logs = logs
        self._announce = announce
        self._without_tail: set[str] = set()
        self._accepted: dict[str, tuple[InvocationRequest, datetime]] = {}

    async def invoke(self, request: InvocationRequest) -> Answer:
        """See `Invoker.invoke`. Cancelling stops the waiting; the function goes on."""
        payload = await self._checked(request)
        began_at, began_s = datetime.now(UTC), time.perf_counter()
        self._announce(request.function_name)
        answer = await self._send(request, payload, self._invoke)
        self._announce(request.function_name)
        request_id = request_id_of(answer)
        match request.invocation_type:
            case InvocationType.DRY_RUN:
                return Permitted(request_id)
            case InvocationType.EVENT:
                self._accepted[request_id] = request, began_at
                return Accepted(request_id, datetime.now(UTC))
            case InvocationType.REQUEST_RESPONSE:
                body = answer.get("Payload")
                return _completed(
                    answer,
                    request,
                    payload=body if isinstance(body, bytes) else b"",
                    log_result=text(answer.get("LogResult")),
                    function_error=text(answer.get("FunctionError")),
                    began_at=began_at,
                    began_s=began_s,
                )

    async def stream(self, request: InvocationRequest) -> AsyncGenerator[StreamPart, None]:
        """See `Invoker.stream`. Cancelling stops the waiting; the function goes on."""
        payload = await self._checked(request)
        began_at, began_s = datetime.now(UTC), time.perf_counter()
        self._announce(request.function_name)
        answer = await self._send(request, payload, self._begin_stream)
        received: list[bytes] = []
        end: Mapping[str, Any] = {}
        async with aclosing(stream_events(self._session, answer.get("EventStream"))) as events:
            async for event in events:
                chunk = mapping(event.get("PayloadChunk")).get("Payload")
                if isinstance(chunk, bytes) and chunk:
                    received.append(chunk)
                    yield Chunk(chunk)
                end = mapping(event.get("InvokeComplete")) or end
        self._announce(request.function_name)
        code, details = text(end.get("ErrorCode")), end.get("ErrorDetails")
        failure = failure_of(details.encode() if isinstance(details, str) else b"") if code or details else None
        completed = _completed(
            answer,
            request,
            payload=b"".join(received),
            log_result=text(end.get("LogResult")),
            function_error=(code or "Unhandled") if failure else "",
            began_at=began_at,
            began_s=began_s,
        )
        if failure is not None:
            completed = replace(completed, failure=replace(failure, error_type=failure.error_type or code))
        yield completed

    async def follow(self, request_id: str) -> AsyncGenerator[AsyncState, None]:
        """See `Invoker.follow`. Reads the function's settings and its log; nothing is sent a second time."""
        if request_id not in self._accepted:
            raise NotFound(f"No event {request_id} was accepted here", "Its attempts show in the function's log.")
        request, accepted_at = self._accepted[request_id]
        settings = await read_async_settings(self._session, request.function_name, request.qualifier)
        summary = self._known(request.function_name)
        timeout_s = summary.timeout_s if summary is not None and _is_latest(request) else _LONGEST_S
        accepted_ms = int(accepted_at.timestamp() * 1000)
        follower = EventFollower(self._logs, request, request_id, accepted_ms, timeout_s)
        async with aclosing(follower.steps(settings)) as steps:
            async for step in steps:
                yield step

    async def in_flight(self) -> tuple[AsyncState, ...]:
        """See `Invoker.in_flight`."""
        return ()

    @staticmethod
    async def _checked(request: InvocationRequest) -> bytes:
        if len(request.payload) > QUICK_BYTES:
            return await call_blocking(checked_payload, request)
        return checked_payload(request)

    async def _invoke(self, patience: Patience, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapping(await self._session.call("lambda", "Invoke", patience, **parameters))

    async def _begin_stream(self, patience: Patience, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapping(await self._session.call("lambda", "InvokeWithResponseStream", patience, **parameters))

    async def _send(self, request: InvocationRequest, payload: bytes, send: _Sending) -> Mapping[str, Any]:
        parameters: dict[str, Any] = {
            "FunctionName": request.function_name,
            "InvocationType": request.invocation_type.value,
            "Payload": payload,
        }
        if not _is_latest(request):
            parameters["Qualifier"] = request.qualifier
        if request.client_context:
            parameters["ClientContext"] = base64.b64encode(request.client_context.encode()).decode()
        if request.tenant_id:
            parameters["TenantId"] = request.tenant_id
        if request.durable_name:
            parameters["DurableExecutionName"] = request.durable_name
        is_sync = request.invocation_type is InvocationType.REQUEST_RESPONSE
        patience = self._patience(request)
        if is_sync and request.log_tail and request.function_name not in self._without_tail:
            try:
                return await send(patience, {**parameters, "LogType": "Tail"})
            except InvalidInput as error:
                # The one refusal that is repeated: nothing ran, and without the log it would have. Its code is shared
                # by many, only the sentence tells.
                if aws_code(error) != "InvalidParameterValueException" or not error.title.startswith(_NO_TAIL):
                    raise _advised(error, request) from error.__cause__
                self._without_tail.add(request.function_name)
        try:
            return await send(patience, parameters)
        except InvalidInput as error:
            raise _advised(error, request) from error.__cause__

    def _patience(self, request: InvocationRequest) -> Patience:
        if request.invocation_type is not InvocationType.REQUEST_RESPONSE:
            return self._session.once
        summary = self._known(request.function_name)
        # Another version may have another timeout than the one that was listed.
        is_listed = summary is not None and _is_latest(request)
        timeout_s = summary.timeout_s if summary is not None and is_listed else _LONGEST_S
        # To full minutes: a client of its own for each of 900 timeouts would be too many.
        read_timeout_s = -(-(timeout_s + _MARGIN_S) // 60) * 60
        return Patience(
            read_timeout_s=read_timeout_s, attempts=1, connect_timeout_s=self._session.once.connect_timeout_s
        )


def _completed(
    answer: Mapping[str, Any],
    request: InvocationRequest,
    *,
    payload: bytes,
    log_result: str,
    function_error: str,
    began_at: datetime,
    began_s: float,
) -> Completed:
    """`aws lambda invoke`, or the end of an `InvokeWithResponseStream`."""
    log_tail = log_of(log_result)
    request_id = request_id_of(answer)
    return Completed(
        request_id=request_id,
        status_code=whole(answer.get("StatusCode")) or 200,
        payload=payload,
        function_error=function_error,
        executed_version=text(answer.get("ExecutedVersion")) or request.qualifier,
        log_tail=log_tail,
        report=report_in(log_tail, request_id),
        started_at=began_at,
        elapsed_ms=(time.perf_counter() - began_s) * 1000,
    )


def _advised(error: InvalidInput, request: InvocationRequest) -> InvalidInput:
    """A refused parameter may be one that was not given: where they are set."""
    if error.hint or aws_code(error) != "InvalidParameterValueException" or request.tenant_id or request.durable_name:
        return error
    hint = "A tenant id or a durable execution's name is given by o, or --tenant-id and --durable-name."
    return InvalidInput(error.title, error.detail, hint)


def request_id_of(answer: Mapping[str, Any]) -> str:
    """The id that every answer has in its headers."""
    return text(mapping(answer.get("ResponseMetadata")).get("RequestId"))


def _is_latest(request: InvocationRequest) -> bool:
    return request.qualifier in ("", "$LATEST")


def log_of(log_result: str) -> str:
    """The text of `LogResult`. Managed Instances name a log stream there instead: said in a line then."""
    try:
        log = base64.b64decode(log_result, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    if log.startswith("{") and '"logStreamName"' in log:
        try:
            place = mapping(json.loads(log))
        except ValueError:
            return clean(log)
        return f"The log is in {text(place.get('logGroup'))}, stream {text(place.get('logStreamName'))}\n"
    return clean(log)


def report_in(log_tail: str, request_id: str) -> Report | None:
    """The figures of one invocation in the tail of its log; None when they are not there yet."""
    for line in reversed(log_tail.splitlines()):
        report = parse_report(line) or parse_platform_report(line)
        if report is not None and (report.request_id == request_id or not request_id):
            return report
    return None
