"""The terms of the filter."""

from __future__ import annotations

import pytest

from lambdatui.core.function_query import parse_query
from lambdatui.core.functions import FunctionDetail, FunctionSummary, Reserved, Unreserved

FUNCTION = FunctionSummary(
    "pay", "python3.8", memory_mb=512, architecture="arm64", package_type="Zip", description="Takes the money"
)
DETAIL = FunctionDetail(FUNCTION, "Failed", Reserved(0), tags={"Team": "Shop", "env": "prod"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("runtime:python", True),
        ("runtime:PYTHON3.8", True),
        ("runtime:node", False),
        ("memory:512", True),
        ("memory:>512", False),
        ("memory:>=512 memory:<1024", True),
        ("memory:", True),
        ("arch:arm", True),
        ("description:*money", True),
        ("tag:team=shop", True),
        ("tag:team=photo", False),
        ("tag:owner", False),
        ("tag:env", True),
        ("state:failed", True),
        ("reserved:0", True),
        ("reserved:none", False),
    ],
)
def test_a_term_says_what_it_says(text: str, holds: bool) -> None:
    """Texts by their beginning and in any case, numbers by comparison, tags by key or key=value."""
    assert parse_query(text).holds(FUNCTION, DETAIL) is holds


def test_words_and_terms_are_told_apart() -> None:
    """What is no term of ours is looked for in the name."""
    query = parse_query("order runtime:py arn:aws x")
    assert (query.words, len(query.terms), query.needs_details) == ("order arn:aws x", 1, False)
    assert parse_query("TAG:a=b").needs_details


def test_what_was_not_read_is_not_meant() -> None:
    """A function whose tags are not known matches no tag; one without a reserve is "none"."""
    assert not parse_query("tag:team").holds(FUNCTION, None)
    assert parse_query("reserved:none").holds(FUNCTION, FunctionDetail(FUNCTION, "Active", Unreserved()))
