"""The workbench on a project, with an account of the stub's and the examples within reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from lambdatui.settings import ProfileSettings, Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_stub import AwsStub, aws_stub
from tests.ui.desk import QUICK, Desk, at_work, write_project

__all__ = ["aws_stub"]

OpenDesk: TypeAlias = Callable[..., AbstractAsyncContextManager[Desk]]

CONFIG = """
[default]
region = eu-west-1

[profile prod]
region = eu-west-1
endpoint_url = {url}

[profile work]
region = eu-central-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = dev

[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
"""
CREDENTIALS = "[prod]\naws_access_key_id = 123456789012\naws_secret_access_key = s\n"


def function(name: str) -> dict[str, Any]:
    """A function as ListFunctions has it."""
    return {"FunctionName": name, "Runtime": "python3.13", "Handler": "app.handler", "MemorySize": 128, "Timeout": 3}


@pytest.fixture
def open_desk(aws_stub: AwsStub, tmp_path: Path) -> OpenDesk:
    """Opens the workbench: `async with open_desk() as desk` on a project; a `TargetChoice` chooses another target."""
    aws_stub.functions = [function("charge"), function("refund")]

    @asynccontextmanager
    async def opened(
        choice: TargetChoice | None = None,
        *functions: str,
        size: tuple[int, int] = (120, 40),
        profiles: dict[str, ProfileSettings] | None = None,
        config: str = CONFIG,
        listed: bool = True,
    ) -> AsyncIterator[Desk]:
        project, home = tmp_path / "project", tmp_path / "home"
        if not project.exists():
            write_project(project, *functions)
        (home / ".aws").mkdir(parents=True, exist_ok=True)
        (home / ".aws" / "config").write_text(config.format(url=aws_stub.url))
        if not (home / ".aws" / "credentials").exists():
            (home / ".aws" / "credentials").write_text(CREDENTIALS)
        environment = {"HOME": str(home)}
        settings = Settings(local=QUICK, profiles=profiles or {})
        paths = Paths.of(environment, home, "linux")
        target = choose_target(choice or TargetChoice("."), project, paths, settings, _now, environment=environment)
        services = build_services(settings, paths, target, environment, _now, cwd=project)
        async with at_work(services, size, listed=listed) as desk:
            yield desk

    return opened


def _now() -> datetime:
    return datetime.now(UTC)
