"""What the README promises."""

from __future__ import annotations

from pathlib import Path

from lambdatui.cli.options import COMMANDS
from lambdatui.settings import KEYS

README = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme() -> None:
    """Nobody has to read the source to find a setting."""
    assert not [name for name in KEYS if f"`{name}`" not in README]


def test_every_command_of_the_readme_is_there() -> None:
    """No example names a command that does not exist."""
    words = [line.split()[1] for line in README.splitlines() if line.startswith("lambdatui ")]
    assert words
    assert not [word for word in words if word not in COMMANDS]
