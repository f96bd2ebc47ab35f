"""What a person types for a moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.moments import moment_ms

NOW = datetime(2025, 11, 23, 14, 2, 11, tzinfo=UTC)
NOW_MS = 1_763_906_531_000
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("now", NOW_MS),
        ("30s", NOW_MS - 30_000),
        ("10m", NOW_MS - 600_000),
        ("-10 min", NOW_MS - 600_000),
        ("2H", NOW_MS - 2 * HOUR_MS),
        ("1h30m", NOW_MS - HOUR_MS * 3 // 2),
        ("1h 30m ago", NOW_MS - HOUR_MS * 3 // 2),
        ("1.5h", NOW_MS - HOUR_MS * 3 // 2),
        ("1d 2h", NOW_MS - 26 * HOUR_MS),
        ("14:02", NOW_MS - 11_000),
        ("14:02:11", NOW_MS),
        ("14:02:10.5", NOW_MS - 500),
        ("14:03", NOW_MS + 49_000 - 24 * HOUR_MS),
        ("2025-11-23", NOW_MS - 14 * HOUR_MS - 131_000),
        ("2025-11-23 14:02", NOW_MS - 11_000),
        ("2025-11-23T14:02:11.023Z", NOW_MS + 23),
        ("2025-11-23T15:02:11.023+01:00", NOW_MS + 23),
    ],
)
def test_moments_are_read(text: str, milliseconds: int) -> None:
    """Ages count back from now; a time of day is the last one there was; dates and ISO 8601 are what they say."""
    assert moment_ms(text, NOW, utc=True) == milliseconds


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("14:03", NOW_MS + 49_000), ("14:02", NOW_MS - 11_000 + 24 * HOUR_MS), ("1h", NOW_MS - HOUR_MS)],
)
def test_a_time_of_day_can_be_one_to_come(text: str, milliseconds: int) -> None:
    """The first one after another moment; what is no time of day stays what it is."""
    assert moment_ms(text, NOW, utc=True, after_ms=NOW_MS) == milliseconds


@pytest.mark.parametrize(
    "text", ["", "h", "10", "10x", "1h30", "25:00", "14:60", "14", "yesterday", "99999999w", "m10"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """With what would be one."""
    with pytest.raises(InvalidInput, match="is not a point in time"):
        moment_ms(text, NOW)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.one_of(st.text(max_size=30), st.from_regex(r"-?[0-9.:smhdw ]{1,20}", fullmatch=True)))
def test_any_text_is_a_moment_or_an_error(text: str) -> None:
    """Whatever is typed, it is a moment or a refusal that shows it; never a traceback."""
    try:
        moment_ms(text, NOW)
    except InvalidInput as error:
        told = error.title
    else:
        told = text
    assert text in told
