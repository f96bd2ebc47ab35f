"""Opens one account and region as a target: the parts, put together. Asks AWS nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lambdatui.backends.aws.catalogue import AwsCatalogue
from lambdatui.backends.aws.coming import ComingConfiguration, ComingLogs
from lambdatui.backends.aws.invoker import AwsInvoker
from lambdatui.backends.aws.place import label_of
from lambdatui.backends.aws.session import READS, Patience, Session
from lambdatui.backends.aws.shapes import text
from lambdatui.blocking import call_blocking
from lambdatui.core.target import AwsPlace, Backend, Target


def open_aws(target: Target, environment: Mapping[str, str], home: Path, patience: Patience = READS) -> Backend:
    """The ports of the account and region that `target.aws` names.

    Raises:
        WorkbenchError: AWS's own settings can't be read.
    """
    place = target.aws or AwsPlace("")
    session = Session(place, environment, home=home, read_only=target.read_only, patience=patience)
    catalogue = AwsCatalogue(session)

    async def full_label() -> str:
        identity = await session.call("sts", "GetCallerIdentity")
        return label_of(place, session.profile, text(identity.get("Account")))

    async def close() -> None:
        await call_blocking(session.forget)

    return Backend(
        target=target,
        catalogue=catalogue,
        invoker=AwsInvoker(session, catalogue.known),
        logs=ComingLogs(),
        configuration=ComingConfiguration(),
        close=close,
        full_label=full_label,
    )
