"""Regions and profiles listed together: each function is reached in its own place, and none hides another."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.backends.aws.place import places_of
from lambdatui.backends.together.logs import TogetherLogs
from lambdatui.backends.together.open import open_together
from lambdatui.backends.together.places import Places
from lambdatui.core.errors import Denied, NotFound, Unreachable, WorkbenchError
from lambdatui.core.invocation import Completed, InvocationRequest
from lambdatui.core.logs import Following, LogBatch, LogEvent, Refused, TailQuery, TailState, TailUpdate
from lambdatui.core.merging import Ended, merged
from lambdatui.core.target import AwsPlace, Backend, Marks, Target, TargetKind
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub, Reply, denied

BOTH = Target(TargetKind.AWS, "together", "two", "/var/task")


@pytest.fixture
def stubs() -> Iterator[dict[str, AwsStub]]:
    """Two accounts, each with a function of the same name and one of its own."""
    found = {"north": AwsStub(), "south": AwsStub()}
    for place, stub in found.items():
        stub.functions = [{"FunctionName": "orders"}, {"FunctionName": f"only-{place}"}]
    yield found
    for stub in found.values():
        stub.close()


@pytest.fixture
async def backend(stubs: dict[str, AwsStub], tmp_path: Path) -> AsyncIterator[Backend]:
    """Both as one."""
    parts = {place: open_account(stub.url, "123456789012", tmp_path) for place, stub in stubs.items()}
    opened = open_together(BOTH, parts)
    yield opened
    await opened.close()


def test_commas_name_several_places_with_labels_as_short_as_can_be(tmp_path: Path) -> None:
    """Regions, profiles, or every pair; what a profile is marked as holds for its part, and one is enough to warn."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile dev]\nregion = eu-west-1\n[profile prod]\nregion = us-east-1\n")

    def opened(profile: str, region: str) -> Target:
        place = AwsPlace(region, profile)
        return places_of(place, {}, tmp_path, lambda name: Marks(production=name == "prod", read_only=name == "dev"))

    assert [label for label, _ in opened("dev", "eu-west-1, us-east-1").parts] == ["eu-west-1", "us-east-1"]
    both = opened("dev,prod", "")
    assert [(label, part.aws.region if part.aws else "", part.read_only) for label, part in both.parts] == [
        ("dev", "eu-west-1", True),
        ("prod", "us-east-1", False),
    ]
    assert (both.production, both.read_only, both.label) == (True, False, "profiles dev, prod")
    four = opened("dev,prod", "eu-west-1,eu-north-1")
    assert [label for label, _ in four.parts] == [
        "dev/eu-west-1",
        "dev/eu-north-1",
        "prod/eu-west-1",
        "prod/eu-north-1",
    ]
    assert opened("dev", "eu-west-1").parts == ()


async def test_one_list_names_each_function_with_its_place(backend: Backend) -> None:
    """Functions of one name in two places are two rows; what AWS calls them is still known."""
    functions = [function async for page in backend.catalogue.pages() for function in page.functions]

    assert {(function.name, function.own_name, function.place) for function in functions} == {
        ("orders@north", "orders", "north"),
        ("only-north@north", "only-north", "north"),
        ("orders@south", "orders", "south"),
        ("only-south@south", "only-south", "south"),
    }


async def test_a_place_that_can_not_be_listed_is_a_problem_of_the_list(
    stubs: dict[str, AwsStub], backend: Backend
) -> None:
    """The other place is listed; with none left the reading fails."""
    stubs["north"].answer("lambda:ListFunctions", denied("lambda:ListFunctions"))
    pages = [page async for page in backend.catalogue.pages()]
    assert {function.name for page in pages for function in page.functions} == {"orders@south", "only-south@south"}
    (problem,) = [problem for page in pages for problem in page.problems]
    assert isinstance(problem, Denied)
    assert problem.title.startswith("north: ")

    stubs["south"].answer("lambda:ListFunctions", denied("lambda:ListFunctions"))
    with pytest.raises(Denied, match=r"(north|south): "):
        _ = [page async for page in backend.catalogue.pages()]


async def test_an_invocation_reaches_the_place_that_the_name_says_and_no_other(
    stubs: dict[str, AwsStub], backend: Backend
) -> None:
    """One request, in one place; a place that is not open is told with those that are."""
    answer = await backend.invoker.invoke(InvocationRequest("orders@south", b'{"n": 1}'))

    assert isinstance(answer, Completed)
    assert [seen.function for seen in stubs["south"].requests("lambda:Invoke")] == ["orders"]
    assert stubs["north"].requests("lambda:Invoke") == []
    with pytest.raises(NotFound, match="north, south"):
        await backend.invoker.invoke(InvocationRequest("orders@west", b"{}"))


async def test_the_command_of_a_call_names_the_place_that_it_went_to(
    stubs: dict[str, AwsStub], backend: Backend
) -> None:
    """Both places count their calls from 1, and one that was on its way has ended when its command is copied."""
    assert backend.actions is not None
    stubs["south"].latency_s = 0.3
    reading = asyncio.ensure_future(backend.catalogue.detail("orders@south"))
    await backend.catalogue.detail("orders@north")
    async with asyncio.timeout(10):
        while len(before := backend.actions.recent()) < 2:  # noqa: ASYNC110  # the log of actions wakes nobody
            await asyncio.sleep(0.01)
    await reading
    commands = [backend.actions.command(action) for action in before]
    assert len({action.number for action in before}) == 2
    assert sum(stubs["north"].url in command for command in commands) == 1
    assert sum(stubs["south"].url in command for command in commands) == 1


