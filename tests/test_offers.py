"""What could be opened instead: found in the user's files, recent ones first, nobody asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.core.target import TargetKind
from lambdatui.core.targets import MOST_RECENT, Address, recent_first
from lambdatui.services import Services
from lambdatui.settings import ProfileSettings, Settings
from lambdatui.storage.paths import Paths
from lambdatui.wiring import TargetChoice, build_services, choose_target

CONFIG = """
[default]
region = eu-north-1
credential_process = x

[profile prod]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = default
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile bare]
output = json
"""
KEYS = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-2"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with AWS's settings, and a project beside it."""
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    (tmp_path / "home" / ".aws" / "config").write_text(CONFIG)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text("def handler(event, context):\n    return event\n")
    return tmp_path / "home"


def services(home: Path, choice: TargetChoice, environment: dict[str, str] | None = None) -> Services:
    """The services of a start in the project."""
    settings = Settings(profiles={"prod": ProfileSettings(production=True, read_only=True)})
    everything = {"HOME": str(home), **(environment or {})}
    paths, cwd = Paths.of(everything, home, "linux"), home.parent / "shop"
    target = choose_target(choice, cwd, paths, settings, _now, environment=everything)
    return build_services(settings, paths, target, everything, _now, cwd=cwd)


def titles(opened: Services) -> list[str]:
    """What is offered, in order."""
    assert opened.targets is not None
    return [offer.title for offer in opened.targets.offers()]


def test_all_that_can_sign_in_is_offered_and_what_is_open_stands_last(home: Path) -> None:
    """Profiles without credentials are not; marks and ways to sign in are told."""
    opened = services(home, TargetChoice())
    assert titles(opened) == ["default", "prod", "demo", "shop"]
    assert opened.targets is not None
    prod = opened.targets.offers()[1]
    assert (prod.production, prod.read_only, prod.note) == (True, True, "eu-west-1 · role with MFA")
    assert titles(services(home, TargetChoice(), KEYS))[0] == "keys of the environment"


def test_what_was_opened_is_offered_first_as_long_as_it_is_there(home: Path) -> None:
    """The last one first; a profile that is gone is not offered, nor are keys that are not set."""
    for choice, environment in (
        (TargetChoice(aws=True), KEYS),
        (TargetChoice(demo=True), None),
        (TargetChoice(profile="prod", region="us-west-2"), None),
        (TargetChoice(), None),
    ):
        opened = services(home, choice, environment)
        assert opened.targets is not None
        opened.targets.remember()
    # The project is what is open: it stands last.
    assert titles(opened) == ["prod · us-west-2", "demo", "default", "prod", "shop"]
    config = home / ".aws" / "config"
    config.write_text(CONFIG.replace("[profile prod]", "[profile gone]"))
    assert "prod · us-west-2" not in titles(opened)


def test_a_region_is_offered_by_what_is_known_of_the_profile(home: Path) -> None:
    """Where the profile was opened, then its own region, then every region of AWS with its name."""
    opened = services(home, TargetChoice(profile="prod", region="ap-south-1"))
    assert opened.targets is not None
    opened.targets.remember()
    regions = opened.targets.regions(Address(TargetKind.AWS, profile="prod"))
    assert [(region.code, region.note) for region in regions[:2]] == [
        ("ap-south-1", "recent"),
        ("eu-west-1", "the profile's"),
    ]
    codes = [region.code for region in regions]
    assert len(codes) == len(set(codes)) > 25
    assert {"us-east-1", "cn-north-1", "us-gov-west-1"} <= set(codes)
    assert regions[1].words == "Europe (Ireland)"


def test_recent_targets_are_few_and_each_once() -> None:
    """The oldest is forgotten."""
    known: tuple[Address, ...] = ()
    for number in [*range(20), 19]:
        known = recent_first(Address(TargetKind.LOCAL, f"/{number}"), known)
    assert [address.path for address in known] == [f"/{number}" for number in range(19, 19 - MOST_RECENT, -1)]


def _now() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)
