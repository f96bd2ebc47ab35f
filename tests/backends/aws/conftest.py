"""An account on the stub, opened: it gives up soon, or, where that is tested, at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lambdatui.backends.aws.session import Patience
from lambdatui.core.target import Backend
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub

QUICK = Patience(read_timeout_s=5.0, attempts=2, connect_timeout_s=5.0)
IMPATIENT = Patience(read_timeout_s=0.5, attempts=2, connect_timeout_s=5.0)
"""For answers that come too late: on a busy machine others would come too late as well."""


@pytest.fixture
async def backend(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Backend]:
    opened = open_account(aws_stub.url, "123456789012", tmp_path, patience=QUICK)
    yield opened
    await opened.close()


@pytest.fixture
async def impatient(aws_stub: AwsStub, tmp_path: Path) -> AsyncIterator[Backend]:
    """The same account, whose reads give up after half a second."""
    opened = open_account(aws_stub.url, "123456789012", tmp_path, patience=IMPATIENT)
    yield opened
    await opened.close()
