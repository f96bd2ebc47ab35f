"""The dialog that shows and hides columns of the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lambdatui.ui.dialogs.choose import Choice, Choose
from lambdatui.ui.functions.columns import OPTIONAL, Column

_NOTES: Mapping[Column, str] = {
    Column.ARCHITECTURE: "where there is more than one",
    Column.PACKAGE: "where there is more than one",
    Column.CODE_SIZE: "size of the code",
    Column.STATE: "read for what is on the screen",
    Column.RESERVED: "reserved concurrency, read for what is on the screen",
    Column.MODIFIED: "how long ago it was changed",
    Column.LAST_USED: "how long ago it was invoked from here",
}


def column_dialog(hidden: Collection[Column]) -> Choose:
    """Answers with the index in `OPTIONAL` of the column to show or to hide, None when enough is chosen."""
    choices = [
        Choice(column.value, _NOTES.get(column, ""), mark=" " if column in hidden else "✓", tone="$accent")
        for column in OPTIONAL
    ]
    return Choose("Columns", choices, keys="enter shows or hides · esc closes", empty="There is no column.")
