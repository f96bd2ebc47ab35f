"""Opens one account and region as a target: the parts, put together. Asks AWS nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lambdatui.backends.aws.account import AwsAccount
from lambdatui.backends.aws.action_log import AwsActionLog
from lambdatui.backends.aws.catalogue import AwsCatalogue
from lambdatui.backends.aws.configuration import AwsConfiguration
from lambdatui.backends.aws.failed_events import AwsFailedEvents
from lambdatui.backends.aws.insights import AwsInsights
from lambdatui.backends.aws.inspector import AwsInspector
from lambdatui.backends.aws.invocation_logs import WATCHING, AwsInvocationLogs, Watching
from lambdatui.backends.aws.invoker import AwsInvoker
from lambdatui.backends.aws.layers import AwsLayers
from lambdatui.backends.aws.live_tail import LiveTail
from lambdatui.backends.aws.logs import AwsLogs
from lambdatui.backends.aws.logs_calls import LogGroup
from lambdatui.backends.aws.logs_rate import AccountRate
from lambdatui.backends.aws.session import READS, Patience, Session
from lambdatui.backends.aws.shapes import mapping
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.backends.aws.triggers import AwsTriggers
from lambdatui.backends.aws.versions import AwsVersions
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Denied, Unsupported
from lambdatui.core.tail_window import Reach
from lambdatui.core.target import AwsPlace, Backend, Target


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How logs are read. `calls_per_second` None: as many as leave room in the quota; no limit on this machine.

    An event that becomes visible `late_s` after its own time is still shown.
    """

    calls_per_second: int | None = None
    late_s: float = 180.0


def open_aws(
    target: Target,
    environment: Mapping[str, str],
    home: Path,
    patience: Patience = READS,
    log_options: LogOptions = LogOptions(),  # frozen
    *,
    watching: Watching = WATCHING,
) -> Backend:
    """The ports of the account and region that `target.aws` names.

    Raises:
        WorkbenchError: AWS's own settings can't be read.
    """
    place = target.aws or AwsPlace("")

    def actions(profile: Profile) -> AwsActionLog:
        return AwsActionLog(place, profile, _now, time.monotonic)

    session = Session(place, environment, home=home, read_only=target.read_only, patience=patience, actions=actions)
    catalogue = AwsCatalogue(session)
    account = AwsAccount(session)

    async def filter_log_events(request: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapping(await session.call("logs", "FilterLogEvents", session.once, **request))

    async def log_group_of(name: str) -> str:
        try:
            return (await catalogue.summary(name)).log_group
        except Denied:
            return f"/aws/lambda/{name}"  # where it is unless somebody chose another

    async def arn_of_group(group: LogGroup) -> str:
        parts = (await catalogue.summary(group.functions[0])).arn.split(":")
        if len(parts) < 5:
            raise Unsupported("Live Tail needs the ARN of the log group", "Nobody knows the account's id here.")
        return f"arn:{parts[1]}:logs:{parts[3]}:{parts[4]}:log-group:{group.name}"

    async def logs_are_on_this_machine() -> bool:
        client = await session.client("logs", session.once)
        return on_this_machine(client.meta.endpoint_url)

    late_ms = int(log_options.late_s * 1000)
    rate = AccountRate(account.id, place.region, target.key, logs_are_on_this_machine, log_options.calls_per_second)
    logs = AwsLogs(
        filter_log_events,
        log_group_of,
        rate,
        _wall_ms,
        Reach(late_ms=late_ms, most_late_ms=max(late_ms, Reach().most_late_ms)),
        live_sessions=LiveTail(session, arn_of_group).updates,
    )
    invocation_logs = AwsInvocationLogs(filter_log_events, log_group_of, rate, _wall_ms, watching)

    async def close() -> None:
        await call_blocking(session.forget)

    return Backend(
        target=target,
        catalogue=catalogue,
        invoker=AwsInvoker(session, catalogue.known, invocation_logs, logs.poke),
        logs=logs,
        configuration=AwsConfiguration(session, catalogue.known, read_only=target.read_only),
        close=close,
        identity=account.identity,
        invocation_logs=invocation_logs,
        failed_events=AwsFailedEvents(session),
        insights=AwsInsights(session, log_group_of),
        versions=AwsVersions(session),
        triggers=AwsTriggers(session),
        layers=AwsLayers(session),
        inspector=AwsInspector(session, _now),
        sign_in=session.sign_in,
        actions=session.actions,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def on_this_machine(url: str) -> bool:
    """Whether an endpoint is a server of this machine: AWS itself never is."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".localhost.localstack.cloud"))
