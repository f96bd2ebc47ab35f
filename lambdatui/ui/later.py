"""Calls something a little later, surely: Textual's own timers that fire once are lost when the program is late.

A `set_timer` of Textual 8.2 whose time has passed by when it is started (another thread had the interpreter for
some milliseconds) ends without calling anybody; one of no time at all ends with a division by zero.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


class Later:
    """Owns one call that is due, or none. It is made among the messages of `pump`, and never when that is gone."""

    def __init__(self, pump: MessagePump) -> None:
        self._pump = pump
        self._handle: asyncio.TimerHandle | None = None

    @property
    def due(self) -> bool:
        """Whether a call is still to come."""
        return self._handle is not None

    def call(self, seconds: float, act: Callable[[], object]) -> None:
        """Call `act` after so long, instead of what was due."""
        self.stop()
        self._handle = asyncio.get_running_loop().call_later(seconds, self._pump.call_next, self._act, act)

    def stop(self) -> None:
        """Call nothing."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _act(self, act: Callable[[], object]) -> None:
        self._handle = None
        act()
