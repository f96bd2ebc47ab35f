"""CloudWatch's patterns mean here what they mean there, as far as lines are concerned."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput, Unsupported
from lambdatui.core.filter_pattern import matcher_of

LINES = ("ERROR one", "WARN two", "ERROR WARN three", "INFO four 503", 'say "hi" \\o')


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", (0, 1, 2, 3, 4)),
        ("ERROR", (0, 2)),
        ("error", ()),
        ("ERROR WARN", (2,)),
        ("?ERROR ?WARN", (0, 1, 2)),
        ("ERROR -WARN", (0,)),
        ("-ERROR", (1, 3, 4)),
        ("one ?WARN", (0,)),
        ('"ERROR WARN"', (2,)),
        ('"WARN ERROR"', ()),
        ('"\\"hi\\""', (4,)),
        ("%[45]0[0-9]%", (3,)),
        ("-%ERROR|WARN% four", (3,)),
    ],
)
def test_a_pattern_chooses_lines(pattern: str, found: tuple[int, ...]) -> None:
    """All terms, no excluded one, any of the optional ones."""
    matches = matcher_of(pattern)
    assert tuple(number for number, line in enumerate(LINES) if matches(line)) == found


@pytest.mark.parametrize("pattern", ["{ $.level = ERROR }", "[ip, user]"])
def test_what_only_the_service_can_do_is_said(pattern: str) -> None:
    """Never a filter that quietly matches something else."""
    with pytest.raises(Unsupported):
        matcher_of(pattern)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.text(alphabet='ab "-?%\\(', max_size=12))
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    """Never a traceback."""
    try:
        matches = matcher_of(pattern)
    except (InvalidInput, Unsupported) as error:
        told = error.title
    else:
        told = str(matches(""))
    assert told
