"""The language of the filter, and what it finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_filter import Pattern
from lambdatui.core.log_query import Case, LogQuery, MarkedLines, parse_query, request_query
from lambdatui.core.logs import LogEvent

A = "8f5a1c22-91d3-4f1c-8a2b-000000000001"
B = "9f5a1c22-91d3-4f1c-8a2b-000000000002"


def query_of(typed: str, case: Case = Case.SMART) -> LogQuery:
    """The query for what is typed."""
    query = parse_query(typed, case)
    assert query is not None
    return query


def log() -> LogBuffer:
    """Lines of two functions, in both formats."""
    messages = [
        ("charge", f"START RequestId: {A} Version: $LATEST"),
        ("charge", "[ERROR] boom\rTraceback\r  File"),
        ("charge", f'{{"level": "WARN", "message": "slow", "status": 503, "requestId": "{A}"}}'),
        ("refund", f"START RequestId: {B} Version: $LATEST"),
        ("refund", "status=503 again"),
        ("refund", "status=5031, an Error"),
        ("refund", "[CRITICAL] over"),
    ]
    buffer = LogBuffer()
    buffer.extend([LogEvent(str(n), n, n, name, text, name) for n, (name, text) in enumerate(messages)])
    return buffer


def found_in(buffer: LogBuffer, query: Pattern) -> list[int]:
    """The positions that a complete search finds."""
    found = buffer.filter(query)
    while found.advance():
        pass
    return [found.position(n) for n in range(len(found))]


@pytest.mark.parametrize(
    ("typed", "positions"),
    [
        ("level=error", [1, 2, 3]),
        ("level>=warn", [1, 2, 3, 4, 8]),
        ("!level>=warn", [0, 5, 6, 7]),
        (f"request={A[:8]}", [0, 1, 2, 3, 4]),
        ("function=refund", [5, 6, 7, 8]),
        ("status=503", [4, 6]),
        ("function=refund status=503", [6]),
        ("!error", [0, 4, 5, 6, 8]),
        ("traceback level=error !boom", []),
        ("traceback", [1, 2, 3]),
        ("level>=warn !/slow|over/", [1, 2, 3]),
        ("function=refund start", [5]),
        ("an Error", [7]),
        ("a = b", []),
        ("!", []),
    ],
)
def test_what_is_typed_finds_the_lines_that_are_meant(typed: str, positions: list[int]) -> None:
    """Fields, levels, requests, functions, texts, expressions, turned round, and several at once."""
    assert found_in(log(), query_of(typed)) == positions


def test_the_case_can_be_told() -> None:
    """Smart by itself; exact and any when said."""
    assert found_in(log(), query_of("error")) == [1, 2, 3, 7]
    assert found_in(log(), query_of("error", Case.EXACT)) == []
    assert found_in(log(), query_of("ERROR", Case.ANY)) == [1, 2, 3, 7]
    assert found_in(log(), query_of("STATUS=503", Case.ANY)) == [4, 6]


def test_what_is_no_filter_is_said() -> None:
    """A level that is none and a broken expression, with what there is instead."""
    with pytest.raises(InvalidInput, match="No such level"):
        parse_query("level=loud")
    with pytest.raises(InvalidInput, match="regular expression"):
        parse_query("level=error /(/")
    assert parse_query("  ") is None


def test_a_filter_is_right_while_it_is_typed() -> None:
    """The first letters of a level are enough, and a field without its value hides no line."""
    assert query_of("level=e") == query_of("level=error")
    assert query_of("level>=Warni") == query_of("level>=warn")
    for typed in ("level=", "!level>=", " request="):
        assert parse_query(typed) is None
    assert query_of("function=refund level=") == query_of("function=refund")


def test_marked_are_the_lines_that_hold_the_text() -> None:
    """Of the events that are found whole; the first line where it is no text that finds them."""
    assert found_in(log(), query_of("traceback")) == [1, 2, 3]
    assert found_in(log(), MarkedLines(query_of("traceback"))) == [2]
    assert found_in(log(), MarkedLines(query_of("level=error"))) == [1]
    assert found_in(log(), MarkedLines(query_of("level>=warn !traceback"))) == [4, 8]


def test_matches_of_what_is_wanted_are_marked() -> None:
    """What must be absent marks nothing; two terms never mark the same letters twice."""
    assert query_of("!slow").spans("slow") == []
    assert query_of("status=503").spans("status=503 again") == [(0, 10)]
    both = LogQuery((*query_of("abc").terms, *query_of("bcd").terms))
    assert both.spans("abcd") == [(0, 3)]


def test_only_what_is_safe_narrows() -> None:
    """A narrower query looks only where the wider one found something."""
    assert query_of("order 77").narrows(query_of("order"))
    assert (request_query(A) & query_of("order")).narrows(request_query(A))
    assert not request_query(A).narrows(query_of("order"))
    assert not query_of("!orders").narrows(query_of("!order"))


_LINES = st.lists(
    st.sampled_from(["a b", "[ERROR] a", "b", "b\nx=1\na", '{"level":"INFO","a":1}', "x=1", "[WARN] b\nc a"]),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(
    _LINES, st.lists(st.integers(0, 30), max_size=25), st.sampled_from(["level=error", "!a", "x=1", "level>=info b"])
)
def test_late_lines_are_found_as_if_they_had_been_on_time(lines: list[str], times: list[int], typed: str) -> None:
    """A filter that is kept up to date equals one that is made afterwards, and one event by event."""
    buffer, query = LogBuffer(), query_of(typed)
    kept = buffer.filter(query)
    for number, (line, at) in enumerate(zip(lines, times, strict=False)):
        buffer.extend([LogEvent(str(number), at, at, "s", line)])
    while kept.advance():
        pass
    assert [kept.position(n) for n in range(len(kept))] == found_in(buffer, query)
    if typed == "!a":
        events = [buffer.event(line.position) for line in buffer.lines(0, 100) if line.first]
        wanted = [
            line.position
            for event in events
            if not any(re.search("a", line.text, re.IGNORECASE) for line in event)
            for line in event
        ]
        assert found_in(buffer, query) == wanted
