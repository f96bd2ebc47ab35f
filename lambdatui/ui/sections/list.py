"""Draws the lines of a tab made of sections, with the cursor on one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive

from lambdatui.ui.rows import Rows
from lambdatui.ui.sections.rows import GAP, Cell, Column, Heading, Line, Remark, Row, reach, widths

_GUTTER = 2


class SectionList(Rows):
    """Shows lines; says which row the cursor is on. The cursor stays on its row when the lines are read anew."""

    DEFAULT_CSS = """
    SectionList { height: 1fr; width: 1fr; }
    SectionList > .section--title { color: $primary; text-style: bold; }
    SectionList > .section--value { color: $foreground; text-style: bold; }
    SectionList > .section--label { color: $foreground; }
    SectionList > .section--muted { color: $text-muted; }
    SectionList > .section--good { color: $success; }
    SectionList > .section--warning { color: $warning; }
    SectionList > .section--bad { color: $error; }
    SectionList > .section--bar { color: $accent; }
    SectionList > .section--cursor { background: $block-cursor-blurred-background; }
    SectionList:focus > .section--cursor { background: $block-cursor-background; }
    """
    COMPONENT_CLASSES = {
        "section--title",
        "section--value",
        "section--label",
        "section--muted",
        "section--good",
        "section--warning",
        "section--bad",
        "section--bar",
        "section--cursor",
    }

    SCROLLBAR = False
    PAGE_STEP = 10

    @dataclass
    class Moved(Message):
        """The cursor is on another row, or on none."""

        key: str

    @dataclass
    class Opened(Message):
        """The row was clicked twice."""

        key: str

    lines: reactive[tuple[Line, ...]] = reactive((), layout=False)

    def __init__(self) -> None:
        super().__init__()
        self._widths: dict[int, tuple[int, ...]] = {}

    @property
    def key(self) -> str:
        """The key of the row under the cursor, "" when there is none."""
        line = self.lines[self.cursor] if self.cursor < len(self.lines) else None
        return line.key if isinstance(line, Row) else ""

    @property
    def more(self) -> str:
        """What is to be told of the row under the cursor, besides its cells."""
        line = self.lines[self.cursor] if self.cursor < len(self.lines) else None
        return line.more if isinstance(line, Row) else ""

    def watch_lines(self, old: tuple[Line, ...], new: tuple[Line, ...]) -> None:
        """Keep the cursor on its row; where that is gone, on the one that came after it."""
        was = old[self.cursor] if self.cursor < len(old) else None
        before = was.key if isinstance(was, Row) else ""
        self._measure()
        same = next((index for index, line in enumerate(new) if isinstance(line, Row) and line.key == before), None)
        self.cursor = self.nearest(self.cursor, 1) if same is None else same
        self.keep_visible()
        self.refresh()
        self.post_message(self.Moved(self.key))

    def cursor_moved(self) -> None:
        """Tell which row it is."""
        self.post_message(self.Moved(self.key))

    def on_resize(self) -> None:
        """The columns fit the width."""
        self._measure()

    def go_to(self, key: str) -> None:
        """Move the cursor to the row `key`, if it is there."""
        for index, line in enumerate(self.lines):
            if isinstance(line, Row) and line.key == key:
                self.cursor = index

    @property
    def row_count(self) -> int:
        """The lines."""
        return len(self.lines)

    def holds_cursor(self, number: int) -> bool:
        """Neither on headings nor on remarks."""
        return isinstance(self.lines[number], Row)

    def cursor_style(self) -> Style:
        """The cursor's background."""
        return self._style("cursor")

    def move(self, step: int) -> None:
        """Move the cursor by rows; on the first one all that stands above it is shown."""
        super().move(step)
        if self.nearest(0, 1) == self.cursor:
            self.top = 0

    def paint_row(self, number: int) -> Iterable[Segment]:
        """A heading, a row, or a remark."""
        line = self.lines[number]
        match line:
            case Heading():
                return self._heading(line, self._widths_at(number))
            case Row():
                bar = Segment("▌ " if number == self.cursor else "  ", self._style("bar"))
                return [bar, *self._cells(line.cells, self._columns_at(number), self._widths_at(number))]
            case Remark():
                room = max(self.size.width - _GUTTER - 1, 1)
                return [Segment("  "), Segment(_cut(line.text, room), self._style(line.tone))]

    def row_clicked(self, event: events.Click) -> None:
        """A second click opens the row."""
        if event.chain >= 2:
            self.post_message(self.Opened(self.key))

    def _measure(self) -> None:
        self._widths = widths(self.lines, max(self.size.width - _GUTTER - 1, 1))
        self.refresh()

    def _heading_of(self, index: int) -> int:
        return next((at for at in range(index, -1, -1) if isinstance(self.lines[at], Heading)), -1)

    def _widths_at(self, index: int) -> tuple[int, ...]:
        return self._widths.get(self._heading_of(index), ())

    def _columns_at(self, index: int) -> tuple[Column, ...]:
        at = self._heading_of(index)
        heading = self.lines[at] if at >= 0 else None
        return heading.columns if isinstance(heading, Heading) else ()

    def _heading(self, heading: Heading, room: tuple[int, ...]) -> list[Segment]:
        titles = [column.title for column in heading.columns]
        cells = tuple(Cell(title, "muted" if at else "title") for at, title in enumerate(titles))
        # A title in the first column is longer than what stands below it more often than not.
        segments = [Segment(" "), *self._cells(cells, heading.columns, (room[0] + 1, *room[1:]))]
        used = sum(segment.cell_length for segment in segments)
        space = self.size.width - used - cell_len(heading.note) - 1
        if heading.note and space > 0:
            segments += [Segment(" " * space), Segment(heading.note, self._style("muted"))]
        return segments

    def _cells(self, cells: tuple[Cell, ...], columns: tuple[Column, ...], room: tuple[int, ...]) -> list[Segment]:
        segments: list[Segment] = []
        for index, (cell, column, width) in enumerate(zip(cells, columns, room, strict=False)):
            if not width:
                continue
            if segments:
                segments.append(Segment(" " * GAP))
            if column.flexible and reach(cells, index):
                used = sum(segment.cell_length for segment in segments)
                segments.append(Segment(_cut(cell.text, self.size.width - _GUTTER - 1 - used), self._style(cell.tone)))
                break
            text = _cut(cell.text, width)
            space = " " * (width - cell_len(text))
            segments.append(Segment(space + text if column.right else text + space, self._style(cell.tone)))
        return segments

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"section--{role}", partial=True)


def _cut(text: str, width: int) -> str:
    """`text` in `width` cells at most."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)) + "…"
