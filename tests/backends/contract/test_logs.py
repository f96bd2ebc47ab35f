"""What every `LogSource` promises."""

from __future__ import annotations

import asyncio
import json

import pytest

from lambdatui.core.errors import NotFound
from lambdatui.core.invocation import Completed, InvocationRequest
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState
from lambdatui.core.target import Backend

DEADLINE_S = 20


async def talk(backend: Backend, start: int, lines: int) -> Completed:
    payload = json.dumps({"from": start, "lines": lines}).encode()
    answer = await backend.invoker.invoke(InvocationRequest("talks", payload))
    assert isinstance(answer, Completed)
    assert not answer.function_error
    return answer


def spoken(events: list[LogEvent]) -> list[str]:
    """The function's own lines."""
    return [event.message.strip() for event in events if event.message.startswith("line ")]


def number_of(line: str) -> int:
    return int(line.removeprefix("line "))


async def stored(backend: Backend, query: TailQuery) -> list[LogEvent]:
    async with asyncio.timeout(DEADLINE_S):
        return [e async for update in backend.logs.tail(query) if isinstance(update, LogBatch) for e in update.events]


async def test_every_event_comes_once_and_in_order(backend: Backend) -> None:
    """What was there and what is written while following; the ids are unique."""
    await talk(backend, 0, 20)
    events: list[LogEvent] = []
    talking: asyncio.Task[list[Completed]] | None = None

    async def go_on() -> list[Completed]:
        return [await talk(backend, start, 10) for start in range(20, 120, 10)]

    async with asyncio.timeout(DEADLINE_S):
        async for update in backend.logs.tail(TailQuery(("talks",))):
            match update:
                case LogBatch():
                    events += update.events
                case TailState(following=Following.FOLLOWING) if talking is None:
                    talking = asyncio.create_task(go_on())
            if len(spoken(events)) >= 120 and sum("REPORT" in event.message for event in events) >= 11:
                break
    assert talking is not None
    await talking
    assert sorted(spoken(events), key=number_of) == [f"line {number}" for number in range(120)]
    stamps = [event.timestamp_ms for event in events]
    assert stamps == sorted(stamps)
    assert len({event.event_id for event in events}) == len(events)
    assert {event.function_name for event in events} == {"talks"}


async def test_lines_of_one_moment_keep_their_order(backend: Backend) -> None:
    """The order in which the function wrote them, however many share a millisecond."""
    await talk(backend, 0, 50)
    events = await stored(backend, TailQuery(("talks",), follow=False))
    assert spoken(events) == [f"line {number}" for number in range(50)]


async def test_equal_lines_of_one_moment_are_all_there(backend: Backend) -> None:
    """What a function says twice is not taken for one."""
    await backend.invoker.invoke(InvocationRequest("talks", b'{"from": 0, "lines": 0, "again": 5}'))
    events = await stored(backend, TailQuery(("talks",), follow=False))
    assert sum(event.message.startswith("the same again") for event in events) == 5


async def test_a_log_names_its_invocation(backend: Backend) -> None:
    """START, the lines, END and REPORT, in that order."""
    completed = await talk(backend, 0, 2)
    messages = [event.message for event in await stored(backend, TailQuery(("talks",), follow=False))]
    start = next(n for n, m in enumerate(messages) if m.startswith(f"START RequestId: {completed.request_id}"))
    assert [m.split()[0] for m in messages[start:]] == ["START", "line", "line", "END", "REPORT"]


async def test_without_follow_a_tail_ends(backend: Backend) -> None:
    """After the last stored event; and at once where there is no log yet."""
    assert await stored(backend, TailQuery(("talks",), follow=False)) == []
    await talk(backend, 0, 3)
    assert len(spoken(await stored(backend, TailQuery(("talks",), follow=False)))) == 3


async def test_only_the_newest_are_asked_for(backend: Backend) -> None:
    """As many as the query says, the last ones, and what is of the same millisecond as the first of them."""
    await talk(backend, 0, 30)
    events = await stored(backend, TailQuery(("talks",), newest=5, follow=False))
    assert len([event for event in events if event.timestamp_ms > events[0].timestamp_ms]) < 5 <= len(events)
    assert spoken(events)[-3:] == ["line 27", "line 28", "line 29"]


async def test_since_and_until_are_bounds(backend: Backend) -> None:
    """Both inclusive, in milliseconds since the epoch."""
    await talk(backend, 0, 3)
    first = await stored(backend, TailQuery(("talks",), follow=False))
    await talk(backend, 3, 3)
    since = await stored(backend, TailQuery(("talks",), since_ms=first[-1].timestamp_ms + 1, follow=False))
    assert all(event.timestamp_ms > first[-1].timestamp_ms for event in since)
    until = await stored(backend, TailQuery(("talks",), since_ms=0, until_ms=first[-1].timestamp_ms, follow=False))
    assert [event.event_id for event in first] == [e.event_id for e in until][: len(first)]


async def test_older_events_are_reached_page_by_page(backend: Backend) -> None:
    """In time order, each once, then nothing."""
    await talk(backend, 0, 5)
    everything = await stored(backend, TailQuery(("talks",), follow=False))
    query = TailQuery(("talks",))
    assert list(await backend.logs.older(query, everything[-1].timestamp_ms + 1, 1000)) == everything
    assert await backend.logs.older(query, everything[0].timestamp_ms, 10) == ()
    before_ms, pages = everything[-1].timestamp_ms + 1, list[LogEvent]()
    while page := await backend.logs.older(query, before_ms, 2):
        pages[:0] = page
        before_ms = page[0].timestamp_ms
    assert pages == everything


async def test_a_function_that_never_ran_is_waited_for(backend: Backend) -> None:
    """A state, not an error; its first lines come when there are some."""
    events: list[LogEvent] = []
    waited = False
    async with asyncio.timeout(DEADLINE_S):
        async for update in backend.logs.tail(TailQuery(("talks",))):
            match update:
                case TailState(following=Following.WAITING_FOR_GROUP):
                    waited = True
                    await talk(backend, 0, 1)
                case LogBatch():
                    events += update.events
            if spoken(events):
                break
    assert waited


async def test_several_functions_are_one_tail(backend: Backend) -> None:
    """In the order of time, each event with its function's name."""
    await talk(backend, 0, 2)
    await backend.invoker.invoke(InvocationRequest("echo", b"{}"))
    await talk(backend, 2, 2)
    events = await stored(backend, TailQuery(("talks", "echo"), follow=False))
    assert {event.function_name for event in events} == {"talks", "echo"}
    stamps = [event.timestamp_ms for event in events]
    assert stamps == sorted(stamps)


async def test_no_function_of_that_name_is_not_found(backend: Backend) -> None:
    """Never an endless wait for a typing mistake."""
    with pytest.raises(NotFound):
        await stored(backend, TailQuery(("nope",)))
