"""Invokes a function in the place that its name says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from lambdatui.backends.together.places import Places
from lambdatui.core.errors import NotFound, Unsupported
from lambdatui.core.failed_events import KeptEvents
from lambdatui.core.invocation import Accepted, Answer, AsyncState, InvocationRequest, Invoker, StreamPart
from lambdatui.core.invocation_log import InvocationLog


class TogetherInvoker:
    """Implements `Invoker`. Remembers where an event was accepted, to follow it there."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._accepted: dict[str, Invoker] = {}

    @property
    def cancelling_ends_it(self) -> bool:
        """See `Invoker.cancelling_ends_it`."""
        return all(backend.invoker.cancelling_ends_it for backend in self._places.backends.values())

    async def invoke(self, request: InvocationRequest) -> Answer:
        """See `Invoker.invoke`."""
        _, backend, name = self._places.of(request.function_name)
        answer = await backend.invoker.invoke(replace(request, function_name=name))
        if isinstance(answer, Accepted):
            self._accepted[answer.request_id] = backend.invoker
        return answer

    async def stream(self, request: InvocationRequest) -> AsyncIterator[StreamPart]:
        """See `Invoker.stream`."""
        _, backend, name = self._places.of(request.function_name)
        async for part in backend.invoker.stream(replace(request, function_name=name)):
            yield part

    async def follow(self, request_id: str) -> AsyncIterator[AsyncState]:
        """See `Invoker.follow`."""
        invoker = self._accepted.get(request_id)
        if invoker is None:
            raise NotFound(f"No event {request_id} is known here")
        async for state in invoker.follow(request_id):
            yield state

    async def in_flight(self) -> tuple[AsyncState, ...]:
        """See `Invoker.in_flight`."""
        states = await asyncio.gather(*(one.invoker.in_flight() for one in self._places.backends.values()))
        return tuple(state for part in states for state in part)


class TogetherFailedEvents:
    """Implements `FailedEvents`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def peek(self, function_name: str, qualifier: str) -> KeptEvents:
        """See `FailedEvents.peek`."""
        place, backend, name = self._places.of(function_name)
        if backend.failed_events is None:
            raise Unsupported(f"{place} keeps no failed events to look at")
        return await backend.failed_events.peek(name, qualifier)


class TogetherInvocationLogs:
    """Implements `InvocationLogs`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    async def find(self, function_name: str, request_id: str, started_at: datetime) -> InvocationLog:
        """See `InvocationLogs.find`."""
        place, backend, name = self._places.of(function_name)
        if backend.invocation_logs is None:
            raise Unsupported(f"{place} tells no more of an invocation than its answer")
        return await backend.invocation_logs.find(name, request_id, started_at)
