"""Cells: a row of the screen as strings of one character a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.segment import Segment

from lambdatui.ui.output.pens import Pens

UNKNOWN = "\x01"
"""The text of a cell of which nobody knows what the terminal shows there."""
FILLED = "\x00"
"""The text of a cell that belongs to a `Grapheme`."""

# One cell wide in every terminal, alone and beside each other.
_SIMPLE = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2015\u2018-\u2026\u2190-\u2193\u2500-\u25fc\u2713\u2717\u2718]*"
)


class Doubt(Exception):
    """What is to be written can't be followed, so it is to be written as it is."""


class Grapheme(NamedTuple):
    """What is more than one character in one cell, `width` cells from column `x`."""

    x: int
    width: int
    text: str


class Row(NamedTuple):
    """A row: each cell's text, each cell's pen, and what does not fit into that."""

    text: str
    pens: str
    graphemes: tuple[Grapheme, ...] = ()

    def patched(self, x: int, patch: Row) -> Row:
        """The row with `patch` put over it at column `x`; a wide character that is cut leaves a blank."""
        width = len(self.text)
        room = width - x
        if room <= 0:
            return self
        if len(patch.text) > room:
            patch = patch.cut(room)
        end = x + len(patch.text)
        row = self.without(x, end) if self.graphemes else self
        graphemes = row.graphemes
        if patch.graphemes:
            placed = [Grapheme(one.x + x, one.width, one.text) for one in patch.graphemes]
            graphemes = tuple(sorted([*graphemes, *placed]))
        return Row(row.text[:x] + patch.text + row.text[end:], row.pens[:x] + patch.pens + row.pens[end:], graphemes)

    def cut(self, width: int) -> Row:
        """The first `width` cells."""
        row = self.without(width, len(self.text)) if self.graphemes else self
        return Row(row.text[:width], row.pens[:width], row.graphemes)

    def without(self, start: int, end: int) -> Row:
        """The row with all graphemes that touch these columns blanked."""
        kept, text = [], self.text
        for one in self.graphemes:
            if one.x + one.width <= start or one.x >= end:
                kept.append(one)
            else:
                text = text[: one.x] + " " * one.width + text[one.x + one.width :]
        return Row(text, self.pens, tuple(kept))


def unknown(width: int, pens: Pens) -> Row:
    """A row of which nothing is known."""
    return Row(UNKNOWN * width, pens.plain * width)


def blank(width: int, pens: Pens) -> Row:
    """A row of which nothing is seen but the terminal's own background."""
    return Row(" " * width, pens.plain * width)


def row_of(segments: Iterable[Segment], pens: Pens) -> Row:
    """The cells that the segments fill, from column 0.

    Raises:
        Doubt: a segment holds a control code.
    """
    texts: list[str] = []
    styles: list[str] = []
    graphemes: list[Grapheme] = []
    x = 0
    for text, style, control in segments:
        if control:
            raise Doubt
        if not text:
            continue
        pen = pens.of(style)
        blank = pens.on_blanks(pen)
        if _SIMPLE.fullmatch(text):
            texts.append(text)
        else:
            cells, odd = _spread(text)
            graphemes += [Grapheme(x + at, width, grapheme) for at, width, grapheme in odd]
            text = cells  # noqa: PLW2901 - from here on one character a cell
            texts.append(text)
        if blank == pen or " " not in text:
            styles.append(pen * len(text))
        else:
            styles.append("".join([blank if cell == " " else pen for cell in text]))
        x += len(text)
    return Row("".join(texts), "".join(styles), tuple(graphemes))


@lru_cache(2_000)
def _spread(text: str) -> tuple[str, tuple[Grapheme, ...]]:
    """A text as cells and what does not fit into them, widths as Textual counts them.

    Raises:
        Doubt: it holds a control character.
    """
    cells: list[str] = []
    odd: list[Grapheme] = []
    x = 0
    for start, end, width in split_graphemes(text)[0]:
        grapheme = text[start:end]
        if any(unicodedata.category(one) == "Cc" for one in grapheme):
            raise Doubt
        if width == 1 and len(grapheme) == 1 and _keeps_its_cell(grapheme):
            cells.append(grapheme)
        elif width:
            cells.append(FILLED * width)
            odd.append(Grapheme(x, width, grapheme))
        x += width
    return "".join(cells), tuple(odd)


def _keeps_its_cell(character: str) -> bool:
    # Terminals reorder what is written from right to left, and disagree about pictures.
    return _SIMPLE.fullmatch(character) is not None or (
        ord(character) < 0x2600
        and unicodedata.bidirectional(character) not in ("R", "AL", "AN", "NSM")
        and unicodedata.category(character)[0] in "LNPSZ"
    )


def is_wide_everywhere(grapheme: Grapheme) -> bool:
    """Whether all terminals give it two cells: the scripts of East Asia, no emoji."""
    return (
        len(grapheme.text) == 1
        and grapheme.width == 2
        and unicodedata.east_asian_width(grapheme.text) in "WF"
        and (0x2E80 <= ord(grapheme.text) <= 0xFFE6)
    )
