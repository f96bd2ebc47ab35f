"""Tells which workbenches that share a project's state are alive."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


class Owner:
    """One workbench, as others see it: a file that it keeps locked for as long as it lives.

    The kernel gives the lock back however the process ends; neither a process id that is used again nor a clock can
    mislead anybody. A stopped process is alive.
    """

    def __init__(self, folder: Path) -> None:
        self.id = uuid4().hex
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unborn = folder / f".{self.id}"
        self._descriptor = os.open(unborn, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        unborn.rename(folder / self.id)  # seen only once it is locked
        for path in folder.iterdir():
            if not path.name.startswith("."):
                self.is_alive(path.name)

    def is_alive(self, owner_id: str) -> bool:
        """Whether the workbench `owner_id` still runs; what a dead one left is removed."""
        if owner_id == self.id:
            return True
        path = self._folder / owner_id
        try:
            descriptor = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Be dead."""
        if self._descriptor >= 0:
            with suppress(OSError):
                (self._folder / self.id).unlink()
            os.close(self._descriptor)
            self._descriptor = -1
