"""The columns of the function list: what each shows, how wide it is, and which ones fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len, chop_cells

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.limits import DEPRECATED_RUNTIMES
from lambdatui.ui.functions.glances import NOTHING_READ, Glances

NAME_MIN = 11
"""A column appears only when it leaves the names this many cells."""
NAME_ROOMY = 30
"""One that is no more than nice to have: only when it leaves them this many."""
_DESCRIPTION_MIN = 16

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Mark(Enum):
    """What is known of a function's last invocation: a glyph at the end of its row."""

    SUCCEEDED = "●"
    FAILED = "✗"
    RUNNING = "◐"


class Column(Enum):
    """A column of the list; its value is its header."""

    NAME = "Name"
    PLACE = "Place"
    RUNTIME = "Runtime"
    MEMORY = "Memory"
    TIMEOUT = "Timeout"
    ARCHITECTURE = "Arch"
    PACKAGE = "Package"
    CODE_SIZE = "Code"
    LAYERS = "Layers"
    STATE = "State"
    RESERVED = "Reserved"
    MODIFIED = "Modified"
    LAST_USED = "Used"
    DESCRIPTION = "Description"


LEFT_ALIGNED = frozenset(
    {Column.NAME, Column.PLACE, Column.RUNTIME, Column.ARCHITECTURE, Column.PACKAGE, Column.STATE, Column.DESCRIPTION}
)
_ESSENTIAL = (Column.PLACE, Column.MEMORY, Column.TIMEOUT, Column.RUNTIME, Column.LAST_USED)
# The first to come when there is room, and the last to go.
_BY_IMPORTANCE = (
    *_ESSENTIAL,
    Column.STATE,
    Column.RESERVED,
    Column.MODIFIED,
    Column.CODE_SIZE,
    Column.ARCHITECTURE,
    Column.LAYERS,
    Column.PACKAGE,
)
OPTIONAL = tuple(column for column in Column if column is not Column.NAME)
"""Those that can be hidden, as they stand from left to right."""


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
    name = natural.get(Column.NAME, 0)
    room = width
    chosen: dict[Column, int] = {}
    for column in _BY_IMPORTANCE:
        if natural.get(column, 0) == 0:
            continue
        needs = 1 + max(natural[column], len(column.value))
        if room - needs < min(name, NAME_MIN if column in _ESSENTIAL else NAME_ROOMY):
            break
        room -= needs
        chosen[column] = needs - 1
    # What is left goes to the description; the names have all they need by then.
    if natural.get(Column.DESCRIPTION, 0) and room - name - 2 >= _DESCRIPTION_MIN:
        chosen[Column.DESCRIPTION] = room - name - 2
        room = name + 1
    return Layout(max(room, 1), tuple((column, chosen[column]) for column in OPTIONAL if column in chosen))


def natural_widths(
    functions: Sequence[FunctionSummary],
    last_used: Mapping[str, datetime],
    *,
    glances: bool = False,
    hidden: Collection[Column] = (),
) -> dict[Column, int]:
    """The widest content of each column; 0 for one that has none, says the same everywhere, or is `hidden`.

    `glances`: whether state and reserved concurrency are read.
    """
    if not functions:
        return {}
    architectures = {function.architecture for function in functions}
    packages = {function.package_type for function in functions}
    widths = {
        Column.NAME: max(len(function.own_name) for function in functions),
        Column.PLACE: max(len(place) for place in {function.place for function in functions}),
        Column.RUNTIME: max(_runtime_width(name) for name in {function.runtime for function in functions}),
        Column.MEMORY: len(memory_text(max(function.memory_mb for function in functions))),
        Column.TIMEOUT: len(timeout_text(max(function.timeout_s for function in functions))),
        Column.ARCHITECTURE: max(map(cell_len, architectures)) if len(architectures) > 1 else 0,
        Column.PACKAGE: max(map(cell_len, packages)) if len(packages) > 1 else 0,
        Column.CODE_SIZE: 8 if any(function.code_size_bytes for function in functions) else 0,
        Column.LAYERS: 1 if any(function.layer_count for function in functions) else 0,
        Column.STATE: 8 if glances else 0,
        Column.RESERVED: 6 if glances else 0,
        Column.MODIFIED: 4 if any(function.last_modified_at for function in functions) else 0,
        Column.LAST_USED: 4 if last_used else 0,
        Column.DESCRIPTION: 1 if any(function.description for function in functions) else 0,
    }
    return {column: 0 if column in hidden else width for column, width in widths.items()}


_SortValue: TypeAlias = Callable[[FunctionSummary, Mapping[str, datetime], Glances], object]
_SORTED_BY: Mapping[Column, _SortValue] = {
    Column.NAME: lambda function, _used, _glances: function.name.lower(),
    Column.PLACE: lambda function, _used, _glances: function.place,
    Column.RUNTIME: lambda function, _used, _glances: _numbers_apart(function.runtime),
    Column.MEMORY: lambda function, _used, _glances: function.memory_mb,
    Column.TIMEOUT: lambda function, _used, _glances: function.timeout_s,
    Column.ARCHITECTURE: lambda function, _used, _glances: function.architecture,
    Column.PACKAGE: lambda function, _used, _glances: function.package_type,
    Column.CODE_SIZE: lambda function, _used, _glances: function.code_size_bytes or 0,
    Column.LAYERS: lambda function, _used, _glances: function.layer_count,
    Column.STATE: lambda function, _used, glances: glances.state_rank(function),
    Column.RESERVED: lambda function, _used, glances: glances.reserved_rank(function),
    Column.MODIFIED: lambda function, _used, _glances: -(function.last_modified_at or _NEVER).timestamp(),
    Column.LAST_USED: lambda function, used, _glances: -used.get(function.name, _NEVER).timestamp(),
    Column.DESCRIPTION: lambda function, _used, _glances: function.description.lower(),
}


def sort_key(
    column: Column, last_used: Mapping[str, datetime], glances: Glances = NOTHING_READ
) -> Callable[[FunctionSummary], tuple[object, ...]]:
    """What orders the functions by `column`; the name decides among equals."""
    value = _SORTED_BY[column]
    return lambda function: (value(function, last_used, glances), function.name.lower(), function.name)


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


def _runtime_width(runtime: str) -> int:
    return cell_len(short_runtime(runtime)) + (runtime in DEPRECATED_RUNTIMES)


def memory_text(memory_mb: int) -> str:
    """ "512 MB"; without a thousands separator, which would cost every row a cell."""
    return f"{memory_mb} MB"


def timeout_text(timeout_s: int) -> str:
    """ "30 s"."""
    return f"{timeout_s} s"


def size_text(size_bytes: int | None) -> str:
    """ "812 B", "12.4 kB", "3.1 MB"; "" when it is not known, and for an image, which tells 0."""
    if not size_bytes:
        return ""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    return f"{size_bytes / 1_000:.1f} kB" if size_bytes < 999_950 else f"{size_bytes / 1_000_000:.1f} MB"


def is_deprecated(runtime: str, today: datetime) -> bool:
    """Whether a runtime gets no more patches."""
    return DEPRECATED_RUNTIMES.get(runtime, "9999") <= f"{today:%Y-%m-%d}"


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
