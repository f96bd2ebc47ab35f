"""The workbench on a small real project, for the tests that press its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from lambdatui.settings import Settings
from tests.fixtures.idle import quick_pilot
from tests.ui.desk import Desk, at_work, services_for, write_project

__all__ = ["OpenWorkbench", "open_workbench", "quick_pilot"]

OpenWorkbench: TypeAlias = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_workbench(tmp_path: Path) -> OpenWorkbench:
    """Opens the workbench on the named functions (and "greet"): `async with open_workbench("gate") as desk`.

    Opened twice in a test, it is the same project and the same home: the next start, or another workbench.
    """

    @asynccontextmanager
    async def opened(
        *functions: str, size: tuple[int, int] = (120, 40), settings: Settings | None = None, home: str = "home"
    ) -> AsyncIterator[Desk]:
        project = tmp_path / "project"
        if not project.exists():
            write_project(project, *functions)
        async with at_work(services_for(project, tmp_path / home, settings), size) as desk:
            yield desk

    return opened
