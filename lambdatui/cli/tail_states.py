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


@dataclass(slots=True)
class ToldStates:
    """Says on stderr what becomes of a tail, where that is news which a reader can use."""

    output: Output
    details: bool = False
    """Whether what is told about a tail that follows is news too."""
    _trouble: Following | None = None
    _detail: str = ""
    _told_s: dict[Following, float] = field(default_factory=dict)

    def tell_growth(self, news: Newcomers | ListUnread | LeftOut) -> None:
        """Say which functions joined, or why none can."""
        match news:
            case Newcomers(names):
                self.output.say(f"following {listed(names)} too", "dim")
            case ListUnread(error):
                self.output.say(f"functions that are new can't be looked for now: {error.title}", "dim")
            case LeftOut(names, error):
                self.output.complain(error, f"not following {listed(names)}")
            case _:
                assert_never(news)

    def tell(self, state: TailState) -> None:
        """Say it, unless the same was said a moment ago; of what was said, the end too."""
        following = state.following
        if following in (Following.CONNECTING, Following.CATCHING_UP, self._trouble):
            return
        if following is Following.FOLLOWING:
            if self._trouble is not None:
                self._trouble = None
                self.output.say("following", "dim")
            if self.details and state.detail not in ("", self._detail):
                self._detail = state.detail
                self.output.say(state.detail, "dim")
            return
        now_s = asyncio.get_running_loop().time()
        if now_s - self._told_s.get(following, float("-inf")) < _TOLD_AGAIN_S:
            return
        self._told_s[following] = now_s
        self._trouble = following
        self.output.say(" · ".join(part for part in (following.value, state.detail) if part), "dim")
