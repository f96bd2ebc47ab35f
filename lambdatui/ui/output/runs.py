"""Runs: what of a row is to be written, cut where the pen changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lambdatui.ui.output.cells import FILLED, UNKNOWN, Grapheme, Row, is_wide_everywhere
from lambdatui.ui.output.pens import Pens

_JUMP = 4
"""So many unchanged cells are rewritten rather than jumped over: a jump takes as many bytes."""
_LONG_BLANK = re.compile(r"( {6,})")
_ERASURE = len("\x1b[99X")
_ERASURE_AND_JUMP = len("\x1b[99X\x1b[99C")


class Run(NamedTuple):
    """A text in one pen from a place of the screen on, and the number of blanks behind it that are erased.

    It takes so many cells; None where terminals differ.
    """

    x: int
    y: int
    pen: str
    text: str
    cells: int | None
    erased: int = 0


class Runs(NamedTuple):
    """What makes one picture the next: runs that are to be written in this order, and those that may be in any."""

    ordered: list[Run]
    free: list[Run]


def changed_runs(old: Row, new: Row, y: int, pens: Pens, *, erases_with_background: bool) -> Iterator[Run]:
    """What makes row `y`, which holds no grapheme before or after, the new one."""
    for start, end in _changes(old, new):
        yield from _runs(new, y, start, end, pens, erases_with_background=erases_with_background)


def all_runs(row: Row, y: int, pens: Pens, *, erases_with_background: bool) -> Iterator[Run]:
    """The row from its first known cell to its last, to be written in this order."""
    text, x, width = row.text, 0, len(row.text)
    graphemes = {one.x: one for one in row.graphemes}
    while x < width:
        grapheme = graphemes.get(x)
        end = x + 1
        if grapheme is not None:
            end = x + grapheme.width
            yield _run_of(grapheme, y, row.pens[x])
        elif text[x] != UNKNOWN:
            while end < width and text[end] not in (UNKNOWN, FILLED):
                end += 1
            yield from _runs(row, y, x, end, pens, erases_with_background=erases_with_background)
        x = end


def _run_of(grapheme: Grapheme, y: int, pen: str) -> Run:
    x, width, text = grapheme
    if is_wide_everywhere(grapheme):
        return Run(x, y, pen, text, width)
    # What a terminal takes for narrower than it is must not leave the cell beside it as it was.
    return Run(x, y, pen, f"{' ' * width}\x1b[{x + 1}G{text}", None)


def _changes(old: Row, new: Row) -> list[tuple[int, int]]:
    """The stretches of cells that differ, those a few cells apart joined: (start, end) each."""
    if old.pens == new.pens:
        differ = [x for x, (a, b) in enumerate(zip(old.text, new.text, strict=True)) if a != b]
    else:
        cells = zip(old.text, new.text, old.pens, new.pens, strict=True)
        differ = [x for x, (a, b, c, d) in enumerate(cells) if a != b or c != d]
    found: list[tuple[int, int]] = []
    start = end = -1
    for x in differ:
        if start < 0:
            start, end = x, x + 1
        elif x - end <= _JUMP and (x == end or _worth_rewriting(new, end, x)):
            end = x + 1
        else:
            found.append((start, end))
            start, end = x, x + 1
    if start >= 0:
        found.append((start, end))
    return found


def _worth_rewriting(row: Row, start: int, end: int) -> bool:
    between = row.pens[start:end]
    return UNKNOWN not in row.text[start:end] and not between.strip(row.pens[start - 1])


def _runs(row: Row, y: int, start: int, end: int, pens: Pens, *, erases_with_background: bool) -> Iterator[Run]:
    """The cells from column `start` up to `end`, which hold no grapheme.

    A space does not care for the colour of text: it goes with what stands before it, or else behind it.
    """
    width = len(row.text)
    at = x = start
    pen, text = "", ""
    while x < end:
        own = row.pens[x]
        stop = end - len(row.pens[x:end].lstrip(own))
        plain = pens.on_blanks(own) == own
        for part in _LONG_BLANK.split(row.text[x:stop]) if plain else (row.text[x:stop],):
            if not part:
                continue
            blank = plain and part.isspace()
            wanted = own
            if blank and pen and pens.on_blanks(pen) == own:
                wanted = pen
            elif blank and x + len(part) == stop < end and pens.on_blanks(row.pens[stop]) == own:
                wanted = row.pens[stop]
            if wanted != pen:
                if text:
                    yield Run(at, y, pen, text, len(text))
                at, pen, text = x, wanted, ""
            x += len(part)
            erasable = blank and pens.erases(own) and (erases_with_background or not pens.has_background(own))
            if erasable and len(part) > (_ERASURE if x in (end, width) else _ERASURE_AND_JUMP):
                yield Run(at, y, pen, text, len(text), len(part))
                at, text = x, ""
            else:
                text += part
    if text:
        yield Run(at, y, pen, text, len(text))
