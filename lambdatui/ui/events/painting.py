"""Paints one line of the editor: its number, its colours, what is selected, the cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.expand_tabs import get_tab_widths
from textual.strip import Strip

from lambdatui.core.json_text import spans
from lambdatui.ui.events.document import is_plain, visible

_COLOURED_UP_TO = 20_000
"""A longer line (a minified document) stays plain: colouring needs it from its start, at every key."""


@dataclass(frozen=True, slots=True)
class LineLook:
    """Everything that decides how a line looks: two equal looks are one picture.

    Columns count characters. `selected` is a stretch, `paired` the brackets that belong together, `problem` the
    column where JSON ends. `scroll_x` and `width` are cells.
    """

    line: str
    number: str
    scroll_x: int
    width: int
    tab_width: int
    current: bool = False
    cursor: int | None = None
    selected: tuple[int, int] | None = None
    paired: tuple[int, ...] = ()
    problem: int | None = None


def paint(look: LineLook, style: Callable[[str], Style]) -> Strip:
    """The strip for `look`; `style` gives the style of a part by its name."""
    base = style("cursor-line" if look.current else "base")
    gutter = style("cursor-gutter" if look.current else "gutter")
    if look.problem is not None:
        gutter += style("problem-number")
    strip = Strip([Segment(look.number, gutter)]) if look.number else Strip([])
    text_width = look.width - strip.cell_length
    line = visible(look.line) + " "  # the cursor may stand behind the last letter
    if is_plain(line):
        first, last = look.scroll_x, look.scroll_x + text_width
        segments = _segments(look, line, (first, last), base, style)
        return Strip.join([strip, Strip(segments).adjust_cell_length(text_width, base)])
    segments = _segments(look, line, (0, len(line)), base, style)
    body = Strip(_without_tabs(segments, line, look.tab_width))
    body = body.crop(look.scroll_x, look.scroll_x + text_width).adjust_cell_length(text_width, base)
    return Strip.join([strip, body])


def _segments(
    look: LineLook, line: str, stretch: tuple[int, int], base: Style, style: Callable[[str], Style]
) -> list[Segment]:
    """The characters of a stretch of `line`, cut where the style changes."""
    first, last = stretch
    layers: list[tuple[int, int, Style]] = []
    if len(line) <= _COLOURED_UP_TO:
        layers += [(start, end, style(kind)) for start, end, kind in spans(line) if end > first and start < last]
    if look.selected is not None:
        layers.append((*look.selected, style("selection")))
    layers += [(column, column + 1, style("matching-bracket")) for column in look.paired]
    if look.problem is not None:
        column = min(look.problem, len(line) - 1)
        layers.append((column, column + 1, style("problem")))
    if look.cursor is not None:
        layers.append((look.cursor, look.cursor + 1, style("cursor")))
    last = min(last, len(line))
    cuts = sorted({first, last} | {cut for start, end, _ in layers for cut in (start, end) if first < cut < last})
    segments = []
    for start, end in pairwise(cuts):
        look_of_piece = base
        for layer_start, layer_end, layer_style in layers:
            if layer_start <= start and end <= layer_end:
                look_of_piece += layer_style
        segments.append(Segment(line[start:end], look_of_piece))
    return segments


def _without_tabs(segments: list[Segment], line: str, tab_width: int) -> list[Segment]:
    if "\t" not in line:
        return segments
    widths = iter([width for _, width in get_tab_widths(line, tab_width)])
    expanded = []
    for text, style, _ in segments:
        parts = text.split("\t")
        shown = parts[0] + "".join(" " * next(widths) + part for part in parts[1:])
        expanded.append(Segment(shown, style))
    return expanded
