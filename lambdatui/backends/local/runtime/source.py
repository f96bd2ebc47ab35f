"""Notices that a function's files changed, by their times and sizes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from lambdatui.backends.local.contracts import FunctionSpec

_PRUNED = frozenset({"__pycache__", "node_modules", "venv", "site-packages"})
_LEAST_INTERVAL_S = 0.02
_SHARE = 10
"""A look at the files may take a tenth of the time: large trees are looked at less often."""
_EDITING_NS = 2_000_000_000

Snapshot: TypeAlias = Mapping[str, tuple[int, int]]
"""Path → when it changed (ns) and its size."""


@dataclass(slots=True)
class _Seen:
    snapshot: Snapshot
    again_at_s: float


@dataclass(slots=True)
class SourceWatch:
    """Remembers how the folders looked; looks again at most every 20 ms. Reads no file."""

    _seen: dict[tuple[Path, ...], _Seen] = field(default_factory=dict)

    def snapshot(self, spec: FunctionSpec) -> Snapshot:
        """The files that `spec` runs from, its layers included."""
        folders = (spec.code_path, *spec.layers)
        now_s = time.monotonic()
        seen = self._seen.get(folders)
        if seen is not None and now_s < seen.again_at_s:
            return seen.snapshot
        files: dict[str, tuple[int, int]] = {}
        for folder in folders:
            _scan(str(folder), files)
        done_s = time.monotonic()
        # The same object as long as nothing changes: comparing it with itself costs nothing.
        snapshot: Snapshot = seen.snapshot if seen is not None and seen.snapshot == files else files
        self._seen[folders] = _Seen(snapshot, done_s + max(_LEAST_INTERVAL_S, (done_s - now_s) * _SHARE))
        return snapshot


def just_edited(snapshot: Snapshot) -> bool:
    """Whether a file changed so lately that it can change again within the same second."""
    recent_ns = time.time_ns() - _EDITING_NS
    return any(changed_ns > recent_ns for changed_ns, _ in snapshot.values())


def what_changed(old: Snapshot, new: Snapshot, root: Path) -> str:
    """The difference in a few words: "app.py changed", "app.py and 2 other files changed"."""
    names = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    if not names:
        return ""
    first = os.path.relpath(names[0], root) if names[0].startswith(str(root)) else Path(names[0]).name
    if len(names) == 1:
        return f"{first} changed"
    return f"{first} and {len(names) - 1} other file{'s' if len(names) > 2 else ''} changed"


def _scan(folder: str, files: dict[str, tuple[int, int]]) -> None:
    todo = [folder]
    while todo:
        try:
            entries = list(os.scandir(todo.pop()))
        except OSError:
            continue  # it is gone, or may not be read: so it can't be run from either
        for entry in entries:
            name = entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if name not in _PRUNED and not name.startswith("."):
                        todo.append(entry.path)
                elif not name.endswith(".pyc"):
                    status = entry.stat()
                    files[entry.path] = (status.st_mtime_ns, status.st_size)
            except OSError:
                continue
