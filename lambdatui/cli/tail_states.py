"""What becomes of a tail, in words on stderr."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import assert_never

from lambdatui.cli.growing_tail import LeftOut
from lambdatui.cli.newcomers import ListUnread, Newcomers
from lambdatui.cli.output import Output
from lambdatui.core.listed import listed
from lambdatui.core.logs import Following, TailState

_TOLD_AGAIN_S = 60.0
"""A state that comes and goes is told once in this time."""


_LEADING = frozenset({Following.RECONNECTING, Following.WAITING_FOR_GROUP})
"""States whose detail says less than their own words; that of the others says it all."""
_ENDING = frozenset({Following.CREDENTIALS_EXPIRED, Following.CLOCK_OFF})
"""States that a tail which nobody follows does not outlast: its error says the same."""


@dataclass(slots=True)
class ToldStates:
    """Says on stderr what becomes of a tail, where that is news which a reader can use."""

    output: Output
    follow: bool = True
    details: bool = False
    """Whether what is told about a tail that follows is news too."""
    _trouble: Following | None = None
    _detail: str = ""
    _told_s: dict[Following, float] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    """Why it is refused, by function."""
    _left_out: bool = False
    _missing: frozenset[str] = frozenset()

    @property
    def incomplete(self) -> bool:
        """Whether there are functions whose logs are not read."""
        return self._left_out or bool(self._refused)

    def tell_growth(self, news: Newcomers | ListUnread | LeftOut) -> None:
        """Say which functions joined, or why none can."""
        match news:
            case Newcomers(names):
                self.output.say(f"following {listed(names)} too", "dim")
            case ListUnread(error):
                self.output.say(f"functions that are new can't be looked for now: {error.title}", "dim")
            case LeftOut(names, error):
                self._left_out = True
                self.output.complain(error, f"not following {listed(names)}")
            case _:
                assert_never(news)

    def tell(self, state: TailState) -> None:
        """Say it, unless the same was said a moment ago; of what was said, the end too."""
        self._tell_refused(state)
        self._tell_missing(state)
        following = state.following
        if following in (Following.CONNECTING, Following.CATCHING_UP, self._trouble):
            return
        if following is Following.FOLLOWING:
            if self._trouble is not None:
                self._trouble = None
                self.output.say("following" if self.follow else "reading on", "dim")
            if self.details and state.detail not in ("", self._detail):
                self._detail = state.detail
                self.output.say(state.detail, "dim")
            return
        self._tell_trouble(state)

    def _tell_trouble(self, state: TailState) -> None:
        following = state.following
        now_s = asyncio.get_running_loop().time()
        if following in _ENDING and not self.follow:
            return
        if now_s - self._told_s.get(following, float("-inf")) < _TOLD_AGAIN_S:
            return
        self._told_s[following] = now_s
        self._trouble = following
        if following is Following.WAITING_FOR_GROUP and state.missing and not state.detail:
            return  # said already, with its name
        leading = following.value if following in _LEADING or not state.detail else ""
        trying = "trying again" if following is Following.THROTTLED else ""
        said = ": ".join(part for part in (leading, state.detail) if part)
        self.output.say(" · ".join(part for part in (said, trying) if part), "dim")

    def _tell_refused(self, state: TailState) -> None:
        """Once, with the reason; and that it is read again."""
        now = {name: part.error.title for part in state.refused for name in part.functions}
        for part in state.refused:
            if names := [name for name in part.functions if self._refused.get(name) != part.error.title]:
                self.output.complain(part.error, f"not {'following' if self.follow else 'read:'} {listed(names)}")
        if state.following in (Following.FOLLOWING, Following.WAITING_FOR_GROUP):
            # Otherwise not everything was asked for.
            if again := [name for name in self._refused if name not in now]:
                self.output.say(f"following {listed(again)} again", "dim")
            self._refused = now
        self._refused |= now

    def _tell_missing(self, state: TailState) -> None:
        if names := [name for name in state.missing if name not in self._missing]:
            self.output.say(f"no logs yet: no log group {listed(names)}", "dim")
        self._missing = frozenset(state.missing)
