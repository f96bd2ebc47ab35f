"""Leaving quietly after a bug: what happened is told on the normal screen, by whoever started the app."""

from __future__ import annotations

from textual.app import App
from textual.worker import WorkerFailed


class QuietCrash(App[int]):
    """Keeps the first exception that nobody handled, and ends.

    Textual would print its traceback with the values of local variables: events, environments, answers.
    """

    crash: BaseException | None = None

    def _handle_exception(self, error: Exception) -> None:
        if self.crash is None:
            self.crash = error.error if isinstance(error, WorkerFailed) else error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self.bell()
        self._close_messages_no_wait()
