"""Promises of the columns of the function list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatui.core.functions import FunctionSummary
from lambdatui.ui.functions.columns import Column, ago, lay_out, natural_widths, short_runtime, shorten, sort_key

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abc-漢é", max_size=30), st.integers(1, 20))
def test_a_long_name_keeps_its_beginning_and_its_end(name: str, width: int) -> None:
    """What does not fit loses its middle, never more cells than there are, and says which letters went."""
    shown, first, last = shorten(name, width)
    assert cell_len(shown) <= width
    if first == last:
        assert shown == name
    else:
        assert shown == f"{name[:first]}…{name[last:]}"


@pytest.mark.parametrize(
    ("runtime", "shown"),
    [
        ("python3.13", "py3.13"),
        ("nodejs22.x", "node22"),
        ("java21", "java21"),
        ("java8.al2", "java8.al2"),
        ("dotnet8", "dotnet8"),
        ("provided.al2023", "provided"),
        ("", "image"),
        ("somethingnew99.x", "something"),
    ],
)
def test_runtimes_are_short_and_unknown_ones_never_break_a_row(runtime: str, shown: str) -> None:
    """A runtime is an open string, at most nine letters on the screen."""
    assert short_runtime(runtime) == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=-3), "now"),
        (timedelta(seconds=12), "12s"),
        (timedelta(minutes=2), "2m"),
        (timedelta(hours=3), "3h"),
        (timedelta(days=13), "13d"),
        (timedelta(days=15), "2w"),
        (timedelta(days=800), "2y"),
    ],
)
def test_the_last_use_is_told_in_one_unit(passed: timedelta, shown: str) -> None:
    """ "2m", "3h", "5d": never two units, never more than four cells."""
    assert ago(NOW - passed, NOW) == shown


def test_columns_come_with_the_room_for_them() -> None:
    """Narrow panes show name and memory, wider ones the timeout, the runtime, and when it was last used."""
    functions = [FunctionSummary("resize-image", "python3.13", memory_mb=1024, timeout_s=30)]
    natural = natural_widths(functions, {"resize-image": NOW})

    def shown(width: int) -> list[Column]:
        return [column for column, _ in lay_out(width, natural).columns]

    assert shown(10) == []
    assert shown(22) == [Column.MEMORY]
    assert shown(28) == [Column.MEMORY, Column.TIMEOUT]
    assert shown(40) == [Column.RUNTIME, Column.MEMORY, Column.TIMEOUT, Column.LAST_USED]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 80))
def test_the_columns_fill_the_width_exactly(width: int) -> None:
    """Name and columns with their gaps are as wide as the row, at any width."""
    functions = [FunctionSummary("x" * 30, "python3.13", memory_mb=10240, timeout_s=900)]
    layout = lay_out(width, natural_widths(functions, {"x": NOW}))
    assert layout.name_width + sum(1 + cells for _, cells in layout.columns) == width


def test_runtimes_sort_by_their_numbers() -> None:
    """Python 3.9 comes before Python 3.13."""
    functions = [FunctionSummary("a", "python3.13"), FunctionSummary("b", "python3.9")]
    assert [function.name for function in sorted(functions, key=sort_key(Column.RUNTIME, {}))] == ["b", "a"]
