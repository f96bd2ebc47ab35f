"""Keys in turn: the next key is looked at when the one before has done what it does."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol, TypeAlias, runtime_checkable

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
_GIVING_UP = frozenset({"escape", "ctrl+q"})
"""What does not wait for a dialog that takes its time: it is given up."""
_LOOK_EVERY_S = 0.005
_LOOK_LATER_EVERY_S = 0.05

Typed: TypeAlias = events.Key | events.Paste


@runtime_checkable
class KeepsTurns(Protocol):
    """A widget whose keys need what it may still be reading."""

    def turn_of(self, key: str) -> bool | None:
        """Whether a key that is typed in it is answered now; None: as soon as it is ready. False: it does nothing."""


class KeysInTurn(App[int]):
    """Gives a key to the widget that has the focus once all keys before it have been answered.

    Textual gives keys that arrive together to the widget that has the focus at that moment. Over a slow line, or
    while the program starts, "/slow", Enter and `i` arrive together: without this, `i` would end in the filter.
    Owns the keys that wait. Of what a key starts in a worker only a dialog is waited for: the keys after it are its,
    however long it takes, and are let go with it when it does not come. Nothing that is typed blindly reaches a key
    of the screen behind, where a letter of a name would invoke.
    """

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._held: deque[Typed] = deque()
        self._answered: Typed | None = None
        self._impatience: asyncio.TimerHandle | None = None
        self._depth = 0
        self._at_work: frozenset[Worker[object]] = frozenset()
        self._older: frozenset[Worker[object]] = frozenset()
        self._awaited: tuple[Worker[object], ...] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hold a key back while another is being answered."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded or not self.screen_stack:
            await super().on_event(event)  # without a screen the app is on its way out
        elif self._answered is None:
            await self._answer(event)
        elif self._awaited is not None and isinstance(event, events.Key) and event.key in _GIVING_UP:
            self._give_up(event)
        else:
            self._held.append(event)

    async def _answer(self, event: Typed) -> None:
        if not self.screen_stack:
            return
        self._answered = event
        turn = self._turn_of(event)
        if turn is None:
            self._awaited = ()
            asyncio.get_running_loop().call_later(_PATIENCE_S, self._tell_what_is_awaited, event)
            self._look_again(_LOOK_EVERY_S, event)
        elif turn:
            await self._give(event)
        else:
            self._let_go(event)

    def _turn_of(self, event: Typed) -> bool | None:
        focused = self.focused
        if focused is None or not isinstance(event, events.Key):
            return True
        keeping = next((node for node in focused.ancestors_with_self if isinstance(node, KeepsTurns)), None)
        return True if keeping is None else keeping.turn_of(event.key)

    def _look_again(self, after_s: float, event: Typed) -> None:
        later_s = min(after_s * 1.1, _LOOK_LATER_EVERY_S)
        asyncio.get_running_loop().call_later(after_s, lambda: self.call_next(self._took_its_turn, later_s, event))

    async def _took_its_turn(self, after_s: float, event: Typed) -> None:
        if self._answered is not event:
            return
        turn = self._turn_of(event) if self.screen_stack else False
        if turn is None:
            self._look_again(after_s, event)
            return
        self._awaited = None
        if turn:
            await self._give(event)
        else:
            self._let_go(event)

    async def _give(self, event: Typed) -> None:
        self._depth, self._at_work, self._older = len(self.screen_stack), frozenset(self.workers), frozenset()
        # A widget that is removed meanwhile never tells.
        self._impatience = asyncio.get_running_loop().call_later(_PATIENCE_S, self._lose_patience, event)
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

    def _settle(self, event: Typed, after_s: float = _LOOK_EVERY_S) -> None:
        if self._answered is not event or not self.screen_stack:
            return
        awaited = self._awaited
        if self._opens_a_dialog():
            later_s = min(after_s * 1.1, _LOOK_LATER_EVERY_S)
            asyncio.get_running_loop().call_later(after_s, self._settle, event, later_s)
        elif awaited and len(self.screen_stack) <= self._depth and not self._is_for_text():
            self._let_go(event)  # it did not come: what was typed was for it
        else:
            self._next(event)

    def _is_for_text(self) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key("a", "a")

    def _lose_patience(self, event: Typed) -> None:
        if self._awaited:
            self._tell_what_is_awaited(event)
        else:
            self._next(event)

    def _tell_what_is_awaited(self, event: Typed) -> None:
        if self._answered is event and self._awaited is not None:
            self.notify("What is typed waits for it; esc gives it up.", title="Still reading", markup=False)

    def _give_up(self, by: events.Key) -> None:
        for worker in self._awaited or ():
            worker.cancel()
        self._held.clear()
        if by.key != "escape":
            self._held.append(by)
        if self._answered is not None:
            self._next(self._answered)

    def _let_go(self, event: Typed) -> None:
        self._held.clear()
        self._next(event)

    def _opens_a_dialog(self) -> bool:
        """Whether a dialog is on its way because of the key that is being answered, or not ready for keys yet."""
        depth = len(self.screen_stack)
        closed_one = depth < self._depth
        self._depth = min(self._depth, depth)
        self._awaited = None
        if depth > self._depth:
            screen = self.screen_stack[-1]
            return not screen.is_mounted or (screen.focused is None and bool(screen.focus_chain))
        # Who waited for the dialog that was closed may ask for more.
        asked = self._at_work if closed_one else frozenset()
        mine = [worker for worker in self.workers if worker in asked or worker not in self._at_work]
        self._at_work -= asked
        self._older |= asked
        asking = [worker for worker in mine if worker.group in _ASKING and not worker.is_finished]
        self._awaited = tuple(worker for worker in asking if worker not in self._older) or None
        return bool(asking)

    def _next(self, event: Typed) -> None:
        if self._answered is not event:
            return
        self._answered = self._awaited = None
        if self._impatience is not None:
            self._impatience.cancel()
        if self._held:
            self.call_next(self._answer, self._held.popleft())
