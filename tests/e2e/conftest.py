"""A clean home and a project for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.e2e.project import make_project


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with the project on it and quick retries; whatever the test leaves, no process may be left."""
    own = Desk(tmp_path / "home", make_project(tmp_path / "shop"))
    own.configure("[local]\nretry_delays_seconds = [0.3, 0.3]\n")
    yield own
    own.wait_no_children()
