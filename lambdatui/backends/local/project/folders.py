"""Walks a project's folders, without those that never hold functions of the user's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = ("template.yaml", "template.yml", "template.json")
PROJECT_FILE = "lambdatui.toml"
MAX_DEPTH = 6
MAX_FOLDERS = 4_000
_SKIPPED = frozenset(
    {
        *("node_modules", "__pycache__", "site-packages", "dist-packages", "venv", "env", "virtualenv"),
        *("test", "tests", "testing", "__tests__", "docs", "build", "dist", "target", "cdk.out", "htmlcov"),
    }
)
_HANDLER = re.compile(
    rb"^(?:async +)?def +(?:lambda_)?handler *\( *[A-Za-z_]\w*[^)]*,|^lambda_handler *=", re.MULTILINE
)
_RESOURCE = re.compile(rb"AWS::(?:Serverless|Lambda)::Function")
_GLANCE_FOLDERS = 60
_GLANCE_FILES = 400
_GLANCE_BYTES = 262_144


def folders(root: Path, max_depth: int = MAX_DEPTH, max_folders: int = MAX_FOLDERS) -> Iterator[Path]:
    """`root` and the folders below it, parents first, each level in the order of names; links are not followed.

    Hidden folders, virtual environments, tests and build output are left out.
    """
    level = [root]
    count = 0
    for _ in range(max_depth + 1):
        below: list[Path] = []
        for folder in level:
            count += 1
            if count > max_folders:
                return
            yield folder
            below.extend(_children(folder))
        level = below


def files(folder: Path, suffix: str) -> list[Path]:
    """The plain files of `folder` whose name ends in `suffix`, by name; () when it can't be read."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(suffix) and entry.is_file()]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if not name.startswith(".")]


def is_bootstrap_folder(folder: Path) -> bool:
    """Whether `folder` has an executable `bootstrap`, as provided.* runtimes want it."""
    bootstrap = folder / "bootstrap"
    return bootstrap.is_file() and os.access(bootstrap, os.X_OK)


def is_project(path: Path) -> bool:
    """Whether `path` looks like a folder with functions: a glance at few files that imports and runs nothing.

    A template with function resources, a lambdatui.toml, a Python file with a handler or a bootstrap, at most two
    folders deep.
    """
    if (path / PROJECT_FILE).is_file():
        return True
    if any(_RESOURCE.search(_beginning(path / name)) for name in TEMPLATES):
        return True
    looked_at = 0
    for folder in folders(path, max_depth=2, max_folders=_GLANCE_FOLDERS):
        if is_bootstrap_folder(folder):
            return True
        for file in files(folder, ".py"):
            looked_at += 1
            if looked_at > _GLANCE_FILES:
                return False
            if _HANDLER.search(_beginning(file)):
                return True
    return False


def _children(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and entry.name.lower() not in _SKIPPED
                and entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []
    return [folder / name for name in names if not (folder / name / "pyvenv.cfg").exists()]


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_GLANCE_BYTES)
    except OSError:
        return b""
