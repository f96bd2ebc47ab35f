"""Keeps drafts on disk while they are typed, each function's newest last."""

from __future__ import annotations

import threading
from itertools import count

from lambdatui.blocking import call_blocking
from lambdatui.core.events import Draft, DraftStore


class DraftKeeper:
    """Writes drafts one after the other. Refuses to let an older text overwrite a newer one of its function."""

    def __init__(self, store: DraftStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._numbers = count()
        self._newest: dict[str, int] = {}

    def load(self, function_name: str) -> Draft | None:
        """The draft kept for this function, or None.

        Raises:
            WorkbenchError: it can't be read.
        """
        with self._lock:
            return self._store.load(function_name)

    def keep(self, function_name: str, draft: Draft) -> None:
        """Write `draft` before this returns.

        Raises:
            WorkbenchError: it can't be written.
        """
        self._write(function_name, draft, self._number(function_name))

    async def keep_soon(self, function_name: str, draft: Draft) -> None:
        """Write `draft` off the event loop, unless a newer one comes first.

        Raises:
            WorkbenchError: it can't be written.
        """
        await call_blocking(self._write, function_name, draft, self._number(function_name))

    def _number(self, function_name: str) -> int:
        number = self._newest[function_name] = next(self._numbers)
        return number

    def _write(self, function_name: str, draft: Draft, number: int) -> None:
        with self._lock:
            if number == self._newest[function_name]:
                self._store.save(function_name, draft)
