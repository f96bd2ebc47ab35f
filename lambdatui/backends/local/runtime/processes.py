"""Reads the process table: who belongs to an execution environment, and how much memory they hold."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MARKER = "LAMBDATUI_SANDBOX"
"""The variable by which a process of ours is known, even when it left its group and its session."""

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """Memory of a tree of processes, in bytes: what it holds now, and the most that its root ever held."""

    resident_bytes: int
    peak_bytes: int
    processes: int


class ProcessTable(Protocol):
    """What the operating system tells about processes. `interval_s` is how often it can be asked."""

    interval_s: float

    def usage(self, root: int, others: Iterable[int] = ()) -> Usage:
        """Memory of `root`, its descendants and `others`; zeros when they are gone."""
        ...

    def peak_bytes(self, root: int) -> int:
        """The most memory that `root` alone ever held; 0 when it is gone. Fast."""
        ...

    def members(self, root: int, marker: str) -> set[int]:
        """The processes of the session that `root` leads, their descendants, and those that carry `marker`."""
        ...

    def unshared_bytes(self, root: int, others: Iterable[int] = ()) -> int:
        """As `Usage.resident_bytes`, but pages that several of them share count once. Slower."""
        ...


class LinuxProcesses:
    """Reads /proc."""

    interval_s = 0.05

    def usage(self, root: int, others: Iterable[int] = ()) -> Usage:
        """See `ProcessTable`."""
        pids = {*_tree(root), *others}
        return Usage(sum(_resident_bytes(pid) for pid in pids), self.peak_bytes(root), len(pids))

    def peak_bytes(self, root: int) -> int:
        """See `ProcessTable`."""
        return _kilobytes(_read(f"/proc/{root}/status"), b"VmHWM:")

    def unshared_bytes(self, root: int, others: Iterable[int] = ()) -> int:
        """See `ProcessTable`."""
        return sum(_proportional_bytes(pid) for pid in {*_tree(root), *others})

    def members(self, root: int, marker: str) -> set[int]:
        """See `ProcessTable`."""
        sign = f"{MARKER}={marker}\0".encode()
        parents: dict[int, int] = {}
        found: set[int] = set()
        for entry in os.scandir(_PROC):
            if not entry.name.isdigit():
                continue
            pid = int(entry.name)
            try:
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if fields[0] in (b"Z", b"X"):
                    continue
                parents[pid] = int(fields[1])
                if int(fields[3]) == root or sign in Path(entry.path, "environ").read_bytes() + b"\0":
                    found.add(pid)
            except (OSError, IndexError):
                continue  # it ended, or belongs to somebody else
        return with_descendants(found, parents)


class PsProcesses:
    """Asks `ps`: for macOS, and wherever there is no /proc."""

    interval_s = 0.25  # it takes 10 ms

    def usage(self, root: int, others: Iterable[int] = ()) -> Usage:
        """See `ProcessTable`."""
        sizes: dict[int, int] = {}
        parents: dict[int, int] = {}
        for pid, ppid, size in self._rows("pid=,ppid=,rss="):
            parents[int(pid)], sizes[int(pid)] = int(ppid), int(size) * 1024
        pids = with_descendants({root, *others} & parents.keys(), parents)
        resident = sum(sizes[pid] for pid in pids)
        return Usage(resident, sizes.get(root, 0), len(pids))

    def peak_bytes(self, root: int) -> int:
        """See `ProcessTable`. `ps` takes 10 ms and knows no peak: left to the watch."""
        del root
        return 0

    def unshared_bytes(self, root: int, others: Iterable[int] = ()) -> int:
        """See `ProcessTable`. `ps` can't tell: the same as resident."""
        return self.usage(root, others).resident_bytes

    def members(self, root: int, marker: str) -> set[int]:
        """See `ProcessTable`."""
        sign = f"{MARKER}={marker}"
        parents: dict[int, int] = {}
        found: set[int] = set()
        for pid, ppid, pgid, state, *command in self._rows("pid=,ppid=,pgid=,stat=,command="):
            parents[int(pid)] = int(ppid)
            if not state.startswith("Z") and (int(pgid) == root or sign in command):
                found.add(int(pid))
        return with_descendants(found, parents)

    @staticmethod
    def _rows(columns: str) -> list[list[str]]:
        try:
            # "e" shows the environment of one's own processes, "ww" all of it.
            listed = subprocess.run(  # noqa: S603
                ["ps", "axeww", "-o", columns],  # noqa: S607
                capture_output=True,
                check=False,
                timeout=5,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            return []
        width = columns.count(",") + 1
        rows = (line.split() for line in listed.stdout.decode("utf-8", "replace").splitlines())
        return [row for row in rows if len(row) >= width]


def process_table() -> ProcessTable:
    """The table of this operating system."""
    return LinuxProcesses() if Path("/proc/self/statm").exists() else PsProcesses()


def with_descendants(pids: set[int], parents: dict[int, int]) -> set[int]:
    """`pids` and whatever descends from them, by `parents` (pid → its parent)."""
    found = set(pids)
    grown = True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in found} - found
        grown = bool(children)
        found |= children
    return found


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:  # grows while it is read
        try:
            threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - 4 times faster, and polled
        except OSError:
            continue
        for thread in threads:
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def _resident_bytes(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * _PAGE_BYTES if fields else 0


def _proportional_bytes(pid: int) -> int:
    rollup = _read(f"/proc/{pid}/smaps_rollup")
    return _kilobytes(rollup, b"Pss:") if rollup else _resident_bytes(pid)


def _kilobytes(text: bytes, field: bytes) -> int:
    _, found, rest = text.partition(field)
    return int(rest.split(None, 1)[0]) * 1024 if found else 0


def _read(path: str) -> bytes:
    """A file of /proc; empty when the process is gone. Three system calls, because it is asked for so often."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""
    finally:
        os.close(fd)
