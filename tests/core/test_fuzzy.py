"""Promises of the fuzzy filter."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core import fuzzy
from lambdatui.core.fuzzy import FuzzyFilter, matched_positions

NAMES = [
    "resize-image",
    "order-created",
    "reorder-cache",
    "orders-payments-dlq",
    "OrderCreated",
    "s3-put",
    "slow-report",
    "[/foo]",
]
LETTERS = st.text(alphabet="abcO-_ é漢[]^\\", max_size=8)


def found(names: list[str], query: str) -> list[str]:
    return [names[index] for index in FuzzyFilter(names).search(query)]


def plainly_matches(name: str, query: str) -> bool:
    """The answer set in its plainest words: each word's letters in order, smart case a word."""
    for word in query.split():
        letters = iter(name if word != word.lower() else name.lower())
        if not all(letter in letters for letter in word):
            return False
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(LETTERS, max_size=12), LETTERS)
def test_the_answer_set_is_that_of_a_plain_subsequence(names: list[str], query: str) -> None:
    """Every name whose letters hold each word in order is found, and no other."""
    assert sorted(found(names, query)) == sorted(name for name in names if plainly_matches(name, query))


@settings(max_examples=60, deadline=None)
@given(st.lists(LETTERS, max_size=12), LETTERS, st.booleans())
def test_narrowing_while_typing_finds_what_a_fresh_search_finds(names: list[str], query: str, joined: bool) -> None:
    """Typing letter by letter ends at the same rows as pasting the query."""
    typed = FuzzyFilter(names)
    before = fuzzy._JOIN_FROM
    fuzzy._JOIN_FROM = 0 if joined else before
    try:
        for end in range(len(query) + 1):
            assert typed.search(query[:end]) == FuzzyFilter(names).search(query[:end])
    finally:
        fuzzy._JOIN_FROM = before


@settings(max_examples=100, deadline=None)
@given(LETTERS, LETTERS)
def test_the_marked_letters_spell_the_query(name: str, query: str) -> None:
    """The positions that are marked hold the query's letters; none is marked when the name does not match."""
    positions = sorted(matched_positions(name, query))
    if not plainly_matches(name, query):
        assert positions == []
    elif len(query.split()) == 1:
        assert "".join(name[position] for position in positions).lower() == query.strip().lower()


def test_no_query_keeps_the_order_of_the_list() -> None:
    """Without a query every name is there, as it came."""
    assert found(NAMES, "  ") == NAMES


def test_contiguous_matches_come_before_scattered_ones() -> None:
    """What stands together in the name ranks above letters picked from all over it."""
    assert found(["o-r-d-e-r", "my-order", "order"], "order") == ["order", "my-order", "o-r-d-e-r"]


def test_matches_at_word_starts_come_before_those_within_words() -> None:
    """The start of a part of a name counts more than its middle."""
    assert found(["border-x", "my-order"], "order") == ["my-order", "border-x"]
    assert found(["scooped", "slow-copy"], "sc") == ["scooped", "slow-copy"]
    assert found(["xsxcx", "slow-copy"], "sc") == ["slow-copy", "xsxcx"]


def test_the_shorter_name_comes_first_among_equals() -> None:
    """Of two names that match alike the shorter is first."""
    assert found(["put-object-now", "put-object"], "put") == ["put-object", "put-object-now"]


def test_a_capital_in_the_query_asks_for_that_capital() -> None:
    """Small letters ignore case, a capital does not."""
    assert found(NAMES, "oc") == ["OrderCreated", "order-created", "reorder-cache"]
    assert found(NAMES, "OC") == ["OrderCreated"]


def test_several_words_must_all_match_in_any_order() -> None:
    """Words are looked for on their own."""
    assert found(NAMES, "image resize") == ["resize-image"]
    assert found(NAMES, "image order") == []


def test_word_starts_are_marked_rather_than_the_first_letters() -> None:
    """ "oc" marks the o of order and the c of created."""
    assert matched_positions("order-created", "oc") == {0, 6}
    assert matched_positions("resize-image", "image") == set(range(7, 12))
