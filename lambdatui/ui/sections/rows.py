"""The lines of a tab made of sections, as values: headings, rows, remarks; and how wide their columns are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

GAP = 2
_LEAST = 8
"""A column is not shortened below this: it goes instead."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a column; `tone` is a role of `SectionList`: value, label, muted, good, warning or bad."""

    text: str
    tone: str = "label"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section. Those of the highest `rank` go first where there is no room; `flexible` are shortened."""

    title: str = ""
    rank: int = 0
    right: bool = False
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section: its title stands in the first column, the titles of the others above them."""

    columns: tuple[Column, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a section, on which the cursor can stand; `key` names it at the next reading too."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in a section, such as what it lacks; the cursor passes it."""

    text: str
    tone: str = "muted"


Line: TypeAlias = Heading | Row | Remark


def widths(lines: Sequence[Line], room: int) -> dict[int, tuple[int, ...]]:
    """How wide the columns of each section are, by the index of its heading; 0 is a column that has to go."""
    found: dict[int, tuple[int, ...]] = {}
    starts = [index for index, line in enumerate(lines) if isinstance(line, Heading)]
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        heading = lines[start]
        rows = [line for line in lines[start:end] if isinstance(line, Row)]
        if isinstance(heading, Heading):
            found[start] = fit(heading.columns, rows, room)
    return found


def fit(columns: Sequence[Column], rows: Sequence[Row], room: int) -> tuple[int, ...]:
    """The widths of one section's columns: as wide as their texts, then the flexible ones shortened, then fewer."""
    natural = [max([0, *(_wanted(row, index, columns) for row in rows)]) for index in range(len(columns))]
    # A column without a single text has no title either.
    natural = [
        max(width, cell_len(column.title)) if width else 0 for width, column in zip(natural, columns, strict=True)
    ]
    if columns:
        natural[0] = max(natural[0], cell_len(columns[0].title))
    shown = [index for index, width in enumerate(natural) if width]
    while True:
        over = sum(natural[index] for index in shown) + GAP * max(len(shown) - 1, 0) - room
        result = [natural[index] if index in shown else 0 for index in range(len(columns))]
        for index in sorted((i for i in shown if columns[i].flexible), key=lambda i: -columns[i].rank):
            spare = min(max(over, 0), max(result[index] - _LEAST, 0))
            result[index] -= spare
            over -= spare
        droppable = [index for index in shown if columns[index].rank]
        if over <= 0 or not droppable:
            if over > 0 and shown:
                result[shown[0]] = max(result[shown[0]] - over, _LEAST)
            return tuple(result)
        shown.remove(max(droppable, key=lambda index: columns[index].rank))


def reach(cells: Sequence[Cell], index: int) -> bool:
    """Whether the cell at `index` is the last of its row with a text: it may reach over the empty ones."""
    return not any(cell.text for cell in cells[index + 1 :])


def _wanted(row: Row, index: int, columns: Sequence[Column]) -> int:
    if columns[index].flexible and index < len(columns) - 1 and reach(row.cells, index):
        return min(cell_len(row.cells[index].text), _LEAST)
    return cell_len(row.cells[index].text)
