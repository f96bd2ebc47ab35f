"""Chooses events of a log: by a regular expression, by their level, by the invocation that wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from lambdatui.core.invocation_signs import Reported, sign_of
from lambdatui.core.log_lines import Level, classify
from lambdatui.core.logs import LogEvent

_HELD = 1_000
"""Lines of an INIT that is not over: what it writes beyond that is not kept for the invocation that follows."""


class LogChoice:
    """Lets events through. Knows what runs in each stream, and nothing of times or texts."""

    def __init__(self, *, grep: str | None, invert: bool, errors: bool, request_id: str | None) -> None:
        if invert and grep is None:
            raise click.UsageError("--invert needs --grep.")
        try:
            self._found = re.compile(grep).search if grep is not None else None
        except re.error as error:
            raise click.BadParameter(f"not a regular expression: {error}", param_hint="--grep") from None
        self._invert = invert
        self._errors = errors
        self._invocation = _Invocation(request_id) if request_id is not None else None

    def of(self, events: Sequence[LogEvent]) -> Sequence[LogEvent]:
        """Those that are wanted, in their order."""
        if self._invocation is not None:
            events = self._invocation.of(events)
        if self._errors:
            events = [event for event in events if classify(event.message)[0] >= Level.ERROR]
        found, invert = self._found, self._invert
        if found is not None:
            events = [event for event in events if (found(event.message) is not None) is not invert]
        return events


class _Invocation:
    """The lines of one request id, those that don't name it too: an environment runs one invocation at a time.

    What an environment writes between invocations is the INIT of the one that follows.
    """

    def __init__(self, request_id: str) -> None:
        self._wanted = request_id
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
                mine += before if named == self._wanted else ()
            if named == self._wanted:
                mine.append(event)
            if isinstance(sign_of(event.message), Reported):
                self._running.pop(event.stream, None)
            else:
                self._running[event.stream] = named
        return mine
