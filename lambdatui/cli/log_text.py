"""Log events as text for eyes, one line an event."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from lambdatui.cli.times import Stamps
from lambdatui.core.log_lines import Kind, Level, classify, picture_of
from lambdatui.core.logs import LogEvent
from lambdatui.core.text import clean

_NAME_COLORS = ("cyan", "magenta", "green", "blue", "bright_cyan", "bright_magenta", "bright_green", "bright_blue")
_LEVEL_COLORS = {Level.WARN: "yellow", Level.ERROR: "red", Level.FATAL: "red"}


class EventText:
    """Writes events for eyes: time, function where there may be `several`, message.

    With `color` what is `found` in a message stands out.
    """

    def __init__(
        self, functions: Sequence[str], *, utc: bool, several: bool, color: bool, found: re.Pattern[str] | None = None
    ) -> None:
        self._stamps = Stamps(utc=utc)
        self._color = color
        self._found = found
        self._names: dict[str, str] = {}
        self._several = several
        for name in functions:
            self._name(name)

    def lines(self, events: Sequence[LogEvent]) -> str:
        """The lines of `events`; what belongs to one event is indented under its first line."""
        stamp = self._stamps.text
        texts: list[str] = []
        for event in events:
            text = clean(event.message.rstrip("\n"))  # in this order: what is left of most is printable
            prefix = stamp(event.timestamp_ms)
            if self._several:
                prefix = f"{prefix} {self._name(event.function_name)}"
            if self._color:
                prefix = f"\x1b[2m{prefix}\x1b[0m"
                text = self._colored(event.message, text)
            if "\n" in text:
                text = text.replace("\n", "\n    ")
            texts.append(f"{prefix} {text}")
        return "\n".join(texts)

    def _colored(self, message: str, text: str) -> str:
        color = _LEVEL_COLORS.get(classify(message)[0])
        dim = color is None and picture_of(text.partition("\n")[0]).kind is not Kind.MESSAGE
        if self._found is not None:
            text = self._found.sub(_standing_out, text)
        if color is not None:
            first, newline, rest = text.partition("\n")
            return click.style(first, fg=color) + newline + rest
        return click.style(text, dim=True) if dim else text

    def _name(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = clean(name).replace("\n", " ")
            if self._color:
                color = _NAME_COLORS[len(self._names) % len(_NAME_COLORS)]
                # Inside of the dimmed prefix: plain again, then the colour, then dim again.
                known = f"\x1b[0m{click.style(known, fg=color)}\x1b[2m"
            self._names[name] = known
        return known


def _standing_out(found: re.Match[str]) -> str:
    """In reverse, line by line: the colour around it stays, and what is put before the next line is not part of it."""
    return "\n".join(f"\x1b[7m{part}\x1b[27m" if part else "" for part in found[0].split("\n"))
