"""A block is searched as a whole, and finds what a look at each line finds."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.core.log_block import Block
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.logs import LogEvent


def block_of(lines: list[str]) -> Block:
    """A block with these lines."""
    buffer = LogBuffer()
    buffer.extend([LogEvent(str(n), n, n, "stream", line) for n, line in enumerate(lines)])
    return buffer.block_at(0)[1]


def literal(typed: str, *, ignore_case: bool) -> LinePattern:
    """What finds the text, and no expression."""
    pattern = parse_pattern(typed, ignore_case)
    assert pattern is not None
    return pattern


_TEXTS = st.text("abAB -é日\U0001f40c", max_size=9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(_TEXTS, min_size=1, max_size=16),
    st.integers(1, 160),
    st.sampled_from(["a", "ab", "aba", "-", " a", "b ", "é", "日a", "\U0001f40c", "ABA", "a-b-a-b-a"]),
    st.booleans(),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
@example(["ab"], 150, "ab", False, (0, 0))  # every line
@example(["", "ab", "b"], 60, "ab", False, (2, 5))  # every third line, and empty ones between
@example(["aba ab", *[""] * 9], 80, "a", False, (0, 0))  # at the turn from seldom to often
def test_a_text_is_found_in_the_lines_that_hold_it(
    texts: list[str], times: int, typed: str, ignore_case: bool, left_out: tuple[int, int]
) -> None:
    """At the start of a line, at its end, twice in it, seldom, or in every line: never in two lines at once."""
    lines = texts * times
    start = min(left_out[0], len(lines))
    stop = max(len(lines) - left_out[1], start)
    found = literal(typed, ignore_case=ignore_case).lines_in(block_of(lines), start, stop)
    if ignore_case:
        assert found == [n for n in range(start, stop) if typed.lower() in lines[n].lower()]
    else:
        assert found == [n for n in range(start, stop) if typed in lines[n]]
