"""What the line promises: one frame of log traffic under way, and never a standstill."""

from __future__ import annotations

from collections.abc import Callable

from lambdatui.ui.output.line import PATIENCE_S, Line


class Clock:
    """Time that a test turns; calls back what was to be called by then."""

    def __init__(self) -> None:
        self.now = 0.0
        self._calls: list[tuple[float, Callable[[], None], _Call]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> _Call:
        """Call back after so many seconds."""
        handle = _Call()
        self._calls.append((self.now + seconds, call, handle))
        return handle

    def turn(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.now += seconds
        due = [one for one in self._calls if one[0] <= self.now]
        self._calls = [one for one in self._calls if one[0] > self.now]
        for _, call, handle in due:
            if not handle.cancelled:
                call()


class _Call:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Frames:
    """Counts how often something was painted."""

    def __init__(self) -> None:
        self.count = 0

    def paint(self) -> None:
        """Paint."""
        self.count += 1


def test_the_next_frame_waits_for_the_answer() -> None:
    """However often it is asked for meanwhile, it is painted once, when the terminal shows the last one."""
    clock, frames = Clock(), Frames()
    line = Line(clock.later, lambda: clock.now)
    line.paint(frames.paint)
    assert line.due
    line.asked()
    for _ in range(10):
        line.paint(frames.paint)
        clock.turn(0.1)
    assert frames.count == 1
    line.answered()
    clock.turn(0.5)
    assert frames.count == 2
    assert round(line.round_trip_s, 3) == 1.0
    line.answered()
    assert frames.count == 2


def test_a_terminal_that_never_answers_is_not_asked_again() -> None:
    """It costs one wait; from then on only the rate is limited."""
    clock, frames = Clock(), Frames()
    line = Line(clock.later, lambda: clock.now)
    line.asked()
    line.paint(frames.paint)
    clock.turn(PATIENCE_S)
    assert frames.count == 1
    assert line.deaf
    assert line.free


def test_a_lost_answer_only_delays() -> None:
    """A line that has answered before is waited for longer each time, and at once as before when it answers."""
    clock, frames = Clock(), Frames()
    line = Line(clock.later, lambda: clock.now)
    line.asked()
    line.answered()
    clock.turn(0)
    for patience_s in (PATIENCE_S, PATIENCE_S * 2, PATIENCE_S * 4):
        line.asked()
        line.paint(frames.paint)
        before = frames.count
        clock.turn(patience_s - 0.1)
        assert frames.count == before
        clock.turn(0.1)
        assert frames.count == before + 1
        assert not line.deaf
    line.asked()
    line.answered()
    clock.turn(0)
    assert line.free
    line.asked()
    clock.turn(PATIENCE_S)
    assert line.free


def test_who_waits_for_silence_paints_nothing() -> None:
    """Waiting until nothing is under way is no reason to ask the terminal again."""
    clock, frames = Clock(), Frames()
    line = Line(clock.later, lambda: clock.now)
    line.asked()
    line.when_free(frames.paint)
    assert frames.count == 0
    line.answered()
    clock.turn(0)
    assert frames.count == 1
    assert not line.due
