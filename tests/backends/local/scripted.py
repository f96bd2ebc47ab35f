"""An executor that answers by script: for what real functions can't be made to do at will."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime

from lambdatui.backends.local.contracts import FunctionSpec, LocalRequest, LogSink, RunnerOptions
from lambdatui.core.errors import Throttled
from lambdatui.core.invocation import Completed


class Scripted:
    """Implements `Executor`. Keeps what it was asked to run.

    `answers` are given in order, the last again and again: "ok", "error", "throttle" or "hang"; a function named in
    `by_function` always gets that answer.
    """

    def __init__(self, *answers: str, **by_function: str) -> None:
        self.requests: list[tuple[str, LocalRequest]] = []
        self.cancelled = 0
        self._answers = answers
        self._by_function = by_function

    def __call__(self, options: RunnerOptions, sink: LogSink, on_recycled: Callable[[str, str], None]) -> Scripted:
        return self

    async def execute(self, spec: FunctionSpec, request: LocalRequest) -> Completed:
        self.requests.append((spec.name, request))
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        match self._by_function.get(spec.name, answer):
            case "throttle":
                raise Throttled("Rate Exceeded.", reason="ReservedFunctionConcurrentInvocationLimitExceeded")
            case "hang":
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    self.cancelled += 1
                    raise
            case "error":
                return completed(request, {"errorType": "ValueError", "errorMessage": "no"}, "Unhandled")
        return completed(request, {"ok": True})

    async def close(self) -> None:
        """Nothing was started."""


def completed(request: LocalRequest, answer: object, function_error: str = "") -> Completed:
    payload = json.dumps(answer).encode()
    return Completed(request.request_id, 200, payload, function_error, "$LATEST", "", None, datetime.now(UTC), 1.0)