async def test_one_tail_over_two_places(stubs: dict[str, AwsStub], backend: Backend) -> None:
    """Events carry the name that the list has, and ids that are unique; a place that refuses is told."""
    events = [{"eventId": "e1", "timestamp": 1_000, "ingestionTime": 1_000, "logStreamName": "s", "message": "hello"}]
    for stub in stubs.values():
        stub.answer("logs:FilterLogEvents", Reply(body={"events": events}))
    query = TailQuery(("orders@north", "orders@south"), since_ms=0, follow=False)
    found = [
        event async for update in backend.logs.tail(query) if isinstance(update, LogBatch) for event in update.events
    ]
    assert sorted((event.function_name, event.event_id) for event in found) == [
        ("orders@north", "north/e1"),
        ("orders@south", "south/e1"),
    ]
    asked = json.loads(stubs["north"].requests("logs:FilterLogEvents")[0].body)
    assert asked["logGroupName"] == "/aws/lambda/orders"

    stubs["north"].answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    updates = [update async for update in backend.logs.tail(query)]
    names = [event.function_name for update in updates if isinstance(update, LogBatch) for event in update.events]
    assert names == ["orders@south"]
    states = [update for update in updates if isinstance(update, TailState)]
    assert states[-1].words == "without orders@north: Not permitted: logs:FilterLogEvents"

    stubs["south"].answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    with pytest.raises(Denied, match=r"orders@(north|south), orders@(north|south): Not permitted"):
        _ = [update async for update in backend.logs.tail(query)]


class Told:
    """A log source that gives what it was told to, and then waits or fails."""

    def __init__(self, updates: Sequence[TailUpdate] = (), error: WorkbenchError | None = None) -> None:
        self.updates, self.error = updates, error
        self.events: list[LogEvent] = []

    async def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        """See the port."""
        for update in self.updates:
            yield update
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See the port: all of the first one's millisecond."""
        before = [event for event in self.events if event.timestamp_ms < before_ms]
        if len(before) <= limit:
            return tuple(before)
        first_ms = before[-limit].timestamp_ms
        return tuple(event for event in before if event.timestamp_ms >= first_ms)


def together(backend: Backend, **sources: Told) -> TogetherLogs:
    """A tail over these sources, by place."""
    import dataclasses  # noqa: PLC0415

    return TogetherLogs(Places({place: dataclasses.replace(backend, logs=told) for place, told in sources.items()}))


async def test_the_gravest_state_is_the_one_that_is_told(backend: Backend) -> None:
    """A throttled place is not hidden by one that follows; a place that broke is named while the others go on."""
    error = Unreachable("no route")
    logs = together(
        backend,
        north=Told([TailState(Following.FOLLOWING, 0.5), TailState(Following.THROTTLED, 9.0, "5 calls a second")]),
        south=Told([TailState(Following.FOLLOWING, 0.2)], error),
    )
    async with aclosing(logs.tail(TailQuery(("f@north", "f@south")))) as updates:
        async for update in updates:
            if isinstance(update, TailState) and update.refused and "5 calls" in update.detail:
                break
    assert update == TailState(Following.THROTTLED, 9.0, "north: 5 calls a second", (), (Refused(("f@south",), error),))
    assert update.words == "without f@south: no route · north: 5 calls a second"


@given(st.lists(st.tuples(st.sampled_from(["north", "south"]), st.integers(0, 30)), max_size=60), st.integers(1, 7))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_paging_back_over_two_places_leaves_no_gap_and_repeats_nothing(
    written: list[tuple[str, int]], limit: int
) -> None:
    """Whatever the places have at the same time, page after page gives each event once, in time order."""
    sources = {"north": Told(), "south": Told()}
    for number, (place, at_ms) in enumerate(written):
        sources[place].events.append(LogEvent(str(number), at_ms, at_ms, "s", "m", "f"))
    for source in sources.values():
        source.events.sort(key=lambda event: event.timestamp_ms)
    logs = TogetherLogs(Places({place: _only(source) for place, source in sources.items()}))

    async def all_pages() -> list[LogEvent]:
        found: list[LogEvent] = []
        before_ms = 1_000
        while page := await logs.older(TailQuery(("f@north", "f@south")), before_ms, limit):
            found = [*page, *found]
            before_ms = page[0].timestamp_ms
        return found

    found = asyncio.run(all_pages())
    assert sorted(event.event_id for event in found) == sorted(f"{place}/{n}" for n, (place, _) in enumerate(written))
    assert [event.timestamp_ms for event in found] == sorted(event.timestamp_ms for event in found)


def _only(logs: Told) -> Backend:
    none: object = None
    return Backend(BOTH, none, none, logs, none, none)  # type: ignore[arg-type]  # nothing else is asked for


async def test_closing_what_is_merged_closes_every_source() -> None:
    """A tail that nobody reads any more leaves nothing running in any place."""
    closed: list[str] = []

    async def source(name: str) -> AsyncIterator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            closed.append(name)

    async with aclosing(merged({"a": source("a"), "b": source("b")})) as items:  # type: ignore[type-var]  # a generator
        async for _, item in items:
            assert not isinstance(item, Ended)
            break
    assert sorted(closed) == ["a", "b"]


async def test_who_stops_listening_leaves_no_task() -> None:
    """Cancelled while nothing comes, as when another target is opened."""
    listening = asyncio.Event()

    async def source() -> AsyncIterator[int]:
        listening.set()
        await asyncio.Event().wait()
        yield 1

    async def read() -> None:
        async with aclosing(merged({"a": source()})) as items:  # type: ignore[type-var]  # a generator
            async for _ in items:
                pass

    before = asyncio.all_tasks()
    reading = asyncio.ensure_future(read())
    await listening.wait()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
