"""The lines of a tab made of sections, as values: headings, rows, remarks; and how wide their columns are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

from lambdatui.core.errors import Denied
from lambdatui.core.reading import Unread

GAP = 2
NICE = 5
"""A column of this rank or more goes before any other is shortened."""
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
    """One thing of a section, on which the cursor can stand; `key` names it at the next reading too.

    `more` is told below the list while the cursor is on it: what its cells have no room for.
    """

    key: str
    cells: tuple[Cell, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in a section, such as what it lacks; the cursor passes it."""

    text: str
    tone: str = "muted"


Line: TypeAlias = Heading | Row | Remark


def lack(missing: Unread, consequence: str = "") -> Remark:
    """A part that could not be read, with what to do about it and what is not shown therefore."""
    error = missing.error
    remedy = "" if isinstance(error, Denied) else error.hint or error.detail  # a denial names the permission
    return Remark(f"{missing.part}: {'. '.join(filter(None, (error.title, remedy, consequence)))}", "warning")


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
    """The widths of one section's columns: as wide as their texts; then without the nice ones, shortened, fewer."""
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
        droppable = [index for index in shown if columns[index].rank]
        last = max(droppable, key=lambda index: columns[index].rank, default=0)
        if over > 0 and columns[last].rank >= NICE:
            shown.remove(last)
            continue
        result = [natural[index] if index in shown else 0 for index in range(len(columns))]
        over -= _shorten(result, [index for index in shown if columns[index].flexible], over)
        if over <= 0 or not droppable:
            if over > 0 and shown:
                result[shown[0]] = max(result[shown[0]] - over, _LEAST)
            return tuple(result)
        shown.remove(last)


def _shorten(result: list[int], flexible: Sequence[int], over: int) -> int:
    """Take up to `over` cells from the widest of the flexible columns, cell by cell; how many were taken."""
    for taken in range(max(over, 0)):
        widest = max(flexible, key=lambda index: result[index], default=-1)
        if widest < 0 or result[widest] <= _LEAST:
            return taken
        result[widest] -= 1
    return max(over, 0)


def reach(cells: Sequence[Cell], index: int) -> bool:
    """Whether the cell at `index` is the last of its row with a text: it may reach over the empty ones."""
    return not any(cell.text for cell in cells[index + 1 :])


def _wanted(row: Row, index: int, columns: Sequence[Column]) -> int:
    if columns[index].flexible and index < len(columns) - 1 and reach(row.cells, index):
        return min(cell_len(row.cells[index].text), _LEAST)
    return cell_len(row.cells[index].text)
