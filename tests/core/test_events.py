"""Promises of the events' own rules: what is JSON, and how large a payload may be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.events import JsonProblem, problem_of
from lambdatui.core.invocation import InvocationType
from lambdatui.core.payload import payload_limit_bytes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON, st.sampled_from([None, 2]))
def test_every_json_text_is_without_a_problem(document: object, indent: int | None) -> None:
    """Whatever Python writes as JSON passes."""
    assert problem_of(json.dumps(document, indent=indent)) is None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='{}[]",:\\ \n1-.eatrufls漢', max_size=40))
def test_a_problem_lies_within_the_text(text: str) -> None:
    """Line and column point into the text, or right behind it."""
    problem = problem_of(text)
    if problem is not None:
        lines = text.split("\n")
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ("  \n", None),
        ('{"a": }', (1, 7)),
        ('{\n  "a" 1\n}', (2, 7)),
        ('{\n  "a": NaN\n}', (2, 8)),
        ('{"a": -Infinity}', (1, 7)),
        ('"NaN"', None),
        ('"tab\tinside"', (1, 5)),
    ],
)
def test_a_problem_names_its_line_and_column(text: str, problem: tuple[int, int] | None) -> None:
    """The place is where a person has to look; NaN and Infinity are not JSON for Lambda."""
    found = problem_of(text)
    assert (found and (found.line, found.column)) == problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": "b', "Unclosed string"),
        ('{"a": "b\n}', "Unclosed string"),
        ('{"a" 1}', "Expecting ':'"),
        ('["a\tb"]', "Invalid control character"),
    ],
)
def test_a_problem_is_told_in_few_words(text: str, message: str) -> None:
    """The message names the cause, and stands before a place without "at"."""
    problem = problem_of(text)
    assert problem is not None
    assert problem.message == message


def test_a_text_nested_too_deeply_is_a_problem_not_a_crash() -> None:
    """A hundred thousand brackets are told, not raised."""
    assert isinstance(problem_of("[" * 100_000), JsonProblem)


def test_the_limit_is_that_of_the_invocation_type() -> None:
    """6 MB when the answer is waited for, 1 MB when the event is queued."""
    assert payload_limit_bytes(InvocationType.REQUEST_RESPONSE) == 6_291_556
    assert payload_limit_bytes(InvocationType.EVENT) == 1_048_576
