"""The line to the terminal: of log traffic one frame is under way, the next one waits for the terminal's answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

PATIENCE_S = 2.0
"""So long an answer is waited for. A terminal that has never answered by then is not asked again."""
_MOST_PATIENCE_S = 30.0
_SILENCE = 0.5
"""Between an answer and the next frame, as a share of the round trip: unnoticed on a fast line."""


class Cancellable(Protocol):
    """What waits until it is called."""

    def cancel(self) -> None:
        """Don't call it any more."""
        ...


class Line:
    """Knows whether a picture that only log lines changed may be painted now. Paints nothing, asks nothing.

    Over a slow line everything that was written before a key is answered stands between the key and its answer:
    seconds, when a tail writes more than the line takes. What waits here can't stand in the way.
    """

    def __init__(self, later: Callable[[float, Callable[[], None]], Cancellable], clock: Callable[[], float]) -> None:
        """`later` calls back after so many seconds; `clock` counts seconds."""
        self._later = later
        self._clock = clock
        self._waiting: dict[Callable[[], None], bool] = {}
        self._impatience: Cancellable | None = None
        self._patience_s = PATIENCE_S
        self._asked_at = 0.0
        self._answers = False
        self.due = False
        """Whether the next frame is one of log traffic, behind which a question is to be sent."""
        self.deaf = False
        """Whether the terminal answers no question: then only the rate of frames is limited."""
        self.round_trip_s = 0.0
        """How long the last answer took."""

    @property
    def free(self) -> bool:
        """Whether nothing is under way."""
        return self._impatience is None

    def paint(self, paint: Callable[[], None]) -> None:
        """Call `paint`, which draws what only log lines changed: now, or once what is under way is shown."""
        self._call(paint, traffic=True)

    def when_free(self, call: Callable[[], None]) -> None:
        """Call `call` when nothing is under way, which may be now."""
        self._call(call, traffic=False)

    def _call(self, call: Callable[[], None], *, traffic: bool) -> None:
        if not self.free:
            self._waiting[call] = traffic
            return
        self.due = self.due or traffic
        call()

    def asked(self) -> None:
        """A question was sent behind a frame."""
        self.due = False
        if self._impatience is not None:
            self._impatience.cancel()
        self._asked_at = self._clock()
        self._impatience = self._later(self._patience_s, self._no_answer)

    def answered(self) -> None:
        """The terminal has answered: it shows everything that was written before the question."""
        if self._impatience is None:
            return
        self.round_trip_s = self._clock() - self._asked_at
        self._answers = True
        self._patience_s = PATIENCE_S
        self._impatience.cancel()
        # A line that is never silent has a frame in the way of every third key.
        self._impatience = self._later(self.round_trip_s * _SILENCE, self._release)

    def _no_answer(self) -> None:
        if self._answers:
            # Lost, or the line is that slow: then the next frame should not follow at this pace.
            self._patience_s = min(self._patience_s * 2, _MOST_PATIENCE_S)
        else:
            self.deaf = True
        self._release()

    def _release(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None
        waiting, self._waiting = list(self._waiting.items()), {}
        for call, traffic in waiting:
            self._call(call, traffic=traffic)
