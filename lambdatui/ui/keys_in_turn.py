"""Keys in turn: the next key is looked at when the one before has done what it does."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TypeAlias

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver

_ROUNDS = 2
"""What a key sets off is told by messages of its own, which need a second way up."""
_PATIENCE_S = 2.0

Typed: TypeAlias = events.Key | events.Paste


class KeysInTurn(App[int]):
    """Gives a key to the widget that has the focus once all keys before it have been answered.

    Textual gives keys that arrive together to the widget that has the focus at that moment. Over a slow line, or
    while the program starts, "/slow", Enter and `i` arrive together: without this, `i` would end in the filter.
    Owns the keys that wait; what a key starts in a worker is not waited for.
    """

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._held: deque[Typed] = deque()
        self._answered: Typed | None = None
        self._impatience: asyncio.TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is being answered."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._answered is None:
            await self._answer(event)
        else:
            self._held.append(event)

    async def _answer(self, event: Typed) -> None:
        self._answered = event
        # A widget that is removed meanwhile never tells.
        self._impatience = asyncio.get_running_loop().call_later(_PATIENCE_S, self._next, event)
        start = self.focused or (self.screen_stack[-1] if self.screen_stack else self)
        await super().on_event(event)
        self._climb(start, start, _ROUNDS, event)

    def _climb(self, start: DOMNode, node: DOMNode, rounds: int, event: Typed) -> None:
        # Behind the key in the queue of each widget on its way up: when this is called, the key has been there.
        if not node.call_later(self._climbed, start, node, rounds, event):
            self._next(event)

    def _climbed(self, start: DOMNode, node: DOMNode, rounds: int, event: Typed) -> None:
        above = node.parent
        if above is not None:
            self._climb(start, above, rounds, event)
        elif rounds > 1:
            self._climb(start, start, rounds - 1, event)
        else:
            # `Widget.focus` waits for its turn too.
            self.call_later(self._next, event)

    def _next(self, event: Typed) -> None:
        if self._answered is not event:
            return
        self._answered = None
        if self._impatience is not None:
            self._impatience.cancel()
        if self._held:
            self.call_next(self._answer, self._held.popleft())
