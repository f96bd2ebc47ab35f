"""Which lines of a log are unfolded, and how the record of such a line is coloured."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from rich.style import Style

from lambdatui.core.log_buffer import LogBuffer, Mark

Run: TypeAlias = tuple[str, Style]

_FIELD = re.compile(r'(\s*)("(?:[^"\\]|\\.)*":)(.*)')
_BRACKETS = frozenset("{}[], ")


class UnfoldedLines:
    """Owns the unfolded lines of one buffer, by marks: they stay right while lines come and go."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._marks: list[Mark] = []

    @property
    def positions(self) -> frozenset[int]:
        """Where they are now."""
        return frozenset([mark.position for mark in self._marks])

    def unfold(self, position: int) -> None:
        """Unfold the line at `position`; those that are gone are forgotten."""
        if not self._buffer.cleared:
            self._marks = [mark for mark in self._marks if mark.position >= self._buffer.first]
        self._marks.append(self._buffer.mark(position))

    def fold(self, position: int) -> None:
        """Fold the line at `position` again."""
        self._marks = [mark for mark in self._marks if mark.position != position]


def record_runs(line: str, style: Callable[[str], Style]) -> list[Run]:
    """One line of an unfolded record: names stand out, brackets step back."""
    found = _FIELD.fullmatch(line)
    if found is None:
        return [(line, style("muted" if _BRACKETS.issuperset(line) else "text"))]
    indent, name, value = found.groups()
    return [
        (indent, style("text")),
        (name, style("platform-tag")),
        (value, style("muted" if _BRACKETS.issuperset(value) else "text")),
    ]
