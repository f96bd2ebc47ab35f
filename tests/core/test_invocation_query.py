"""A filter for invocations: what it finds, and in which order they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.invocation_order import InvocationOrder, SortBy
from lambdatui.core.invocation_query import InvocationQuery, parse_query
from lambdatui.core.log_invocations import Invocation, InvocationIndex, InvocationStatus
from lambdatui.core.log_query import Case
from lambdatui.core.logs import LogEvent
from lambdatui.core.report import Report

ID = "8f5a1c22-91d3-4f1c-8a2b-{:012}"


def row(number: int, status: InvocationStatus, ms: float | None = None, **more: object) -> Invocation:
    """An invocation; without a duration it has no report."""
    init_ms = more.pop("init_ms", None)
    report = None if ms is None else Report(ID.format(number), ms, round(ms), 512, 61, init_ms)  # type: ignore[arg-type]
    billed = 0 if ms is None else round(ms)
    return Invocation(ID.format(number), "charge", "stream", number, status, report, billed_ms=billed, **more)  # type: ignore[arg-type]


ROWS = (
    row(1, InvocationStatus.OK, 12.4),
    row(2, InvocationStatus.OK, 900, init_ms=151.0),
    row(3, InvocationStatus.ERROR, 1_500, error_type="ValueError", error_message="no such Order"),
    row(4, InvocationStatus.TIMED_OUT, 3_000),
    row(5, InvocationStatus.OUT_OF_MEMORY, 40, error_type="Runtime.OutOfMemory"),
    row(6, InvocationStatus.RUNNING),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("status=error", [3]),
        ("status=timed", [4]),
        ("status=timed-out", [4]),
        ("status=timeout", [4]),
        ("status=oom", [5]),
        ("status=failed", [3, 4, 5]),
        ("!status=failed", [1, 2, 6]),
        ("timed out", [4]),
        ("cold", [2]),
        ("!cold status=ok", [1]),
        ("status=ok /cold|charge/", [1, 2]),
        ("status=ok !cold", [1]),
        (">1s", [3, 4]),
        (">1000ms", [3, 4]),
        ("duration>=1,500", [3, 4]),
        ("duration<40", [1]),
        ("billed=40", [5]),
        ("init>100", [2]),
        ("memory>60mb size=0.5GB", [1, 2, 3, 4, 5]),
        ("cost>$0.001", [4]),
        (f"request={ID.format(3)}", [3]),
        ("function=charge >1s", [3, 4]),
        ("function=other", []),
        ("error=valueerror", [3]),
        ("no such order", [3]),
        ("no such Order", [3]),
        ("No such order", []),
        ("/time|memory/", [4, 5]),
        ("duration>", [1, 2, 3, 4, 5, 6]),
        ("  ", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_filter_finds_what_it_says(typed: str, found: list[int]) -> None:
    """Fields, figures with units, texts in smart case, expressions; what has no figure is never larger or smaller."""
    query = parse_query(typed) or InvocationQuery()
    costs = {row.request_id: 0.002 if row.status is InvocationStatus.TIMED_OUT else 0.0001 for row in ROWS}
    assert [one.started_ms for one in ROWS if query.holds(one, lambda one: costs[one.request_id])] == found


def test_the_case_can_be_said() -> None:
    """As in the filter of the lines."""
    assert [one.started_ms for one in ROWS if _holds("NO SUCH", Case.ANY, one)] == [3]
    assert [one.started_ms for one in ROWS if _holds("no such order", Case.EXACT, one)] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("status=done", "timed out"),
        ("status>ok", "No such field"),
        ("colour=red", "duration"),
        (">fast", "a number of ms, s"),
        ("memory>3s", "a number of MB or GB"),
        ("/(/", "not a regular|Not a regular"),
    ],
)
def test_what_can_not_be_meant_says_what_can(typed: str, told: str) -> None:
    """A field, a status or a figure that is none."""
    with pytest.raises(InvalidInput) as refused:
        parse_query(typed)
    said = f"{refused.value.title} {refused.value.detail}"
    assert any(part in said for part in told.split("|"))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text("status=<>!/( duration019.,mskGB$", max_size=20))
def test_whatever_is_typed_is_a_filter_or_refused(typed: str) -> None:
    """Never a traceback."""
    try:
        query = parse_query(typed)
    except InvalidInput:
        return
    assert query is None or isinstance(query.holds(ROWS[0], lambda _: None), bool)


STEPS = st.lists(
    st.tuples(st.sampled_from(["START", "REPORT", "ERROR", "step", "look"]), st.integers(0, 12), st.integers(0, 40)),
    max_size=60,
)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(STEPS, st.sampled_from(list(SortBy)), st.sampled_from(["", "status=failed", ">20", "!status=running"]))
def test_the_rows_are_always_those_of_a_fresh_look(
    steps: list[tuple[str, int, int]], sort_by: SortBy, typed: str
) -> None:
    """Whatever comes, late or twice, with more invocations than are kept: found and sorted as from scratch."""
    index = InvocationIndex(8)
    query = parse_query(typed)
    order = InvocationOrder(index, query, sort_by, _cost)
    for at_ms, (what, number, ms) in enumerate(steps):
        if what == "step":
            order.step(1)
        elif what == "look":
            assert all(order.rank(order.row(n).request_id) == n for n in range(len(order)))
        else:
            index.extend([_event(what, at_ms + ms, ID.format(number), ms)])
    while order.step(3):
        pass
    wanted = [one for one in index if query is None or query.holds(one, _cost)]
    wanted.sort(key=lambda one: (_figure(one, sort_by), one.started_ms, one.request_id))
    assert [order.row(number) for number in range(len(order))] == wanted
    assert [order.rank(one.request_id) for one in wanted] == list(range(len(wanted)))


def _holds(typed: str, case: Case, one: Invocation) -> bool:
    query = parse_query(typed, case)
    return query is not None and query.holds(one, lambda _: None)


def _cost(one: Invocation) -> float | None:
    return None if one.report is None else one.report.duration_ms / 1_000_000


def _figure(one: Invocation, sort_by: SortBy) -> float:
    if sort_by is SortBy.STARTED:
        return 0
    if one.report is None:
        return -1
    figures = {
        SortBy.DURATION: one.report.duration_ms,
        SortBy.BILLED: one.billed_ms,
        SortBy.MEMORY: one.report.max_memory_used_mb,
        SortBy.COST: _cost(one) or 0,
    }
    return figures[sort_by]


def _event(what: str, at_ms: int, request_id: str, ms: int) -> LogEvent:
    messages = {
        "START": f"START RequestId: {request_id} Version: $LATEST",
        "REPORT": f"REPORT RequestId: {request_id}\tDuration: {ms}.00 ms\tBilled Duration: {ms} ms\t"
        f"Memory Size: 128 MB\tMax Memory Used: {ms} MB\t",
        "ERROR": f"RequestId: {request_id} Error: Runtime exited\nRuntime.ExitError",
    }
    return LogEvent(f"{at_ms}-{what}-{request_id}", at_ms, at_ms, request_id[-1], messages[what], "charge")
