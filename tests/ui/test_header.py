"""What the line at the top tells, and what it leaves out first."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from lambdatui.core.target import AwsPlace, Identity, Target, TargetKind
from lambdatui.ui.header import HeaderBar

PROD = Target(
    TargetKind.AWS,
    "key",
    "eu-west-1 · profile production-admin",
    "/var/task",
    read_only=True,
    aws=AwsPlace("eu-west-1", "production-admin"),
    production=True,
)


class Shown(App[None]):
    """The header alone."""

    def compose(self) -> ComposeResult:
        yield HeaderBar(PROD)


@pytest.mark.parametrize(
    ("width", "there", "gone"),
    [
        (140, ("123456789012 acme", "profile production-admin", "5,000 functions", "PRODUCTION", "14:02"), ()),
        (100, ("123456789012 acme", "eu-west-1", "production-admin", "PRODUCTION", "read-only"), ("functions",)),
        (80, ("123456789012 · eu-west-1 · production-admin", "PRODUCTION", "read-only"), ("…", "acme")),
    ],
)
async def test_account_region_and_danger_are_never_cut(
    width: int, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    """The count goes first, then the name of the program, the alias, the clock."""
    async with Shown().run_test(size=(width, 24)) as pilot:
        header = pilot.app.query_one(HeaderBar)
        header.identity, header.functions, header.clock = Identity("123456789012", "acme"), 5_000, "14:02"
        await pilot.pause()
        line = str(header.render())
        assert len(line) == width
        assert all(text in line for text in there), line
        assert not any(text in line for text in gone), line
