"""How the panes share a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatui.ui.layout import PANES, PaneLayout, from_sizes, place, resized, sizes

SCREENS = [(160, 50), (120, 40), (100, 30)]


@pytest.mark.parametrize(("columns", "rows"), SCREENS)
def test_all_panes_show_on_an_ordinary_screen(columns: int, rows: int) -> None:
    """Nothing is a key away where there is room for it."""
    assert place(PaneLayout(), columns, rows, "functions").visible == frozenset(PANES)


@pytest.mark.parametrize("pane", PANES)
def test_a_small_screen_shows_one_pane(pane: str) -> None:
    """At 80x24 the focused pane has the screen to itself."""
    placement = place(PaneLayout(), 80, 24, pane)
    assert (placement.single, placement.visible) == (True, frozenset({pane}))


def test_a_hidden_pane_shows_while_it_has_the_focus() -> None:
    """Focus never goes where nothing is seen."""
    hidden = PaneLayout(hidden=frozenset({"logs"}))
    assert "logs" not in place(hidden, 120, 40, "edit").visible
    assert "logs" in place(hidden, 120, 40, "logs").visible


@given(
    columns=st.integers(1, 400),
    rows=st.integers(1, 120),
    pane=st.sampled_from(PANES),
    steps=st.lists(st.tuples(st.sampled_from(PANES), st.integers(-3, 3)), max_size=20),
)
def test_no_arrangement_overflows_the_screen(columns: int, rows: int, pane: str, steps: list[tuple[str, int]]) -> None:
    """However panes are resized and whatever the screen, the extents fit it."""
    layout = PaneLayout()
    for target, step in steps:
        layout = resized(layout, target, step, columns)
    placement = place(layout, columns, rows, pane)
    assert pane in placement.visible
    if not placement.single:
        assert placement.functions_columns + 40 <= columns
        assert placement.edit_rows + 4 + placement.logs_rows <= rows - 2


def test_sizes_are_remembered() -> None:
    """What was arranged comes back; nonsense gives the defaults."""
    layout = resized(resized(PaneLayout(), "logs", 2, 120), "functions", 3, 120)
    assert from_sizes(sizes(layout)) == layout
    assert from_sizes({"edit_share": 900, "logs_share": -4}) == PaneLayout(0, 85, 15)
