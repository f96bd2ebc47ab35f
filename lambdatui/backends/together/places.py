"""Which place a function is in, and what it is called there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lambdatui.core.errors import NotFound, WorkbenchError
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.logs import LogEvent, Refused
from lambdatui.core.target import Backend

_AT = "@"
"""No function of Lambda has it in its name."""


@dataclass(frozen=True, slots=True)
class Places:
    """The open backends by the label of their place. Names are taken apart and put together here alone."""

    backends: Mapping[str, Backend]

    def of(self, full_name: str) -> tuple[str, Backend, str]:
        """The place of a function, its backend, and the function's name there.

        Raises:
            NotFound: no such place is open.
        """
        name, _, place = full_name.rpartition(_AT)
        if place not in self.backends:
            known = ", ".join(self.backends)
            raise NotFound(f"{full_name}: no function of that name", f"NAME@PLACE; the places are: {known}.")
        return place, self.backends[place], name

    def grouped(self, full_names: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The functions' own names, by place.

        Raises:
            NotFound: no such place is open.
        """
        groups: dict[str, list[str]] = {}
        for full_name in full_names:
            place, _, name = self.of(full_name)
            groups.setdefault(place, []).append(name)
        return {place: tuple(names) for place, names in groups.items()}

    @staticmethod
    def joined(name: str, place: str) -> str:
        """The name by which the function is known here."""
        return f"{name}{_AT}{place}"

    def event(self, event: LogEvent, place: str) -> LogEvent:
        """The event under the name that its function has here. Ids are unique in a group: another place may have it."""
        name = self.joined(event.function_name, place)
        return event._replace(function_name=name, event_id=f"{place}/{event.event_id}")

    def refused(self, refused: Refused, place: str) -> Refused:
        """What is left out of a tail, by the names that the functions have here."""
        return Refused(tuple(self.joined(name, place) for name in refused.functions), refused.error)

    def summary(self, function: FunctionSummary, place: str) -> FunctionSummary:
        """The function as it stands in the common list."""
        return replace(function, name=self.joined(function.name, place), place=place)


def at(place: str, error: WorkbenchError) -> WorkbenchError:
    """`error`, with the place where it happened in front of its title."""
    error.title = f"{place}: {error.title}"
    return error
