"""Which functions are asked about next: those on the screen first, then a sweep over all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

AT_ONCE = 10
"""Requests under way at most: 50 a second where an answer takes 200 ms, and more only make the keys wait."""


class Lookups:
    """Decides what is asked, and remembers what was. Asks nothing itself, and has no clock.

    What is wanted is replaced as a whole whenever the screen shows other rows: what is no longer on it and was not
    asked yet is dropped. Each function is asked about once, until `forget`.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._screen: tuple[str, ...] = ()
        self._wanted: deque[str] = deque()
        self._all: frozenset[str] = frozenset()
        self._swept: deque[str] = deque()
        self._under_way: dict[str, int] = {}
        self._known: set[str] = set()
        self._round = 0
        self.sure = False
        """Whether anything was ever answered. Until then there is one request: it tells whether asking is allowed."""

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        return len(self._under_way)

    @property
    def sweep_progress(self) -> tuple[int, int]:
        """How many functions of the sweep are answered, and how many there are; (0, 0) without one."""
        return len(self._all & self._known), len(self._all)

    def is_on_screen(self, name: str) -> bool:
        """Whether it is among those wanted last."""
        return name in self._screen

    def want(self, names: Iterable[str]) -> None:
        """Ask about these next, in their order, and about none of those wanted before."""
        self._screen = tuple(names)
        self._wanted = deque(name for name in self._screen if self._is_open(name))

    def sweep(self, names: Iterable[str]) -> None:
        """Ask about all of these too, whenever nothing on the screen is open; () ends it."""
        self._all = frozenset(names := tuple(names))
        self._swept = deque(name for name in names if self._is_open(name))

    def next(self) -> str | None:
        """The function to ask about now; None when there is none, or enough is under way. `start` says that it is."""
        if self.in_flight >= (self._at_once if self.sure else 1):
            return None
        for queue in (self._wanted, self._swept):
            while queue and not self._is_open(queue[0]):
                queue.popleft()
            if queue:
                return queue[0]
        return None

    def start(self, name: str) -> None:
        """It is asked about."""
        self._under_way[name] = self._round

    def answered(self, name: str) -> None:
        """It was answered, or refused for good: not asked again until `forget`."""
        self.sure = True
        if self._under_way.pop(name, None) == self._round:
            self._known.add(name)
        else:
            self._again(name)  # `forget` came between: what was answered may be old

    def put_off(self, name: str) -> None:
        """It was throttled: asked again, before the others, as long as it is wanted."""
        self._under_way.pop(name, None)
        self._again(name)

    def forget(self) -> None:
        """Everything is to be asked anew; a sweep begins again."""
        self._round += 1
        self._known.clear()
        self.want(self._screen)
        self.sweep(sorted(self._all))

    def _again(self, name: str) -> None:
        if name in self._screen:
            self._wanted.appendleft(name)
        elif name in self._all:
            self._swept.appendleft(name)

    def _is_open(self, name: str) -> bool:
        return name not in self._known and name not in self._under_way
