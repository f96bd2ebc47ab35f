"""The table of a bulk change: paints the visible rows and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lambdatui.ui.bulk.rows import BulkRow
from lambdatui.ui.functions.columns import shorten

_TONES = ("plain", "quiet", "good", "warning", "failed")


class BulkTable(ScrollView, can_focus=True):
    """Shows rows; scrolls with the usual keys. Owns nothing else."""

    DEFAULT_CSS = """
    BulkTable {
        height: auto; max-height: 100%; background: $surface; scrollbar-size-vertical: 1;
        & > .bulk-table--plain { color: $foreground; }
        & > .bulk-table--quiet { color: $text-muted; }
        & > .bulk-table--good { color: $text-success; }
        & > .bulk-table--warning { color: $text-warning; }
        & > .bulk-table--failed { color: $text-error; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"bulk-table--{tone}" for tone in _TONES}

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[BulkRow] = ()
        self._name_cells = 0
        self._value_cells = 0

    def show(self, rows: Sequence[BulkRow]) -> None:
        """Other rows, at the same place."""
        more = len(rows) != len(self._rows)
        self._rows = rows
        self._name_cells = max((cell_len(row.name) for row in rows), default=0)
        self._value_cells = max((cell_len(row.values) for row in rows), default=0)
        self.virtual_size = Size(self.size.width, len(rows))
        self.refresh(layout=more)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as its rows, as far as there is room."""
        del container, viewport, width
        return max(len(self._rows), 1)

    def render_line(self, y: int) -> Strip:
        """One row: mark, name, old → new, note."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[number]
        ink, plain, quiet = self._ink(row.tone), self._ink("plain"), self._ink("quiet")
        room = max(width - 3, 1)
        values = min(self._value_cells, max(room // 3, 8))
        names = min(self._name_cells, max(room - values - 2 - 24, 12))
        shown, _, _ = shorten(row.name, names)
        segments = [
            Segment(f"{row.mark} ", ink),
            Segment(set_cell_size(shown, names), quiet if row.tone == "quiet" else plain),
            Segment("  "),
            Segment(set_cell_size(row.values, values), plain),
            Segment("  "),
            Segment(row.note, ink),
        ]
        return Strip(segments).adjust_cell_length(width).apply_style(self.rich_style)

    def _ink(self, tone: str) -> Style:
        style = self.get_component_rich_style(f"bulk-table--{tone}")
        return style.without_color + Style(color=style.color)
