"""Where the files are."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.target import Target, TargetKind
from lambdatui.storage.files import private_folder
from lambdatui.storage.paths import Paths, shipped_examples, shipped_samples

CASES: list[dict[str, str]] = [
    {},
    {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k"},
    {"XDG_CONFIG_HOME": "relative", "XDG_DATA_HOME": "", "XDG_STATE_HOME": "  "},
]


@pytest.mark.parametrize("environment", CASES)
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_folders_are_those_of_platformdirs(environment: dict[str, str], platform: str, tmp_path: Path) -> None:
    """Our rules are platformdirs' own, on Linux and on macOS."""
    module, name = ("macos", "MacOS") if platform == "darwin" else ("unix", "Unix")
    code = (
        f"from platformdirs.{module} import {name} as D; d = D('lambdatui', appauthor=False);"
        "print(d.user_config_dir, d.user_data_dir, d.user_state_dir, d.user_cache_dir, sep='\\n')"
    )
    theirs = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    ours = Paths.of(environment, tmp_path, platform)
    assert [str(path) for path in (ours.config, ours.data, ours.state, ours.cache)] == theirs[:4]


def test_nothing_is_created_by_asking(tmp_path: Path) -> None:
    """Paths are names until a file is written."""
    assert Paths.of({}, tmp_path).config_file.name == "config.toml"
    assert list(tmp_path.iterdir()) == []


def test_each_target_has_a_private_folder_of_its_own(tmp_path: Path) -> None:
    """State is kept by the target's key, in folders that only the user can open, whatever the umask."""
    paths = Paths.of({"XDG_STATE_HOME": str(tmp_path / "state")}, tmp_path)
    before = os.umask(0o022)
    try:
        folder = paths.target_state(Target(TargetKind.DEMO, "demo", "examples", "/x"))
    finally:
        os.umask(before)
    assert folder == tmp_path / "state" / "lambdatui" / "targets" / "demo"
    for created in (folder, *list(folder.parents)[:3]):
        assert stat.S_IMODE(created.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the way is our own error, which names the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkbenchError, match="can't be created"):
        private_folder(tmp_path / "file" / "below")


def test_what_is_shipped_is_found() -> None:
    """The samples and the examples are there, in a checkout as in a wheel."""
    assert (shipped_samples() / "hello" / "world.json").is_file()
    assert (shipped_examples() / "template.yaml").is_file()
