"""Searching log lines: literals in smart case, regular expressions, piece by piece."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_block import Block
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_filter import LogFilter
from lambdatui.core.log_intake import lines_of
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.logs import LogEvent


def pattern_of(typed: str) -> LinePattern:
    """The pattern for what is typed."""
    pattern = parse_pattern(typed)
    assert pattern is not None
    return pattern


def block_of(lines: list[str]) -> Block:
    """A block with these lines."""
    block = Block()
    block.append(lines_of([LogEvent("", 0, 0, "stream", line) for line in lines], [0] * len(lines)), str)
    return block


def searched(found: LogFilter) -> LogFilter:
    """The filter, complete."""
    while found.advance():
        pass
    return found


@pytest.mark.parametrize(
    ("typed", "line", "matches"),
    [
        ("error", "An ERROR here", True),
        ("Error", "An ERROR here", False),
        ("/err.r/", "An ERROR here", True),
        ("/Err.r/", "An ERROR here", False),
        (r"/\Sb/", "aB", True),
        ("/", "a/b", True),
        ("a.b", "axb", False),
        ("größe", "GRÖSSE GRÖßE", True),
        (r"/^end$/", "end", True),
        (r"/\Aend\Z/", "end", True),
        (r"/(?<=x)y/", "xy", True),
    ],
)
def test_a_filter_means_what_a_reader_expects(typed: str, line: str, *, matches: bool) -> None:
    """Small letters find both cases, one capital makes the case count, slashes make an expression."""
    pattern = pattern_of(typed)
    assert pattern.found_in(line) is matches
    block = block_of(["before", line, "after"])
    assert (1 in pattern.lines_in(block)) is matches


def test_nothing_typed_is_no_filter() -> None:
    """Blanks alone show every line."""
    assert parse_pattern("") is None
    assert parse_pattern("  ") is None


def test_a_broken_expression_is_said() -> None:
    """What is wrong with an expression reaches the person who types it."""
    with pytest.raises(InvalidInput, match="regular expression"):
        parse_pattern("/a(/")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("abAB é\u0130x", max_size=6), min_size=1, max_size=12),
    st.sampled_from(["a", "aB", "é", "É", "/a.b/", "/[^x]+b/", r"/\s/", "/^$/", "/a*/", r"/b\b/", "/é|a/", "/$/"]),
    st.integers(0, 3),
)
def test_a_block_is_searched_like_its_lines(lines: list[str], typed: str, start: int) -> None:
    """Over bytes or line by line: the same lines match."""
    pattern = pattern_of(typed)
    block = block_of(lines)
    start = min(start, len(lines))
    expression = re.compile(
        pattern.text if pattern.regex else re.escape(pattern.text), re.IGNORECASE if pattern.ignore_case else 0
    )
    expected = [n for n in range(start, len(lines)) if expression.search(lines[n])]
    assert pattern.lines_in(block, start) == expected


def test_the_newest_lines_are_searched_first() -> None:
    """One step is one block; matches of the newest block are there after the first."""
    buffer = LogBuffer()
    buffer.extend([LogEvent(str(n), n, n, "s", f"line {n}") for n in range(20_000)])
    found = buffer.filter(pattern_of("line"))
    assert len(found) == 0
    assert found.advance()
    assert found.position(len(found) - 1) == 19_999
    assert 0 < found.progress < 1
    assert len(searched(found)) == 20_000
    assert found.progress == 1


def test_typing_on_narrows() -> None:
    """A longer filter skips what the shorter one ruled out, and finds what a fresh search finds."""
    buffer = LogBuffer()
    buffer.extend([LogEvent(str(n), n, n, "s", f"line {n}") for n in range(20_000)])
    wider = searched(buffer.filter(pattern_of("1999")))
    narrow = searched(buffer.filter(pattern_of("19999"), within=wider))
    assert [narrow.position(n) for n in range(len(narrow))] == [19_999]
    other = searched(buffer.filter(pattern_of("line 7"), within=narrow))
    assert len(other) == 1111
