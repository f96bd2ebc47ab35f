"""The guard: a process that outlives the workbench by a moment, to end what it left behind.

    python -I -S guard.py MARKER FOLDER

Reads lines from standard input: "+PGID" and "-PGID" name the process groups that run, "rm FOLDER" removes one.
At the end of the input, which comes however the workbench ends, it kills the groups, their sessions and whatever
carries MARKER in its environment, and removes FOLDER. Imports nothing of this project.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

_ROUNDS = 20


def main(marker: str, folder: str) -> None:
    """Serve until the input ends, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = listen()
    for group in groups:
        end(group, whole_group=True)
    # A process may fork while it is being looked for: look until nothing is found.
    for _ in range(_ROUNDS):
        found = members(groups, "LAMBDATUI_SANDBOX=" + marker)
        if not found:
            break
        for pid in found:
            end(pid, whole_group=False)
    remove(folder)


def listen() -> set[int]:
    """Take what the workbench tells until it ends; returns the groups that run then."""
    groups: set[int] = set()
    rest = b""
    while piece := os.read(0, 65536):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if line.startswith(b"+"):
                groups.add(int(line[1:]))
            elif line.startswith(b"-"):
                groups.discard(int(line[1:]))
            elif line.startswith(b"rm "):
                remove(os.fsdecode(line[3:]))
    return groups


def members(groups: set[int], sign: str) -> set[int]:
    """The processes in `groups` or their sessions, those whose environment holds `sign`, and their descendants."""
    found = set()
    parents = {}
    for pid, parent, group, session, alive, environment in table():
        parents[pid] = parent
        if alive and (group in groups or session in groups or sign in environment):
            found.add(pid)
    grown = True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in found} - found
        grown = bool(children)
        found |= children
    return found - {os.getpid()}


def table() -> list[tuple[int, int, int, int, bool, str]]:
    """Every process: pid, parent, group, session (0 where unknown), whether it is alive, its environment."""
    has_proc = os.path.exists("/proc/self/stat")  # noqa: PTH110 - pathlib takes 10 ms to import
    return proc_table() if has_proc else ps_table()


def proc_table() -> list[tuple[int, int, int, int, bool, str]]:
    """As `table`, from /proc."""
    rows = []
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                    fields = file.read().rpartition(b")")[2].split()
                with open(f"/proc/{name}/environ", "rb") as file:  # noqa: PTH123
                    environment = file.read().decode("utf-8", "replace")
            except OSError:
                continue
            parent, group, session = (int(field) for field in fields[1:4])
            rows.append((int(name), parent, group, session, fields[0] not in (b"Z", b"X"), environment))
    return rows


def ps_table() -> list[tuple[int, int, int, int, bool, str]]:
    """As `table`, from ps: "e" shows the environment of one's own processes, "ww" all of it."""
    rows = []
    command = ["ps", "axeww", "-o", "pid=,ppid=,pgid=,stat=,command="]
    listed = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    for line in listed.stdout.decode("utf-8", "replace").splitlines():
        pid, parent, group, state, shown = [*line.split(None, 4), ""][:5]
        rows.append((int(pid), int(parent), int(group), 0, not state.startswith("Z"), shown))
    return rows


def end(number: int, *, whole_group: bool) -> None:
    """Kill a process, or a process group."""
    try:
        if whole_group:
            os.killpg(number, signal.SIGKILL)
        else:
            os.kill(number, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # it has ended by itself


def remove(folder: str) -> None:
    """Remove `folder` and all that is in it, as far as it can be."""
    import shutil  # noqa: PLC0415 - only needed at the end

    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
