"""Paints frames over each other: writes only what differs from what the terminal shows already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment

from lambdatui.ui.output.cells import FILLED, UNKNOWN, Row, is_wide_everywhere, row_of, unknown
from lambdatui.ui.output.pens import Pens
from lambdatui.ui.output.scrolled import Scroll, scroll_between

_JUMP = 4
"""So many unchanged cells are rewritten rather than jumped over: a jump takes as many bytes."""
_LONG_BLANK = re.compile(r"( {6,})")


class Patch(NamedTuple):
    """Segments that belong at a place of the screen."""

    x: int
    y: int
    segments: Iterable[Segment]


class Painter:
    """Owns the model of what the terminal shows. Knows neither Textual's updates nor where the bytes go.

    Every frame begins and ends with the plain pen, without margins: whatever else writes to the terminal finds it
    as if nobody had been here. What is not known is never relied on.
    """

    def __init__(self, color_system: ColorSystem, *, erases_with_background: bool = True) -> None:
        self._color_system = color_system
        self._erases_with_background = erases_with_background
        self._pens = Pens(color_system)
        self._rows: list[Row] = []

    def forget(self) -> None:
        """The terminal may show anything now."""
        self._rows = []

    def paint(self, patches: Iterable[Patch], columns: int, rows: int) -> str:
        """What to write so that a screen of this size shows the patches, and else what it did.

        Raises:
            Doubt: a patch holds what can't be followed; nothing may be relied on after it was written.
        """
        if self._pens.full:
            self._pens = Pens(self._color_system)
            self._rows = []
        if len(self._rows) != rows or len(self._rows[0].text) != columns:
            self._rows = [unknown(columns, self._pens)] * rows
        old = self._rows
        new = list(old)
        for x, y, segments in patches:
            if 0 <= y < rows:
                new[y] = new[y].patched(x, row_of(segments, self._pens))
        written = self._between(old, new)
        scroll = scroll_between(old, new)
        if scroll is not None:
            moved = _moved(old, scroll, unknown(columns, self._pens))
            scrolled = _scroll(scroll) + self._between(moved, new)
            written = min(written, scrolled, key=len)
        self._rows = new
        return written

    def _between(self, old: Sequence[Row], new: Sequence[Row]) -> str:
        out = _Writing(self._pens, erases_with_background=self._erases_with_background)
        for y, row in enumerate(new):
            before = old[y]
            if row is before or row == before:
                continue
            if row.graphemes or before.graphemes:
                out.whole_row(y, row)
            else:
                for start, end in _changes(before, row):
                    out.cells(start, y, row, end)
        return out.finished()


class _Writing:
    """The bytes of one frame, with where they leave the cursor and the pen."""

    def __init__(self, pens: Pens, *, erases_with_background: bool) -> None:
        self._pens = pens
        self._erases_with_background = erases_with_background
        self._parts: list[str] = []
        self._pen = pens.plain
        self._at: tuple[int, int] | None = None

    def finished(self) -> str:
        """All of it, with the plain pen at the end."""
        self._use(self._pens.plain)
        return "".join(self._parts)

    def cells(self, x: int, y: int, row: Row, end: int) -> None:
        """The cells from column `x` up to `end`, which hold no grapheme."""
        self._go(x, y)
        width = len(row.text)
        while x < end:
            pen = row.pens[x]
            stop = end - len(row.pens[x:end].lstrip(pen))
            for text in _LONG_BLANK.split(row.text[x:stop]):
                if not text:
                    continue
                x += len(text)
                blank = self._pens.on_blanks(pen) == pen and text.isspace()
                if not blank:
                    self._use(pen)
                elif self._pens.on_blanks(self._pen) != pen:
                    # A space does not care for the colour of text: take the one that the next text needs.
                    after = row.pens[stop] if x == stop < end else pen
                    self._use(after if self._pens.on_blanks(after) == pen else pen)
                if blank and self._erase(pen, len(text), last=x == end, to_edge=x == width):
                    self._at = None if x >= width else (x, y)
                    if x == end and x < width:
                        self._at = (x - len(text), y)
                    continue
                self._parts.append(text)
                # In the last column terminals differ about where the cursor stands.
                self._at = (x, y) if x < width else None

    def _erase(self, pen: str, count: int, *, last: bool, to_edge: bool) -> bool:
        """Write an erasure instead of spaces, if it is shorter and leaves the same; whether it was."""
        if not self._pens.erases(pen) or (self._pens.has_background(pen) and not self._erases_with_background):
            return False
        if to_edge:
            erasure = "\x1b[K"
        elif last:
            erasure = f"\x1b[{count}X"
        else:
            erasure = f"\x1b[{count}X\x1b[{count}C"
        if len(erasure) >= count:
            return False
        self._parts.append(erasure)
        return True

    def whole_row(self, y: int, row: Row) -> None:
        """The row from its first known cell to its last, placing the cursor anew wherever terminals may differ."""
        text, x, width = row.text, 0, len(row.text)
        graphemes = {one.x: one for one in row.graphemes}
        while x < width:
            if text[x] == UNKNOWN:
                x += 1
                continue
            grapheme = graphemes.get(x)
            if grapheme is None:
                end = x + 1
                while end < width and text[end] not in (UNKNOWN, FILLED):
                    end += 1
                self.cells(x, y, row, end)
                x = end
                continue
            self._go(x, y)
            self._use(row.pens[x])
            x += grapheme.width
            if is_wide_everywhere(grapheme):
                self._parts.append(grapheme.text)
                self._at = (x, y) if x < width else None
            else:
                # What a terminal takes for narrower than it is must not leave the cell beside it as it was.
                self._parts.append(f"{' ' * grapheme.width}\x1b[{grapheme.x + 1}G{grapheme.text}")
                self._at = None

    def _go(self, x: int, y: int) -> None:
        at, self._at = self._at, (x, y)
        if at == (x, y):
            return
        if at is not None and at[1] == y and x > at[0]:
            self._parts.append(f"\x1b[{x - at[0]}C" if x - at[0] > 1 else "\x1b[C")
        elif x:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        else:
            self._parts.append(f"\x1b[{y + 1}H" if y else "\x1b[H")

    def _use(self, pen: str) -> None:
        if pen != self._pen:
            self._parts.append(self._pens.change(self._pen, pen))
            self._pen = pen


def _changes(old: Row, new: Row) -> list[tuple[int, int]]:
    """The runs of cells that differ, those a few cells apart joined."""
    if old.pens == new.pens:
        differ = [x for x, (a, b) in enumerate(zip(old.text, new.text, strict=True)) if a != b]
    else:
        cells = zip(old.text, new.text, old.pens, new.pens, strict=True)
        differ = [x for x, (a, b, c, d) in enumerate(cells) if a != b or c != d]
    runs: list[tuple[int, int]] = []
    start = end = -1
    for x in differ:
        if start < 0:
            start, end = x, x + 1
        elif x - end <= _JUMP and (x == end or _worth_rewriting(new, end, x)):
            end = x + 1
        else:
            runs.append((start, end))
            start, end = x, x + 1
    if start >= 0:
        runs.append((start, end))
    return runs


def _worth_rewriting(row: Row, start: int, end: int) -> bool:
    between = row.pens[start:end]
    return UNKNOWN not in row.text[start:end] and not between.strip(row.pens[start - 1])


def _moved(rows: Sequence[Row], scroll: Scroll, empty: Row) -> list[Row]:
    top, bottom, by = scroll
    inside = rows[top : bottom + 1]
    # Which background terminals fill in with differs.
    fresh = [empty] * min(abs(by), len(inside))
    inside = [*inside[by:], *fresh] if by > 0 else [*fresh, *inside[:by]]
    return [*rows[:top], *inside, *rows[bottom + 1 :]]


def _scroll(scroll: Scroll) -> str:
    """Line feeds at the lower margin, or reverse ones at the upper: every terminal has these."""
    top, bottom, by = scroll
    move = f"\x1b[{bottom + 1}H" + "\n" * by if by > 0 else f"\x1b[{top + 1}H" + "\x1bM" * -by
    return f"\x1b[{top + 1};{bottom + 1}r{move}\x1b[r"
