"""Each test of the contract runs once a backend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.core.target import Backend
from tests.backends.contract.subjects import SUBJECTS, Subject


@pytest.fixture(params=SUBJECTS, ids=lambda subject: subject.name)
def subject(request: pytest.FixtureRequest) -> Subject:
    chosen: Subject = request.param
    name, module = request.node.originalname, request.node.path.stem
    if (reason := chosen.beyond.get(name) or chosen.beyond.get(f"{module}.{name}")) is not None:
        pytest.skip(reason)
    return chosen


@pytest.fixture
async def backend(request: pytest.FixtureRequest, subject: Subject, tmp_path: Path) -> AsyncIterator[Backend]:
    async with subject.open(request, tmp_path) as opened:
        yield opened
