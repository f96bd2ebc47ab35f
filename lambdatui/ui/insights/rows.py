"""Rows of a query's answer: as cells of a table and as NDJSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from lambdatui.core.insights import POINTER, InsightsProgress

_MOST_CELLS = 90
"""A wider text is cut in the table; the row's own view shows all of it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_EXACT = 1e15
"""Up to here a number is shown as it is: longer ones are ids."""
_LOG = re.compile(r"\d{12}:(?:/aws/lambda/)?(.+)")


def table(progress: InsightsProgress) -> list[list[Text]]:
    """The rows as the table shows them: numbers at the right, as precise as their column; long texts cut."""
    columns = [_column(name, [row.get(name, "") for row in progress.rows]) for name in progress.shown_columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(name: str, values: Sequence[str]) -> list[Text]:
    numbers = [float(value) for value in values if _is_number(value)]
    digits = _digits(numbers)
    return [
        Text(f"{float(value):,.{digits}f}", justify="right") if _is_number(value) else Text(_line(name, value))
        for value in values
    ]


def _is_number(value: str) -> bool:
    # "1e999" is infinite: no number to lay out.
    return _NUMBER.fullmatch(value) is not None and abs(float(value)) < _EXACT


def _digits(numbers: Sequence[float]) -> int:
    """After the point: none for whole numbers, else two, and two that say something for small ones."""
    broken = [abs(number) for number in numbers if number != int(number)]
    if not broken:
        return 0
    largest = max(broken)
    return 2 if largest >= 0.1 else min(1 - math.floor(math.log10(largest)), 12)


def _line(name: str, value: str) -> str:
    if name == "@log" and (found := _LOG.fullmatch(value)):
        value = found[1]
    line = " ".join(value.split())
    return line if len(line) <= _MOST_CELLS else f"{line[: _MOST_CELLS - 1]}…"


def as_json(row: Mapping[str, str]) -> str:
    """A row as one JSON object, without the pointer that only machines read."""
    return json.dumps({key: value for key, value in row.items() if key != POINTER}, ensure_ascii=False)


def as_ndjson(rows: Iterable[Mapping[str, str]]) -> str:
    """One object a line."""
    return "".join(f"{as_json(row)}\n" for row in rows)
