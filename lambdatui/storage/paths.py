"""Where the user's files are, by the rules of each platform."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lambdatui.core.target import Target
from lambdatui.storage.files import private_folder

_FOLDERS = {
    # kind: (variable, below home on Linux and the BSDs, below home on macOS): as platformdirs has them, which a test
    # proves. It can't be asked here: it reads the process's environment by itself, and costs 5 ms before the first
    # frame.
    "config": ("XDG_CONFIG_HOME", ".config", "Library/Application Support"),
    "data": ("XDG_DATA_HOME", ".local/share", "Library/Application Support"),
    "state": ("XDG_STATE_HOME", ".local/state", "Library/Application Support"),
    "cache": ("XDG_CACHE_HOME", ".cache", "Library/Caches"),
}


@dataclass(frozen=True, slots=True)
class Paths:
    """The four folders of lambdatui. Nothing is created until a file is written, and then for the user's eyes only."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def of(cls, environment: Mapping[str, str], home: Path, platform: str = sys.platform) -> Paths:
        """The folders for a user: $XDG_… where it is set to an absolute path, else the platform's own below `home`."""

        def folder(kind: str) -> Path:
            variable, on_linux, on_macos = _FOLDERS[kind]
            named = Path(environment.get(variable, "").strip())
            base = named if named.is_absolute() else home / (on_macos if platform == "darwin" else on_linux)
            return base / "lambdatui"

        return cls(folder("config"), folder("data"), folder("state"), folder("cache"))

    @property
    def config_file(self) -> Path:
        """The settings file; it need not exist."""
        return self.config / "config.toml"

    @property
    def demo(self) -> Path:
        """The user's own copy of the shipped examples."""
        return self.data / "demo"

    def target_state(self, target: Target) -> Path:
        """The folder for what is kept about one target; created if need be."""
        return private_folder(self.state / "targets" / target.key)


def shipped_samples() -> Path:
    """The folder of sample events: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "sample_events"
    return inside if inside.is_dir() else package.parent / "sample_events"


def shipped_examples() -> Path:
    """The folder of the example functions."""
    return Path(__file__).resolve().parent.parent / "examples"
