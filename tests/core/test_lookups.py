"""What is asked about next, and how fast."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.call_budget import CallBudget
from lambdatui.core.lookups import Lookups


def asked(lookups: Lookups) -> list[str]:
    """Start whatever may be started now."""
    names = []
    while (name := lookups.next()) is not None:
        lookups.start(name)
        names.append(name)
    return names


def test_what_left_the_screen_is_never_asked_about() -> None:
    """The newest screen replaces the last one; what is under way already is not asked twice."""
    lookups = Lookups(at_once=3)
    lookups.sure = True
    lookups.want("abcdef")
    assert asked(lookups) == ["a", "b", "c"]
    lookups.want("cxyz")
    lookups.answered("a")
    lookups.answered("b")
    assert asked(lookups) == ["x", "y"]
    lookups.answered("c")
    lookups.answered("x")
    lookups.want("abcx")
    assert asked(lookups) == []


def test_one_request_tells_whether_asking_is_allowed() -> None:
    """Until anything was answered there is one request, however much is wanted."""
    lookups = Lookups(at_once=20)
    lookups.want("abc")
    assert asked(lookups) == ["a"]
    lookups.answered("a")
    assert asked(lookups) == ["b", "c"]


def test_the_sweep_waits_for_the_screen() -> None:
    """All functions are asked about behind those on the screen, and how far that is, is known."""
    lookups = Lookups(at_once=2)
    lookups.sure = True
    lookups.sweep("abcdef")
    assert asked(lookups) == ["a", "b"]
    lookups.want("ef")
    lookups.answered("a")
    lookups.answered("b")
    assert asked(lookups) == ["e", "f"]
    assert lookups.sweep_progress == (2, 6)
    lookups.sweep("")
    lookups.answered("e")
    assert asked(lookups) == []


def test_what_was_throttled_is_asked_again_only_while_it_is_wanted() -> None:
    """First of all when it is still on the screen; never when it is not."""
    lookups = Lookups(at_once=2)
    lookups.sure = True
    lookups.want("abc")
    asked(lookups)
    lookups.put_off("a")
    assert asked(lookups) == ["a"]
    lookups.want("c")
    lookups.put_off("a")
    assert asked(lookups) == ["c"]


def test_an_answer_from_before_a_refresh_does_not_count() -> None:
    """What was asked before everything was forgotten is asked again."""
    lookups = Lookups(at_once=1)
    lookups.sure = True
    lookups.want("a")
    asked(lookups)
    lookups.forget()
    assert asked(lookups) == []
    lookups.answered("a")
    assert asked(lookups) == ["a"]
    lookups.answered("a")
    assert asked(lookups) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 0.5), st.booleans()), min_size=1, max_size=120))
def test_no_second_has_more_calls_than_the_budget(steps: list[tuple[float, bool]]) -> None:
    """In any second at most the burst and the rate; after throttles never more, and never for ever nothing."""
    budget, now_s, taken = CallBudget(10, 5), 0.0, []
    for passed_s, throttled in steps:
        now_s += passed_s
        if throttled:
            budget.throttled(now_s)
        elif (wait_s := budget.take(now_s)) == 0:
            taken.append(now_s)
            budget.succeeded()
        else:
            assert wait_s <= 1.0
        assert 1.0 <= budget.per_second <= 10.0
    for start_s in taken:
        assert len([at_s for at_s in taken if start_s <= at_s < start_s + 1]) <= 5 + 10


def test_a_throttle_halves_the_rate_once_and_is_forgiven() -> None:
    """Refusals of one burst count once; the rate comes back a call a second; Retry-After is kept."""
    budget = CallBudget(50, 20)
    for _ in range(20):
        budget.throttled(100.0)
    assert budget.per_second == 25
    for _ in range(26):
        budget.succeeded()
    assert 25.9 < budget.per_second < 26.1
    budget.throttled(200.0, retry_after_s=7)
    assert budget.take(203.0) == 4
