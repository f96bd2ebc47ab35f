"""The workbench on an account of the stub, for the tests of what a function on AWS has besides its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.backends.aws.invocation_logs import Watching
from lambdatui.backends.aws.open import open_aws
from lambdatui.backends.aws.session import Patience, Session
from lambdatui.backends.aws.triggers import AwsTriggers
from lambdatui.backends.aws.versions import AwsVersions
from lambdatui.core.target import AwsPlace, Backend
from lambdatui.settings import Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_stub import AwsStub
from tests.ui.desk import Desk, at_work

QUICK = Patience(read_timeout_s=2.0, attempts=2, connect_timeout_s=2.0)
WATCHING = Watching(looks_s=(0.02, 0.05), log_wait_s=3.0, retries_s=(0.2, 0.2), slack_s=0.3)


@asynccontextmanager
async def at_the_stub(
    stub: AwsStub,
    home: Path,
    *,
    size: tuple[int, int] = (120, 50),
    read_only: bool = False,
    production: bool = False,
) -> AsyncIterator[Desk]:
    """The open workbench; what is under way is looked at without a pause."""
    settings, paths = Settings(read_only=read_only), Paths.of({}, home, "linux")
    environment = {**keys("123456789012"), "HOME": str(home)}
    choice = TargetChoice(aws=True, region=REGION, endpoint_url=stub.url)
    target = choose_target(choice, home, paths, settings, _now, environment=environment)
    target = replace(target, production=production)
    services = build_services(settings, paths, target, environment, _now)
    place = AwsPlace(REGION, endpoint_url=stub.url)

    async def open_backend() -> Backend:
        opened = open_aws(target, environment, home, QUICK, watching=WATCHING)
        session = Session(place, environment, home=home, patience=QUICK, read_only=read_only)

        async def close() -> None:
            session.forget()
            await opened.close()

        versions, triggers = AwsVersions(session, 0.02), AwsTriggers(session, 0.02)
        return replace(opened, versions=versions, triggers=triggers, close=close)

    async with at_work(replace(services, open_backend=open_backend), size) as desk:
        yield desk


def _now() -> datetime:
    return datetime.now(UTC)
