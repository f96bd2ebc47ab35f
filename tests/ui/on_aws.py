"""The workbench on any server that stands in for AWS, composed as the real program composes it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from lambdatui.settings import Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_account import REGION, keys
from tests.ui.desk import Desk, at_work

ACCOUNT = "123456789012"


@asynccontextmanager
async def on_aws(
    url: str,
    home: Path,
    *,
    account: str = ACCOUNT,
    size: tuple[int, int] = (120, 40),
    read_only: bool = False,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Desk]:
    """The open workbench on the account of the server at `url`; `environment` instead of somebody signed in."""
    settings, paths = Settings(read_only=read_only), Paths.of({}, home, "linux")
    whole = {**(keys(account) if environment is None else environment), "HOME": str(home)}
    choice = TargetChoice(aws=True, region=REGION, endpoint_url=url)
    target = choose_target(choice, home, paths, settings, _now, environment=whole)
    async with at_work(build_services(settings, paths, target, whole, _now), size) as desk:
        yield desk


def _now() -> datetime:
    return datetime.now(UTC)
