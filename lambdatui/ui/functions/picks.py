"""Which functions are picked, for what is done to several at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lambdatui.core.functions import FunctionSummary


@dataclass(frozen=True, slots=True)
class Picks:
    """The names of the picked functions; a name that the list no longer has stays until `kept_of`."""

    names: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.names)

    def toggled(self, name: str) -> Picks:
        """With `name`, or without it."""
        return replace(self, names=self.names ^ {name})

    def all_or_none(self, shown: Iterable[str]) -> Picks:
        """With all that are shown; without them when all of them are picked."""
        names = frozenset(shown)
        return replace(self, names=self.names - names if names <= self.names else self.names | names)

    def kept_of(self, functions: Iterable[FunctionSummary]) -> Picks:
        """Without those that are gone."""
        names = self.names & {function.name for function in functions}
        return self if names == self.names else replace(self, names=names)

    def among(self, functions: Iterable[FunctionSummary]) -> tuple[FunctionSummary, ...]:
        """The picked functions, in the order of `functions`."""
        return tuple(function for function in functions if function.name in self.names)
