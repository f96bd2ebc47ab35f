"""A file that is written piece by piece, and is there only when it is whole."""

from __future__ import annotations

from typing import Protocol


class NewFile(Protocol):
    """A file under way. Every method blocks; one of `finish` and `discard` ends it."""

    def write(self, piece: bytes) -> None:
        """Add to it.

        Raises:
            WorkbenchError: it can't be written.
        """
        ...

    def finish(self) -> str:
        """Give it its name; the full path that was written.

        Raises:
            InvalidInput: by now there is a file of that name: it is not replaced.
            WorkbenchError: it can't be written.
        """
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...
