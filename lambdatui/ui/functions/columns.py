"""The columns of the function list: what each shows, how wide it is, and which ones fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache

from rich.cells import cell_len, chop_cells

from lambdatui.core.functions import FunctionSummary

NAME_MIN = 11
"""A column appears only when it leaves the names this many cells."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Mark(Enum):
    """What is known of a function's last invocation: a glyph at the end of its row."""

    SUCCEEDED = "●"
    FAILED = "✗"
    RUNNING = "◐"


class Column(Enum):
    """A column of the list; its value is its header."""

    NAME = "Name"
    RUNTIME = "Runtime"
    MEMORY = "Memory"
    TIMEOUT = "Timeout"
    LAST_USED = "Used"


SORTABLE = tuple(Column)
# The first to come when there is room, and the last to go.
_BY_IMPORTANCE = (Column.MEMORY, Column.TIMEOUT, Column.RUNTIME, Column.LAST_USED)
_ON_SCREEN = (Column.RUNTIME, Column.MEMORY, Column.TIMEOUT, Column.LAST_USED)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand: a name column, then `columns` with their widths, each after a gap of one cell."""

    name_width: int
    columns: tuple[tuple[Column, int], ...]

    def column_at(self, x: int) -> Column:
        """The column under the cell `x`, counted from the first cell of the names."""
        end = self.name_width
        for column, width in self.columns:
            if x < end:
                break
            end += 1 + width
            if x < end:
                return column
        return Column.NAME


def lay_out(width: int, natural: Mapping[Column, int]) -> Layout:
    """The columns that fit into `width` cells; `natural` is the widest content of each."""
    wanted = min(natural.get(Column.NAME, 0), NAME_MIN)
    room = width
    chosen: dict[Column, int] = {}
    for column in _BY_IMPORTANCE:
        needs = 1 + max(natural.get(column, 0), len(column.value))
        if room - needs < wanted or natural.get(column, 0) == 0:
            break
        room -= needs
        chosen[column] = needs - 1
    return Layout(max(room, 1), tuple((column, chosen[column]) for column in _ON_SCREEN if column in chosen))


def natural_widths(functions: Sequence[FunctionSummary], last_used: Mapping[str, datetime]) -> dict[Column, int]:
    """The widest content of each column; 0 for one that has none."""
    if not functions:
        return {}
    return {
        Column.NAME: max(len(function.name) for function in functions),
        Column.RUNTIME: max(cell_len(short_runtime(name)) for name in {function.runtime for function in functions}),
        Column.MEMORY: len(memory_text(max(function.memory_mb for function in functions))),
        Column.TIMEOUT: len(timeout_text(max(function.timeout_s for function in functions))),
        Column.LAST_USED: 4 if last_used else 0,
    }


def sort_key(column: Column, last_used: Mapping[str, datetime]) -> Callable[[FunctionSummary], tuple[object, ...]]:
    """What orders the functions by `column`; the name decides among equals."""
    match column:
        case Column.NAME:
            return lambda function: (function.name.lower(), function.name)
        case Column.RUNTIME:
            return lambda function: (_numbers_apart(function.runtime), function.name.lower())
        case Column.MEMORY:
            return lambda function: (function.memory_mb, function.name.lower())
        case Column.TIMEOUT:
            return lambda function: (function.timeout_s, function.name.lower())
        case Column.LAST_USED:
            return lambda function: (-last_used.get(function.name, _NEVER).timestamp(), function.name.lower())


_RUNTIMES = re.compile(r"(python|nodejs|java|ruby|dotnet(?:core)?|go|provided)(.*)")
_SHORT = {"python": "py", "nodejs": "node", "dotnetcore": "core"}


@lru_cache(maxsize=256)
def short_runtime(runtime: str) -> str:
    """A runtime in a few letters: "py3.13", "node22", "java21"; "image" when there is none."""
    if not runtime:
        return "image"
    match = _RUNTIMES.fullmatch(runtime)
    if not match:
        return runtime[:9]
    family, version = match[1], match[2].removesuffix(".x").removeprefix(".")
    if family == "provided":
        return "provided"
    return f"{_SHORT.get(family, family)}{version}"


def memory_text(memory_mb: int) -> str:
    """ "512 MB"; without a thousands separator, which would cost every row a cell."""
    return f"{memory_mb} MB"


def timeout_text(timeout_s: int) -> str:
    """ "30 s"."""
    return f"{timeout_s} s"


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago, in at most four letters: "now", "12s", "2m", "3h", "5d", "8w", "2y"; "" for never."""
    if then is None:
        return ""
    seconds = int((now - then).total_seconds())
    if seconds < 5:
        return "now"
    for unit, size in (("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= (2 * size if unit == "w" else size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def shorten(text: str, width: int) -> tuple[str, int, int]:
    """`text` in `width` cells, its middle left out: prefixes and suffixes both tell functions apart.

    Returns the text, and the stretch [first, last) of the original that is left out (empty when all is there).
    """
    length = cell_len(text)
    if length <= width:
        return text, len(text), len(text)
    if width <= 1:
        return "…"[:width], 0, len(text)
    tail_width = (width - 1) // 2
    head = _fitting(text, width - 1 - tail_width)
    tail = _fitting(text[::-1], tail_width)[::-1]
    return f"{head}…{tail}", len(head), len(text) - len(tail)


def _fitting(text: str, width: int) -> str:
    if width <= 0 or not text:
        return ""
    return text[:width] if text.isascii() else chop_cells(text, width)[0]


def _numbers_apart(text: str) -> tuple[tuple[int, str], ...]:
    # "python3.9" comes before "python3.13".
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|\D+", text))


def displayed(texts: Iterable[str], clean: Callable[[str], str]) -> list[str]:
    """Names as one clean line each."""
    return [text if text.isascii() and text.isprintable() else " ".join(clean(text).split()) for text in texts]
