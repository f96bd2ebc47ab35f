"""What stands in the frame of the logs pane: whose log, what the tail does, how much there is, how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textual.content import Content

_AROUND = 6
"""The pane's number before the line, and the rule before the ways to read."""


class Reading(Enum):
    """The two ways to read a log."""

    LINES = "Lines"
    INVOCATIONS = "Invocations"


@dataclass(frozen=True, slots=True)
class Title:
    """The parts of the upper line. `state` is said in `tone`, a style; `scope` is the invocation that alone shows.

    `shown` of `count` are shown where a filter hides the others.
    """

    names: tuple[str, ...] = ()
    state: str = ""
    tone: str = "$text-muted"
    count: int = 0
    unit: str = "line"
    scope: str = ""
    reading: Reading = Reading.LINES
    shown: int | None = None

    def content(self, width: int) -> Content:
        """The line, and at its end the two ways to read where they fit into `width` cells."""
        parts: list[tuple[str, str]] = [("Logs", "")]
        if self.names:
            parts += [(" ── ", "$text-muted"), (_joined(self.names), "")]
        if self.scope:
            parts.append((f" · only {self.scope[:8]}", "$text-accent"))
        if self.state:
            parts.append((f" · {self.state}", self.tone))
        if self.count:
            unit = self.unit if self.count == 1 else f"{self.unit}s"
            hidden = self.shown is not None and self.shown < self.count
            parts += [(" · ", "$text-muted"), (f"{self.shown:,} of " if hidden else "", "$text-accent")]
            parts.append((f"{self.count:,} {unit}", "$text-muted"))
        tabs = self.tabs()
        if self.names and sum(len(text) for text, _ in (*parts, *tabs)) + _AROUND <= width:
            parts += [(" ── ", "$text-muted"), *tabs]
        return Content.assemble(*parts)

    def below(self, width: int) -> Content:
        """The two ways to read, when the upper line has no room for them."""
        if not self.names or self.content(width).plain.endswith(Reading.INVOCATIONS.value):
            return Content("")
        return Content.assemble(*self.tabs())

    def tabs(self) -> list[tuple[str, str]]:
        """The two ways to read, the present one lit."""
        parts: list[tuple[str, str]] = []
        for reading in Reading:
            parts += [(" │ ", "$text-muted")] if parts else []
            parts.append((reading.value, "bold $foreground" if reading is self.reading else "$text-muted"))
        return parts

    def reading_at(self, x: int, width: int) -> Reading | None:
        """The way to read whose name stands at column `x` of the line; None elsewhere."""
        text = self.content(width).plain
        for reading in Reading:
            start = text.rfind(f" {reading.value}") + 1
            if start > 4 and start <= x < start + len(reading.value):
                return reading
        return None


def _joined(names: tuple[str, ...]) -> str:
    """ "a", "a, b", "a, b and 3 more"."""
    if len(names) <= 3:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"
