"""Two terminals side by side: one is painted anew each time, cell by cell, the other by the painter."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyte
from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from lambdatui.ui.output.painter import Painter, Patch
from tests.e2e.terminal import screen_bytes

STYLES = [
    Style(),
    Style(color="red"),
    Style(color="#d5dae6", bgcolor="#11141b"),
    Style(color="#8c95a8", bgcolor="#11141b"),
    Style(color="#8c95a8", bgcolor="#2b3550", bold=True),
    Style(color="bright_blue", bgcolor="default", italic=True),
    Style(color="color(77)", underline=True),
    Style(reverse=True),
    Style(color="default", bgcolor="#000000", strike=True),
    Style(color="#ffffff", bgcolor="#202739", bold=True, link="https://example.com/a"),
    Style(bgcolor="yellow", dim=True),
]
WORDS = ["INFO", "resizing", "uploads/photo-17.jpg", "│", "──", "▌", " ", "   ", " " * 20, "0.31 s", "é", "ñandú", "…"]
ODD_WORDS = ["日本語のログ", "漢", "e\u0301te\u0301", "한글", "ｗｉｄｅ", "x\u20dd", "\u2713", "⚠"]
# A terminal in Python that stops at a joiner shows the first of the people only: the same on both sides.
JOINED_WORDS = ["👍", "👨\u200d👩\u200d👧", "❤\ufe0f", "🇩🇪", "👍🏽"]


class BlankErasing(pyte.Screen):
    """Fills rows that a scroll brings with the background, as most terminals do and pyte does not."""

    def index(self) -> None:
        """See pyte."""
        bottom = self.margins.bottom if self.margins else self.lines - 1
        at_edge = self.cursor.y == bottom
        super().index()
        if at_edge:
            self._fill(bottom)

    def reverse_index(self) -> None:
        """See pyte."""
        top = self.margins.top if self.margins else 0
        at_edge = self.cursor.y == top
        super().reverse_index()
        if at_edge:
            self._fill(top)

    def _fill(self, y: int) -> None:
        for x in range(self.columns):
            self.buffer[y][x] = self.cursor.attrs


def shown(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Each cell as a person sees it: of a blank only what is not the colour of text."""
    return [[_seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    lines = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data in (" ", "") and not any(lines):
        return (cell.data, cell.bg)
    return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *lines)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell; the second half of a wide character has the text ""."""

    text: str
    style: Style


def cells_of(segments: Iterable[Segment]) -> list[Cell]:
    """The cells that the segments fill."""
    cells: list[Cell] = []
    for text, style, _ in segments:
        for start, end, width in split_graphemes(text)[0]:
            if width:
                cells += [Cell(text[start:end], style or Style()), Cell("", style or Style())][:width]
    return cells


def segments_of(cells: Sequence[Cell]) -> list[Segment]:
    """Those cells as Textual has them: a segment a style."""
    groups = groupby(cells, lambda cell: cell.style)
    return [Segment("".join([cell.text for cell in group]), style) for style, group in groups]


def put(row: list[Cell], x: int, cells: Sequence[Cell]) -> list[Cell]:
    """The row with the cells put over it; of a wide character that is cut the other half becomes blank."""
    end = x + len(cells)
    left, right = row[:x], row[end:]
    if x < len(row) and not row[x].text and left:
        left[-1] = Cell(" ", left[-1].style)
    if right and not right[0].text:
        right[0] = Cell(" ", right[0].style)
    return [*left, *cells, *right]


def painted_anew(rows: Sequence[Sequence[Cell]], columns: int) -> pyte.Screen:
    """A terminal on which everything was put in its place, in its whole style."""
    screen = pyte.Screen(columns, len(rows))
    stream = pyte.ByteStream(screen)
    written = ["\x1b[?7l"]
    for y, row in enumerate(rows):
        for odd_or_x, group in groupby(enumerate(row), lambda at: at[0] if len(at[1].text.encode()) != 1 else -1):
            for style, cells in groupby(group, lambda at: at[1].style):
                run = list(cells)
                x = run[0][0]
                text = "".join([cell.text for _, cell in run])
                width = 2 if row[x + 1 : x + 2] and not row[x + 1].text else 1
                parts = (" " * width, text) if odd_or_x >= 0 and text else (text,)
                styled = [Strip.render_style(style, part, ColorSystem.TRUECOLOR) for part in parts]
                written += [f"\x1b[{y + 1};{x + 1}H{part}" for part in styled]
    stream.feed(screen_bytes("".join(written).encode()))
    return screen


class Desk:
    """A picture that changes at random, and a terminal that the painter keeps equal to it."""

    def __init__(self, seed: int, columns: int, rows: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test wants the same picture each time
        self.words = [*WORDS, *(ODD_WORDS if seed % 3 else ()), *(JOINED_WORDS if seed % 5 == 1 else ())]
        self.painter = Painter(ColorSystem.TRUECOLOR, erases_with_background=bool(seed % 4))
        self.screen = (BlankErasing if seed % 2 else pyte.Screen)(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.stream.feed(b"\x1b[?7l")
        self.rows = [self.row(columns) for _ in range(rows)]
        self.bytes = 0
        self.show([self.whole(y) for y in range(len(self.rows))])

    @property
    def columns(self) -> int:
        """The width of the picture."""
        return self.screen.columns

    def row(self, width: int) -> list[Cell]:
        """A random row of that width."""
        style = self.chance.choice(STYLES)
        cells: list[Cell] = []
        while len(cells) < width:
            if self.chance.random() < 0.6:
                style = self.chance.choice(STYLES)
            cells += cells_of([Segment(self.chance.choice(self.words), style)])
        return put(cells[:width], width - 1, [Cell("x", style)])

    def show(self, patches: Iterable[Patch]) -> None:
        """Write what the painter makes of the patches."""
        written = self.painter.paint(patches, self.columns, self.screen.lines)
        self.bytes += len(written.encode())
        self.stream.feed(screen_bytes(written.encode()))

    def check(self) -> None:
        """The terminal shows the picture, and was left with the plain pen and no margins."""
        wanted, got = shown(painted_anew(self.rows, self.columns)), shown(self.screen)
        wrong = [
            (x, y, a, b)
            for y in range(len(wanted))
            for x, (a, b) in enumerate(zip(wanted[y], got[y], strict=True))
            if a != b
        ]
        assert not wrong, wrong[:3]
        assert self.screen.cursor.attrs == self.screen.default_char
        assert self.screen.margins is None

    def step(self) -> None:
        """Change the picture in one of the ways in which pictures change."""
        change = self.chance.choice(
            (self.patch, self.patch, self.words_only, self.scroll, self.scroll, self.everything)
        )
        change()

    def put(self, x: int, y: int, cells: list[Cell]) -> Patch:
        """Put cells over a row of the picture."""
        self.rows[y] = put(self.rows[y], x, cells)
        return Patch(x, y, segments_of(cells))

    def whole(self, y: int) -> Patch:
        """A whole row."""
        return Patch(0, y, segments_of(self.rows[y]))

    def patch(self) -> None:
        """Other pieces, anywhere."""
        patches = []
        for _ in range(self.chance.randrange(1, 5)):
            x = self.chance.randrange(self.columns)
            width = self.chance.randrange(1, self.columns - x + 1)
            patches.append(self.put(x, self.chance.randrange(self.screen.lines), self.row(width)))
        self.show(patches)

    def words_only(self) -> None:
        """A few cells of a row, written with the whole row."""
        y = self.chance.randrange(self.screen.lines)
        x = self.chance.randrange(self.columns)
        self.put(x, y, self.row(min(3, self.columns - x)))
        self.show([self.whole(y)])

    def scroll(self) -> None:
        """Rows that move up or down, with new ones behind them, and a frame that stays."""
        top = self.chance.randrange(self.screen.lines - 4)
        bottom = self.chance.randrange(top + 4, self.screen.lines)
        by = self.chance.choice((1, 1, 2, 3, -1, -2))
        inside = self.rows[top : bottom + 1]
        fresh = [self.row(self.columns) for _ in range(abs(by))]
        inside = [*inside[by:], *fresh] if by > 0 else [*fresh, *inside[:by]]
        if self.chance.random() < 0.3:  # a scrollbar
            style = self.chance.choice(STYLES)
            inside = [put(one, self.columns - 1, [Cell("▐", style)]) for one in inside]
        self.rows[top : bottom + 1] = inside
        self.show([self.whole(y) for y in range(top, bottom + 1)])

    def everything(self) -> None:
        """The whole picture again: as it is, in other styles, or in another size."""
        kind = self.chance.random()
        if kind < 0.3:
            styles = dict(zip(STYLES, self.chance.sample(STYLES, len(STYLES)), strict=True))
            self.rows = [[Cell(cell.text, styles.get(cell.style, cell.style)) for cell in row] for row in self.rows]
        elif kind < 0.6:
            columns, rows = self.chance.randrange(8, 40), self.chance.randrange(6, 14)
            self.painter.forget()
            self.screen.resize(rows, columns)
            self.rows = [self.row(columns) for _ in range(rows)]
        elif kind < 0.7:
            self.painter.forget()
            self.stream.feed(b"\x1b[2J")
        self.show([self.whole(y) for y in range(len(self.rows))])
