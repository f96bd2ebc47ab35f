"""Promises of the status line above the event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.events import EventSource, JsonProblem
from lambdatui.ui.events.status import EventStatus, Origin, describe, size_text


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet="ab漢/", max_size=40),
    st.integers(0, 9_000_000),
    st.booleans(),
    st.none() | st.builds(JsonProblem, st.text("xyz ", max_size=40), st.integers(1, 999), st.integers(1, 999)),
    st.integers(12, 120),
)
def test_the_line_never_outgrows_its_width(
    name: str, size: int, modified: bool, problem: JsonProblem | None, width: int
) -> None:
    """Whatever is told, it fits; the verdict is there as long as anything is."""
    origin = Origin(name, EventSource.SAMPLE)
    line = describe(EventStatus(origin, modified, size, 6_291_556, problem), width)
    assert line.cell_length <= width


def test_the_line_tells_name_size_and_verdict() -> None:
    """Name on the left, size against the limit and the verdict on the right."""
    line = describe(EventStatus(Origin("put", EventSource.FUNCTION), True, 1042, 6_291_556, None), 60).plain
    assert line.startswith(" put · modified ")
    assert line.endswith("1,042 B of 6 MB · valid JSON")
    assert len(line) == 59


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (9_999, "9,999 B"), (104 * 1024, "104 kB"), (1024 * 1024, "1 MB"), (6_291_556, "6 MB")],
)
def test_sizes_are_told_in_the_unit_that_fits(size: int, shown: str) -> None:
    """Bytes up to 10,000, then kB and MB of 1,024."""
    assert size_text(size) == shown
