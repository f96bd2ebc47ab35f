"""Reads what AWS's list of functions does not tell: the state of one, everything about one, the account's limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, TypeVar

from lambdatui.backends.aws import inspector_facts as facts
from lambdatui.backends.aws.async_settings import read_async_settings
from lambdatui.backends.aws.layers import AwsLayers
from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import detail_of, mapping, summary_of, text, whole
from lambdatui.backends.aws.triggers import AwsTriggers
from lambdatui.backends.aws.versions import AwsVersions
from lambdatui.core.errors import Denied, Unreachable, WorkbenchError
from lambdatui.core.functions import FunctionDetail, FunctionSummary
from lambdatui.core.inspection import AccountConcurrency, Fact, Section
from lambdatui.core.layers import LayerName
from lambdatui.core.triggers import Triggers
from lambdatui.core.versions import Versions

Answer = TypeVar("Answer")


class AwsInspector:
    """Implements `Inspector`. Remembers nothing."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock

    async def glance(self, name: str) -> FunctionDetail:
        """See `Inspector.glance`."""
        answer = await self._session.call("lambda", "GetFunction", self._session.once, FunctionName=name)
        summary = summary_of(mapping(answer.get("Configuration"))) or FunctionSummary(name)
        return detail_of(answer, summary)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See `Inspector.sections`. What several sections tell of is asked for once."""
        reading = _Reading(self._session, name)
        return (
            Section("Function", reading.told_by_function(lambda answer: facts.general(answer, self._clock()))),
            Section("Concurrency", reading.concurrency),
            Section("Triggers", reading.triggers),
            Section("Versions and aliases", reading.versions),
            Section("Layers", reading.layers),
            Section("Environment, network, tracing", reading.told_by_function(facts.surroundings)),
            Section("Asynchronous invocation", reading.asynchronous),
            Section("Logs", reading.logging),
            Section("Code", reading.told_by_function(facts.code)),
            Section("Runtime management", reading.asked("GetRuntimeManagementConfig", facts.runtime_management)),
            Section("Recursion", reading.asked("GetFunctionRecursionConfig", facts.recursion)),
            Section("Tags", reading.told_by_function(facts.tags)),
            Section("Further settings", reading.told_by_function(facts.others)),
        )

    async def account(self) -> AccountConcurrency:
        """See `Inspector.account`. `aws lambda get-account-settings`."""
        limits = mapping((await self._session.call("lambda", "GetAccountSettings")).get("AccountLimit"))
        limit = whole(limits.get("ConcurrentExecutions"))
        unreserved = whole(limits.get("UnreservedConcurrentExecutions"))
        if limit is None or unreserved is None:
            raise Unreachable("The account's limit can't be read", "The answer has no AccountLimit.")
        return AccountConcurrency(limit, unreserved)


class _Reading:
    """One look at one function: each answer is asked for once, whoever waits for it."""

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self._name = name
        self._function: asyncio.Task[Mapping[str, Any]] | None = None
        self._versions: asyncio.Task[Versions] | None = None

    def told_by_function(
        self, tell: Callable[[Mapping[str, Any]], tuple[Fact, ...]]
    ) -> Callable[[], Awaitable[tuple[Fact, ...]]]:
        async def read() -> tuple[Fact, ...]:
            return tell(await self._get_function())

        return read

    def asked(
        self, operation: str, tell: Callable[[Mapping[str, Any]], tuple[Fact, ...]]
    ) -> Callable[[], Awaitable[tuple[Fact, ...]]]:
        async def read() -> tuple[Fact, ...]:
            return tell(await self._call("lambda", operation, FunctionName=self._name))

        return read

    async def concurrency(self) -> tuple[Fact, ...]:
        return facts.concurrency(await self._get_function(), await self._read_versions())

    async def versions(self) -> tuple[Fact, ...]:
        return facts.versions(await self._read_versions())

    async def triggers(self) -> tuple[Fact, ...]:
        read: Triggers = await AwsTriggers(self._session).read(self._name)
        return facts.triggers(read)

    async def asynchronous(self) -> tuple[Fact, ...]:
        return facts.asynchronous(await read_async_settings(self._session, self._name, ""))

    async def layers(self) -> tuple[Fact, ...]:
        function = mapping((await self._get_function()).get("Configuration"))
        used = function.get("Layers")
        names = [LayerName.of(text(mapping(layer).get("Arn"))) for layer in used] if isinstance(used, list) else []
        newest = await asyncio.gather(*(self._newest(layer) for layer in names))
        return facts.layers((layer, *found) for layer, found in zip(names, newest, strict=True))

    async def logging(self) -> tuple[Fact, ...]:
        answer = await self._get_function()
        function = mapping(answer.get("Configuration"))
        group = text(mapping(function.get("LoggingConfig")).get("LogGroup")) or f"/aws/lambda/{self._name}"
        groups = await self._call("logs", "DescribeLogGroups", logGroupNamePrefix=group, limit=50)
        return facts.logging(answer, groups)

    async def _newest(self, layer: LayerName) -> tuple[LayerName | None, str]:
        try:
            return await AwsLayers(self._session).newest(layer), ""
        except Denied as error:
            return None, f"needs {error.permission}"
        except WorkbenchError as error:
            return None, error.title

    async def _get_function(self) -> Mapping[str, Any]:
        if self._function is None:
            self._function = _shared(self._call("lambda", "GetFunction", FunctionName=self._name))
        return await asyncio.shield(self._function)

    async def _read_versions(self) -> Versions:
        if self._versions is None:
            self._versions = _shared(AwsVersions(self._session).read(self._name))
        return await asyncio.shield(self._versions)

    async def _call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        return mapping(await self._session.call(service, operation, **parameters))


def _shared(reading: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
    """A task whose failure is for whoever waits: nobody may, once the screen is closed."""
    task = asyncio.ensure_future(reading)
    task.add_done_callback(lambda done: None if done.cancelled() else done.exception() and None)
    return task
