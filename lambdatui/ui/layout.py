"""Where the panes are: which are shown and how the room is shared. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

PANES = ("functions", "edit", "result", "logs")
"""The panes by their number, 1 to 4."""

SINGLE_COLUMNS, SINGLE_ROWS = 90, 26
"""Below either, one pane at a time is shown."""
NARROW_COLUMNS = 100
LOW_ROWS = 8
"""Below, the header and the names of the panes make room for the pane itself."""


@dataclass(frozen=True, slots=True)
class PaneLayout:
    """What the user arranged. Shares are per cent of the room; `functions_columns` 0 means by the width."""

    functions_columns: int = 0
    edit_share: int = 50
    logs_share: int = 36
    hidden: frozenset[str] = frozenset()
    zoomed: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """What that means on a screen of a given size: the visible panes and their extents in cells."""

    visible: frozenset[str]
    single: bool
    low: bool
    functions_columns: int
    edit_rows: int
    logs_rows: int


def place(layout: PaneLayout, columns: int, rows: int, focused: str) -> Placement:
    """Place the panes on `columns` x `rows` cells (header and footer included); `focused` always shows."""
    single = layout.zoomed or columns < SINGLE_COLUMNS or rows < SINGLE_ROWS
    visible = frozenset({focused}) if single else frozenset(PANES) - layout.hidden | {focused}
    low = rows < LOW_ROWS
    body = max(rows - (1 if low else 2 + single), 1)  # a single pane has the line of the panes' names above it
    upper_shown = bool(visible & {"functions", "edit", "result"})
    logs_rows = body if not upper_shown else _clamp(round(body * layout.logs_share / 100), 4, body - 8)
    upper = body - (logs_rows if "logs" in visible else 0)
    right_shown = bool(visible & {"edit", "result"})
    wanted = layout.functions_columns or _default_columns(columns)
    functions_columns = columns if not right_shown else _clamp(wanted, 20, columns - 40)
    edit_rows = upper if "result" not in visible else _clamp(round(upper * layout.edit_share / 100), 4, upper - 4)
    return Placement(visible, single, low, functions_columns, edit_rows, logs_rows)


def resized(layout: PaneLayout, pane: str, steps: int, columns: int) -> PaneLayout:
    """`layout` with `pane` grown (or shrunk) by `steps`."""
    match pane:
        case "functions":
            wanted = (layout.functions_columns or _default_columns(columns)) + 2 * steps
            return replace(layout, functions_columns=_clamp(wanted, 20, max(columns - 40, 20)))
        case "edit":
            return replace(layout, edit_share=_clamp(layout.edit_share + 5 * steps, 15, 85))
        case "result":
            return replace(layout, edit_share=_clamp(layout.edit_share - 5 * steps, 15, 85))
        case _:
            return replace(layout, logs_share=_clamp(layout.logs_share + 4 * steps, 15, 75))


def sizes(layout: PaneLayout) -> dict[str, int]:
    """The sizes, to be remembered; what is hidden or zoomed is not."""
    return {
        "functions_columns": layout.functions_columns,
        "edit_share": layout.edit_share,
        "logs_share": layout.logs_share,
    }


def from_sizes(remembered: Mapping[str, int]) -> PaneLayout:
    """The layout with the remembered sizes; what is missing or out of range has its default."""
    default = PaneLayout()
    return PaneLayout(
        max(remembered.get("functions_columns", 0), 0),
        _clamp(remembered.get("edit_share", default.edit_share), 15, 85),
        _clamp(remembered.get("logs_share", default.logs_share), 15, 75),
    )


def _default_columns(columns: int) -> int:
    return 34 if columns <= NARROW_COLUMNS else 44 if columns < 140 else 52


def _clamp(value: int, least: int, most: int) -> int:
    return max(least, min(value, max(most, least)))
