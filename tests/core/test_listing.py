"""What is shown of a list while it is read."""

from __future__ import annotations

from lambdatui.core.errors import Unreachable
from lambdatui.core.functions import FunctionPage, FunctionSummary
from lambdatui.core.listing import Listing


def page(*names: str, memory_mb: int = 256) -> FunctionPage:
    return FunctionPage(tuple(FunctionSummary(name, memory_mb=memory_mb) for name in names))


def names(functions: tuple[FunctionSummary, ...] | None) -> str:
    return "".join(function.name for function in functions or ())


def test_the_first_page_is_shown_at_once_and_the_next_a_few_times_a_second() -> None:
    """A hundred pages in two seconds are not a hundred new lists."""
    listing = Listing(())
    assert names(listing.add(page("a", "b"), 10.0)) == "ab"
    assert listing.add(page("c"), 10.02) is None
    assert names(listing.add(page("d"), 10.5)) == "abcd"
    assert names(listing.ended()) == "abcd"


def test_no_row_goes_away_before_the_reading_ended() -> None:
    """A refresh shows new values at once, keeps the rest in its place, and drops what is gone at the end."""
    listing = Listing(page("a", "b", "c", memory_mb=128).functions)
    shown = listing.add(page("c", "d"), 1.0)
    assert names(shown) == "abcd"
    assert [function.memory_mb for function in shown or ()] == [128, 128, 256, 256]
    assert names(listing.ended()) == "cd"


def test_a_reading_that_breaks_off_loses_nothing() -> None:
    """What was known stays, what was read is new, and why it broke off is among the problems."""
    listing = Listing(page("a", "b").functions)
    listing.add(page("c"), 1.0)
    error = Unreachable("no")
    assert names(listing.broke_off(error)) == "abc"
    assert listing.problems == [error]
    assert not Listing(()).has_read
