"""The settings of an event source mapping, and the policy of a function."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.policy import statements_of
from lambdatui.core.trigger_edits import (
    FILTERS,
    MAXIMUM_CONCURRENCY,
    WINDOW,
    SetMapping,
    filters_text,
    parse_filters,
    same_filters,
    warning_of,
)
from lambdatui.core.triggers import EventSourceMapping

QUEUE = EventSourceMapping("1", "arn:aws:sqs:eu-west-1:1:orders", "sqs", "orders", batch_size=10, window_s=0)
FIFO = EventSourceMapping("2", "arn:aws:sqs:eu-west-1:1:orders.fifo", "sqs", "orders.fifo", batch_size=10, window_s=5)


def test_numbers_are_typed_with_their_unit_or_without() -> None:
    """None is typed where AWS can take a setting away."""
    assert WINDOW.parse("5 s") == WINDOW.parse("5") == 5
    assert MAXIMUM_CONCURRENCY.parse("none") is None
    with pytest.raises(InvalidInput, match="0 to 300 s"):
        WINDOW.parse("none")


@pytest.mark.parametrize(
    ("mapping", "key", "new", "says"),
    [
        (QUEUE, "batch_size", 50, "batching window of 1 s"),
        (QUEUE, "batch_size", 20_000, "outside 1 to 10,000"),
        (FIFO, "batch_size", 50, "FIFO queue gives 10"),
        (FIFO, "batch_size", 9, ""),
        (QUEUE, "window_s", 5, ""),
        (QUEUE, "maximum_concurrency", 1, "outside 2 to 1,000"),
    ],
)
def test_what_the_server_may_refuse_is_warned_of(mapping: EventSourceMapping, key: str, new: int, says: str) -> None:
    """A warning and no wall: the server is the judge."""
    warning = warning_of(mapping, SetMapping(mapping.uuid, mapping.name, key, mapping.value(key), new))
    assert says in warning
    assert bool(says) == bool(warning)


def test_a_pattern_from_outside_can_not_reach_the_terminal() -> None:
    """It is shown as one line without its escapes; it is sent back as it came."""
    assert FILTERS.show(('{"a":\n ["\x1b]52;c;x\x07b"]}', "{}")) == '{"a": ["b"]} or {}'


def test_a_change_that_aws_can_not_take_back_has_no_inverse() -> None:
    """A window that was never set can't be unset; a maximum concurrency can."""
    assert SetMapping("1", "sqs orders", "window_s", None, 5).inverse is None
    back = SetMapping("1", "sqs orders", "maximum_concurrency", None, 5).inverse
    assert back is not None
    assert (back.old, back.new) == (5, None)


PATTERNS = st.lists(
    st.dictionaries(st.text(max_size=6), st.lists(st.text(max_size=4) | st.integers(), max_size=3), max_size=3),
    max_size=4,
)


@given(PATTERNS)
@settings(max_examples=60, derandomize=True)
def test_filters_come_back_from_the_editor_as_they_went_in(patterns: list[dict[str, Any]]) -> None:
    """Laying them out changes nothing of what they mean."""
    sent = tuple(json.dumps(pattern) for pattern in patterns)
    assert same_filters(parse_filters(filters_text(sent)), sent)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ('[{"a": [1]},\n {"b" [2]}]', "Line 2, column 7"),
        ('"failed"', "A list of patterns"),
        ('["failed"]', "Pattern 1 is not an object"),
        ('[{"body": {"status": "failed"}}]', "Pattern 1, body.status: not a list"),
        (json.dumps([{"a": ["x" * 5000]}]), "4,096 characters at most"),
        (json.dumps([{"a": [1]}] * 11), "10 patterns at most"),
    ],
)
def test_a_filter_that_can_not_be_meant_says_where(typed: str, says: str) -> None:
    """With line and column, or the pattern and its key."""
    with pytest.raises(InvalidInput, match=says):
        parse_filters(typed)


def test_a_policy_says_who_may_what_and_from_where() -> None:
    """One row a principal, with what narrows it; strange parts are shown and break nothing."""
    policy = {
        "Statement": [
            {
                "Sid": "s3",
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::up\x1b[31mloads"}},
            },
            {"Effect": "Allow", "Principal": "*", "Action": ["lambda:InvokeFunctionUrl"]},
            {"Effect": "Allow", "Principal": {"AWS": ["1", "2"]}, "Action": "*", "Condition": {"Odd": "x"}},
            "not a statement",
            {"Effect": "Audit", "NotPrincipal": {"AWS": "3"}},
        ]
    }
    statements = statements_of(json.dumps(policy), "live")
    assert [(one.principal, one.actions, one.source) for one in statements] == [
        ("s3.amazonaws.com", ("lambda:InvokeFunction",), "arn:aws:s3:::uploads"),
        ("*", ("lambda:InvokeFunctionUrl",), ""),
        ("1", ("*",), ""),
        ("2", ("*",), ""),
        ("not 3", (), ""),
    ]
    assert [one.public for one in statements] == [False, True, False, False, False]
    assert {one.qualifier for one in statements} == {"live"}
    for broken in ("{", '{"Statement": 7}', "[]"):
        with pytest.raises(InvalidInput):
            statements_of(broken)
    assert statements_of("") == ()
