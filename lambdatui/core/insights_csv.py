"""Rows of Logs Insights as CSV: for scripts, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

from lambdatui.core.insights import InsightsProgress

_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a log holds is anybody's: a spreadsheet computes a cell that begins so, and some formulas run programs."""


def csv_of(progress: InsightsProgress) -> str:
    """A heading and one line a row; a cell that a spreadsheet would run begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = progress.shown_columns
    writer.writerow(columns)  # as the query names them
    writer.writerows([_inert(row.get(column, "")) for column in columns] for row in progress.rows)
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_FORMULA) and not _NUMBER.fullmatch(cell) else cell
