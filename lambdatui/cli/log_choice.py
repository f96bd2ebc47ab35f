"""Chooses events of a log: by a regular expression, by their level, by the invocation that wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import click

from lambdatui.core.invocation_signs import Reported, sign_of
from lambdatui.core.log_lines import Level, classify
from lambdatui.core.logs import LogEvent

_HELD = 1_000
"""Lines of an INIT that is not over: what it writes beyond that is not kept for the invocation that follows."""
_LEAST = 8
"""So many characters of a request id tell it from others: the workbench shows as many."""


def meant_by(request_id: str) -> Callable[[str], bool]:
    """Whether a request id is the one that is meant: by its beginning, in capitals or not.

    Raises:
        click.BadParameter: too short.
    """
    wanted = request_id.strip().lower()
    if len(wanted) < _LEAST:
        raise click.BadParameter(f"give {_LEAST} characters of it or more", param_hint="--request-id")
    return lambda named: named.lower().startswith(wanted)


class LogChoice:
    """Lets events through. Knows what runs in each stream, and nothing of times or texts."""

    def __init__(self, *, grep: str | None, invert: bool, errors: bool, request_id: str | None) -> None:
        if invert and grep is None:
            raise click.UsageError("--invert needs --grep.")
        try:
            self._pattern = re.compile(grep) if grep is not None else None
        except re.error as error:
            raise click.BadParameter(f"not a regular expression: {error}", param_hint="--grep") from None
        self._invert = invert
        self._errors = errors
        self._invocation = _Invocation(meant_by(request_id)) if request_id is not None else None

    @property
    def leaves_out(self) -> bool:
        """Whether there are events that are not wanted."""
        return self._errors or self._pattern is not None or self._invocation is not None

    @property
    def found(self) -> re.Pattern[str] | None:
        """What is looked for in what is shown."""
        return None if self._invert else self._pattern

    def of(self, events: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """Those that are wanted, in their order."""
        if self._invocation is not None:
            events = self._invocation.of(events)
        if self._errors:
            events = [event for event in events if classify(event.message)[0] >= Level.ERROR]
        if self._pattern is not None:
            found, invert = self._pattern.search, self._invert
            events = [event for event in events if (found(event.message) is not None) is not invert]
        return events


class _Invocation:
    """The lines of one request id, those that don't name it too: an environment runs one invocation at a time.

    What an environment writes between invocations is the INIT of the one that follows.
    """

    def __init__(self, meant: Callable[[str], bool]) -> None:
        self._meant = meant
        self._running: dict[str, str] = {}
        self._between: dict[str, list[LogEvent]] = {}

    def of(self, events: Sequence[LogEvent]) -> list[LogEvent]:
        mine: list[LogEvent] = []
        for event in events:
            running = self._running.get(event.stream, "")
            _, named = classify(event.message.rstrip("\n"), running)
            if named is None:
                named = running
            if not named:
                held = self._between.setdefault(event.stream, [])
                if len(held) < _HELD:
                    held.append(event)
                continue
            if named != running:
                before = self._between.pop(event.stream, [])
                mine += before if self._meant(named) else ()
            if self._meant(named):
                mine.append(event)
            if isinstance(sign_of(event.message), Reported):
                self._running.pop(event.stream, None)
            else:
                self._running[event.stream] = named
        return mine
