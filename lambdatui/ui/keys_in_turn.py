"""Keys in turn: the next key is looked at when the one before has done what it does."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TypeAlias

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.worker import Worker

_ROUNDS = 2
"""What a key sets off is told by messages of its own, which need a second way up."""
_PATIENCE_S = 2.0
_ASKING = frozenset({"dialog", "target", "layers"})
"""The groups of the workers that open a dialog: what is typed after the key that starts one is meant for it."""
_LOOK_EVERY_S = 0.005

Typed: TypeAlias = events.Key | events.Paste


class KeysInTurn(App[int]):
    """Gives a key to the widget that has the focus once all keys before it have been answered.

    Textual gives keys that arrive together to the widget that has the focus at that moment. Over a slow line, or
    while the program starts, "/slow", Enter and `i` arrive together: without this, `i` would end in the filter.
    Owns the keys that wait. Of what a key starts in a worker only a dialog is waited for: the keys after it are its.
    """

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._held: deque[Typed] = deque()
        self._answered: Typed | None = None
        self._impatience: asyncio.TimerHandle | None = None
        self._depth = 0
        self._at_work: frozenset[Worker[object]] = frozenset()

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is being answered."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded or not self.screen_stack:
            await super().on_event(event)  # without a screen the app is on its way out
        elif self._answered is None:
            await self._answer(event)
        else:
            self._held.append(event)

    async def _answer(self, event: Typed) -> None:
        if not self.screen_stack:
            return
        self._answered = event
        self._depth, self._at_work = len(self.screen_stack), frozenset(self.workers)
        # A widget that is removed meanwhile never tells.
        self._impatience = asyncio.get_running_loop().call_later(_PATIENCE_S, self._next, event)
        start = self.focused or self.screen
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
            self.call_later(self._settle, event)

    def _settle(self, event: Typed) -> None:
        if self._answered is event and self._opens_a_dialog():
            asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._settle, event)
        else:
            self._next(event)

    def _opens_a_dialog(self) -> bool:
        """Whether a dialog is on its way because of the key that is being answered, or not ready for keys yet."""
        depth = len(self.screen_stack)
        closed_one = depth < self._depth
        self._depth = min(self._depth, depth)
        if depth > self._depth:
            screen = self.screen_stack[-1]
            return not screen.is_mounted or (screen.focused is None and bool(screen.focus_chain))
        # Who waited for the dialog that was closed may ask for more.
        asked = self._at_work if closed_one else frozenset()
        mine = [worker for worker in self.workers if worker in asked or worker not in self._at_work]
        self._at_work -= asked
        return any(worker.group in _ASKING and not worker.is_finished for worker in mine)

    def _next(self, event: Typed) -> None:
        if self._answered is not event:
            return
        self._answered = None
        if self._impatience is not None:
            self._impatience.cancel()
        if self._held:
            self.call_next(self._answer, self._held.popleft())
