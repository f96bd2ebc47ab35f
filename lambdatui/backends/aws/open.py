"""Opens one account and region as a target: the parts, put together. Asks AWS nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lambdatui.backends.aws.catalogue import AwsCatalogue
from lambdatui.backends.aws.coming import ComingConfiguration
from lambdatui.backends.aws.invoker import AwsInvoker
from lambdatui.backends.aws.logs import AwsLogs
from lambdatui.backends.aws.logs_rate import shared_rate
from lambdatui.backends.aws.place import label_of
from lambdatui.backends.aws.session import READS, Patience, Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.blocking import call_blocking
from lambdatui.core.errors import Denied
from lambdatui.core.target import AwsPlace, Backend, Target


def open_aws(target: Target, environment: Mapping[str, str], home: Path, patience: Patience = READS) -> Backend:
    """The ports of the account and region that `target.aws` names.

    Raises:
        WorkbenchError: AWS's own settings can't be read.
    """
    place = target.aws or AwsPlace("")
    session = Session(place, environment, home=home, read_only=target.read_only, patience=patience)
    catalogue = AwsCatalogue(session)

    async def filter_log_events(request: Mapping[str, Any]) -> Mapping[str, Any]:
        return mapping(await session.call("logs", "FilterLogEvents", session.once, **request))

    async def log_group_of(name: str) -> str:
        try:
            return (await catalogue.summary(name)).log_group
        except Denied:
            return f"/aws/lambda/{name}"  # where it is unless somebody chose another

    logs = AwsLogs(
        filter_log_events, log_group_of, shared_rate(target.key, place.region), lambda: time.time_ns() // 1_000_000
    )

    async def full_label() -> str:
        identity = await session.call("sts", "GetCallerIdentity")
        return label_of(place, session.profile, text(identity.get("Account")))

    async def close() -> None:
        await call_blocking(session.forget)

    return Backend(
        target=target,
        catalogue=catalogue,
        invoker=AwsInvoker(session, catalogue.known, logs.poke),
        logs=logs,
        configuration=ComingConfiguration(),
        close=close,
        full_label=full_label,
    )
