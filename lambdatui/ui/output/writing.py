"""Writes one frame: takes the shortest way of the cursor, and of the pen, from each run to the next."""

from __future__ import annotations

from collections.abc import Iterable

from lambdatui.ui.output.pens import Pens
from lambdatui.ui.output.runs import Run, Runs


def written(runs: Runs, width: int, pens: Pens, before: str = "") -> str:
    """What writes the runs, the free ones in the order of reading or, where that is shorter, pen by pen: a colour takes
    more bytes than a way.
    """
    ordered, free = runs
    by_place = _Writing(width, pens, before)
    by_place.all(ordered)
    by_place.all(free)
    groups: dict[str, list[Run]] = {}
    for run in free:
        groups.setdefault(run.pen, []).append(run)
    if len(groups) == len(free):
        return by_place.finished()
    by_pen = _Writing(width, pens, before)
    by_pen.all(ordered)
    backgrounds: dict[str, int] = {}
    for pen in groups:
        backgrounds.setdefault(pens.on_blanks(pen), len(backgrounds))
    # What is only blank does with any pen before it that has the background.
    for pen in sorted(groups, key=lambda pen: (backgrounds[pens.on_blanks(pen)], pen == pens.on_blanks(pen))):
        group = groups[pen]
        if by_pen.is_nearer(group[-1].y, group[0].y):
            group.sort(key=lambda run: (-run.y, run.x))
        by_pen.all(group)
    return min(by_place.finished(), by_pen.finished(), key=len)


class _Writing:
    """The bytes of one frame, with where they leave the cursor and the pen. Lines are taken not to wrap."""

    def __init__(self, width: int, pens: Pens, before: str = "") -> None:
        self._width = width
        self._pens = pens
        self._parts = [before]
        self._pen = pens.plain
        self._at: tuple[int, int] | None = None

    def finished(self) -> str:
        """All of it, with the plain pen at the end."""
        self._use(self._pens.plain)
        return "".join(self._parts)

    def is_nearer(self, y: int, other_y: int) -> bool:
        """Whether the cursor is nearer to row `y` than to the other."""
        return self._at is not None and abs(self._at[1] - y) < abs(self._at[1] - other_y)

    def all(self, runs: Iterable[Run]) -> None:
        """These runs, in this order."""
        blank_of = self._pens.on_blanks
        for x, y, pen, text, cells, erased in runs:
            if self._at != (x, y):
                self._parts.append(_way(self._at, x, y, self._width))
            if pen != self._pen and (blank_of(pen) != blank_of(self._pen) or text.strip()):
                self._use(pen)
            self._parts.append(text)
            self._at = (x + cells, y) if cells is not None else None
            if erased:
                self._parts.append("\x1b[K" if x + len(text) + erased == self._width else f"\x1b[{erased}X")

    def _use(self, pen: str) -> None:
        if pen != self._pen:
            self._parts.append(self._pens.change(self._pen, pen))
            self._pen = pen


def _way(at: tuple[int, int] | None, x: int, y: int, width: int) -> str:
    absolute = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
    if at is None or abs(y - at[1]) > 1:
        return absolute
    down = y - at[1]
    row = ("", "\x1bD", "\x1bM")[down]
    ways = [absolute, "\r" + row + _sideways(x)]
    # Behind the last column terminals differ about which one it is.
    if at[0] < width:
        ways.append(row + _sideways(x - at[0]))
    return min(ways, key=len)


def _sideways(cells: int) -> str:
    if cells < 0:
        return "\b" * -cells if cells > -4 else f"\x1b[{-cells}D"
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C" if cells else ""
