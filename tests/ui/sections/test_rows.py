"""How wide the columns of a section are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.ui.sections.rows import GAP, Cell, Column, Row, fit

COLUMNS = (Column("Name"), Column("to", flexible=True), Column("size", 5, right=True), Column("note", 1, flexible=True))


def rows(*texts: tuple[str, ...]) -> list[Row]:
    """Rows of plain cells."""
    return [Row(str(index), tuple(map(Cell, row))) for index, row in enumerate(texts)]


def test_columns_are_as_wide_as_their_texts() -> None:
    """A column without a text takes no room, nor does its title."""
    assert fit(COLUMNS, rows(("live", "3", "", "a note")), 60) == (4, 2, 0, 6)


def test_the_least_important_column_goes_first() -> None:
    """A nice one before any is shortened; then the widest is, to 8 cells at least; then the next one goes."""
    full = rows(("resize", "x" * 20, "1.2 MB", "y" * 30))
    assert fit(COLUMNS, full, 68) == (6, 20, 6, 30)
    assert fit(COLUMNS, full, 60) == (6, 20, 0, 30)
    assert fit(COLUMNS, full, 40) == (6, 15, 0, 15)
    assert fit(COLUMNS, full, 26) == (6, 8, 0, 8)
    assert fit(COLUMNS, full, 20) == (6, 12, 0, 0)


@given(
    st.lists(st.tuples(*[st.text("ab ", max_size=40)] * 4), max_size=4),
    st.integers(26, 120),
)
@settings(max_examples=80, derandomize=True)
def test_a_row_never_needs_more_room_than_there_is(texts: list[tuple[str, ...]], room: int) -> None:
    """Whatever stands in it, and however narrow the pane."""
    found = [width for width in fit(COLUMNS, rows(*texts), room) if width]
    assert sum(found) + GAP * (len(found) - 1) <= max(room, 8)
