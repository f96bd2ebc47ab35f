"""The editor's text: a document whose edits cost what they change, not what there is.

Textual's own measures every line and joins the whole text for each key: 1.8 s a key at 5.5 MB.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual._cells import cell_len, cell_width_to_column_index
from textual.document._document import Document, EditResult, Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline, get_tab_widths
from textual.geometry import Offset, Size, clamp

_INVISIBLE = {code: 0x2400 + code for code in range(0x20) if code != 0x09}
_INVISIBLE |= {0x7F: 0x2421} | dict.fromkeys(
    (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD
)
_INVISIBLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_HAS_INVISIBLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(line: str) -> str:
    """`line` as it may be written to a terminal: a control character becomes its picture, letter for letter."""
    return line.translate(_INVISIBLE) if _HAS_INVISIBLE.search(line) else line


def is_plain(line: str) -> bool:
    """Whether each character of `line` is one cell wide."""
    return line.isascii() and "\t" not in line


class JsonDocument(Document):
    """Lines, their widths and the size in bytes, kept up to date edit by edit.

    Only newlines split lines: U+2028 and the like are characters of a JSON string, and stay. A lone `\\r`
    becomes a newline. `version` grows with every edit.
    """

    def __init__(self, text: str) -> None:
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._lines = _split(text)
        self._tab_width = 2
        self._widths: list[int] = []
        self._widest = 0
        self._measure()
        self._joined: str | None = None
        self.version = 0
        self.size_bytes = self._bytes(self._lines)

    @property
    def text(self) -> str:
        """The whole text; joined once an edit at most."""
        if self._joined is None:
            self._joined = self._newline.join(self._lines)
        return self._joined

    def get_size(self, tab_width: int) -> Size:
        """Width of the widest line and number of lines."""
        if tab_width != self._tab_width:
            self._tab_width = tab_width
            self._measure()
        return Size(self._widest, len(self._lines))

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put `text` where [start, end) was."""
        (top_row, top_column), (bottom_row, bottom_column) = sorted((start, end))
        lines = self._lines
        replaced = self.get_text_range(start, end)
        before = lines[top_row][:top_column] if top_row < len(lines) else ""
        after = lines[bottom_row][bottom_column:] if bottom_row < len(lines) else ""
        inserted = _split(text)
        inserted[0] = before + inserted[0]
        end_location = (top_row + len(inserted) - 1, len(inserted[-1]))
        inserted[-1] += after
        old = lines[top_row : bottom_row + 1]
        self.size_bytes += self._bytes(inserted) - self._bytes(old) + (0 if old else len(self._newline))
        lines[top_row : bottom_row + 1] = inserted
        self._widths[top_row : bottom_row + 1] = widths = [self._width(line) for line in inserted]
        widest = max(widths)
        if widest >= self._widest:
            self._widest = widest
        elif any(self._width(line) == self._widest for line in old):
            self._widest = max(self._widths)
        self._joined = None
        self.version += 1
        return EditResult(end_location, replaced)

    def get_text_range(self, start: Location, end: Location) -> str:
        """The text of [start, end), with this document's newlines."""
        (top_row, top_column), (bottom_row, bottom_column) = sorted((start, end))
        lines = self._lines
        if top_row == bottom_row:
            return lines[top_row][top_column:bottom_column] if top_row < len(lines) else ""
        parts = [lines[top_row][top_column:], *lines[top_row + 1 : bottom_row]]
        if bottom_row < len(lines):
            parts.append(lines[bottom_row][:bottom_column])
        return self._newline.join(parts)

    def _measure(self) -> None:
        plain = all(map(is_plain, self._lines))
        self._widths = list(map(len, self._lines)) if plain else [self._width(line) for line in self._lines]
        self._widest = max(self._widths)

    def _width(self, line: str) -> int:
        return len(line) if is_plain(line) else cell_len(visible(line).expandtabs(self._tab_width))

    def _bytes(self, lines: Sequence[str]) -> int:
        breaks = len(self._newline) * max(0, len(lines) - 1)
        return (
            sum(len(line) if line.isascii() else len(line.encode("utf-8", "surrogatepass")) for line in lines) + breaks
        )


class UnwrappedDocument(WrappedDocument):
    """Says where a location is on the screen when no line is ever wrapped: no tables to keep."""

    document: JsonDocument

    def __init__(self, document: JsonDocument, tab_width: int) -> None:
        self.document = document
        self._width = 0
        self._tab_width = tab_width

    @property
    def height(self) -> int:
        """The number of lines."""
        return self.document.line_count

    def wrap(self, width: int, tab_width: int | None = None) -> None:  # noqa: ARG002
        """Note the width of tabs; there is nothing to wrap."""
        self._tab_width = tab_width or self._tab_width

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Nothing to do after an edit."""

    def get_offsets(self, line_index: int) -> list[int]:
        """No line is divided.

        Raises:
            ValueError: there is no such line.
        """
        if not 0 <= line_index < self.document.line_count:
            raise ValueError(f"No line {line_index}")
        return []

    def get_sections(self, line_index: int) -> list[str]:
        """The line itself."""
        return [visible(self.document[line_index])]

    def get_tab_widths(self, line_index: int) -> list[int]:
        """How wide each tab of the line is."""
        return [width for _, width in get_tab_widths(self.document[line_index], self._tab_width)]

    def offset_to_location(self, offset: Offset) -> Location:
        """The location under a cell."""
        row = clamp(offset.y, 0, self.document.line_count - 1)
        return row, self.get_target_document_column(row, max(0, offset.x), 0)

    def location_to_offset(self, location: Location) -> Offset:
        """The cell of a location."""
        row = clamp(location[0], 0, self.document.line_count - 1)
        before = self.document[row][: location[1]]
        x = len(before) if is_plain(before) else cell_len(expand_tabs_inline(visible(before), self._tab_width))
        return Offset(x, row)

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:  # noqa: ARG002
        """The column under the cell `x_offset` of a line."""
        line = self.document[line_index]
        if is_plain(line):
            return min(x_offset, len(line))
        return cell_width_to_column_index(visible(line), x_offset, self._tab_width)


def _split(text: str) -> list[str]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")
