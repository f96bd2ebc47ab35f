"""A pane whose frame changes often and is written seldom."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.content import Content
from textual.geometry import Region

from lambdatui.ui.later import Later
from lambdatui.ui.logs.paced import FRAME_S
from lambdatui.ui.pane import Pane

_WORDS_S = 1.0
"""Nobody reads a counter more often, and a frame of its own takes sixty bytes."""


class QuietFrame(Pane):
    """Owns what is written in the frame, and when. A subclass says what, in `say`."""

    def __init__(self, *, id: str | None = None, clock: Callable[[], float] = monotonic) -> None:  # noqa: A002
        super().__init__(id=id)
        self._clock = clock
        self._spoken_at = -_WORDS_S
        self._written: tuple[Content, Content] | None = None
        self._saying = Later(self)

    def say(self) -> None:
        """Write what is to be said now, with `write_frame`."""
        raise NotImplementedError

    def spoken(self) -> None:
        """It is being said: nothing is left for later."""
        self._spoken_at = self._clock()
        self._saying.stop()

    def write_frame(self, title: Content, subtitle: Content) -> None:
        """Write the frame's texts, and draw the two rows that hold them, if they have changed.

        Setting `border_title` draws the whole pane: at ten batches a second that is 120 kB a second for a number.
        """
        if self._written is not None and (title, subtitle) == self._written:
            return
        self._written = (title, subtitle)
        if self._border_title is None:
            self.set_frame(title, subtitle)
            return
        self._border_title = Content.assemble((f"{self.number} ", "$accent bold"), title)
        self._border_subtitle = subtitle
        width, height = self.outer_size
        self.refresh(Region(-1, -1, width, 1), Region(-1, height - 2, width, 1))

    def say_soon(self) -> None:
        """Say it, but only once a second: a batch changes little more than a number.

        Called whenever lines are drawn, so that the words go with the same bytes; without lines they go by themselves.
        """
        wait = self._spoken_at + _WORDS_S - self._clock()
        if wait <= 0:
            self.say()
        elif not self._saying.due:
            self._saying.call(wait + FRAME_S, self.say)
