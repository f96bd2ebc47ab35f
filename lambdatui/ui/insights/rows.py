"""Rows of a query's answer: as cells of a table, as CSV and as NDJSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping

from rich.text import Text

from lambdatui.core.insights import POINTER, InsightsProgress

_MOST_CELLS = 90
"""A wider text is cut in the table; the row's own view shows all of it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LOG = re.compile(r"\d{12}:(?:/aws/lambda/)?(.+)")


def cells(progress: InsightsProgress, row: Mapping[str, str]) -> list[Text]:
    """One row of the table: numbers at the right, long texts in one line and cut."""
    made = []
    for column in progress.shown_columns:
        value = row.get(column, "")
        if _NUMBER.fullmatch(value):
            made.append(Text(figure(value), justify="right"))
            continue
        if column == "@log" and (found := _LOG.fullmatch(value)):
            value = found[1]
        line = " ".join(value.split())
        made.append(Text(line if len(line) <= _MOST_CELLS else f"{line[: _MOST_CELLS - 1]}…"))
    return made


def figure(value: str) -> str:
    """A number with its thousands marked and no more digits than say something: "1,204", "46.13", "0.00002"."""
    number = float(value)
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}"
    if abs(number) >= 0.01:
        return f"{number:,.2f}"
    return f"{number:.2g}" if abs(number) < 1e-6 else f"{number:.6f}".rstrip("0")


def as_json(row: Mapping[str, str]) -> str:
    """A row as one JSON object, without the pointer that only machines read."""
    return json.dumps({key: value for key, value in row.items() if key != POINTER}, ensure_ascii=False)


def as_ndjson(rows: Iterable[Mapping[str, str]]) -> str:
    """One object a line."""
    return "".join(f"{as_json(row)}\n" for row in rows)


def as_csv(progress: InsightsProgress) -> str:
    """A header and one line a row, as spreadsheets read it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, progress.shown_columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(progress.rows)
    return out.getvalue()
