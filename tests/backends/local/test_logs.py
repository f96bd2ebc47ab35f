"""Tails of local functions."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.log_files import LogFiles
from lambdatui.backends.local.log_segments import group_folder
from lambdatui.backends.local.logs import LocalLogs
from lambdatui.backends.local.overrides import Overrides
from lambdatui.core.errors import NotFound
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState, TailUpdate
from tests.backends.local.building import DEADLINE_S, SUCCEEDS, write


@pytest.fixture
def clock_ms() -> list[int]:
    """What the clock says."""
    return [1_000_000]


@pytest.fixture
def logs(tmp_path: Path, clock_ms: list[int]) -> LocalLogs:
    project = write(tmp_path / "project", {"f.py": SUCCEEDS, "g.py": SUCCEEDS})
    functions = ProjectFunctions(project, Overrides(tmp_path / "state"))
    return LocalLogs(functions, LogFiles(tmp_path / "logs", 1_000_000), lambda: clock_ms[0])


@pytest.fixture
def elsewhere(tmp_path: Path) -> LogFiles:
    """The files as another workbench writes them."""
    return LogFiles(tmp_path / "logs", 1_000_000)


def event(function: str, number: int, message: str = "x") -> LogEvent:
    return LogEvent(f"{function}-{number}", 1_000_000 + number, 1_000_000 + number, "s", message, function)


def put(files: LogFiles, function: str, *numbers: int) -> None:
    files.extend(function, [event(function, number) for number in numbers])


async def ids(updates: AsyncIterator[TailUpdate], count: int) -> list[str]:
    """The ids of the next `count` events."""
    found: list[str] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < count:
            update = await anext(updates)
            if isinstance(update, LogBatch):
                found += [e.event_id for e in update.events]
    return found


async def until(updates: AsyncIterator[TailUpdate], following: Following) -> None:
    """Read on until the tail says that it is `following`."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            update = await anext(updates)
            if isinstance(update, TailState) and update.following is following:
                return


async def test_the_newest_come_first_and_then_what_is_new(logs: LocalLogs, elsewhere: LogFiles) -> None:
    """No event is missed or repeated between the two."""
    put(elsewhere, "f", *range(100))
    async with aclosing(logs.tail(TailQuery(("f",), newest=10))) as updates:
        assert await ids(updates, 10) == [f"f-{n}" for n in range(90, 100)]
        for number in range(100, 150):
            put(elsewhere, "f", number)
        assert await ids(updates, 50) == [f"f-{n}" for n in range(100, 150)]


async def test_functions_are_merged_in_the_order_of_time(logs: LocalLogs, elsewhere: LogFiles) -> None:
    """The newest of all together, then everything since a time."""
    put(elsewhere, "f", *range(0, 3000, 2))
    put(elsewhere, "g", *range(1, 3000, 2))
    query = TailQuery(("f", "g"), newest=4, follow=False)
    assert [e async for e in _events(logs, query)] == ["f-2996", "g-2997", "f-2998", "g-2999"]
    query = TailQuery(("f", "g"), since_ms=1_000_000 + 100, until_ms=1_000_000 + 2000, follow=False)
    assert [e async for e in _events(logs, query)] == [f"{'fg'[n % 2]}-{n}" for n in range(100, 2001)]


async def _events(logs: LocalLogs, query: TailQuery) -> AsyncIterator[str]:
    async for update in logs.tail(query):
        if isinstance(update, LogBatch):
            for e in update.events:
                yield e.event_id


async def test_a_log_that_is_not_there_yet_is_waited_for(logs: LocalLogs, elsewhere: LogFiles) -> None:
    """The tail says so, and says when it follows."""
    async with aclosing(logs.tail(TailQuery(("f",)))) as updates:
        await until(updates, Following.WAITING_FOR_GROUP)
        put(elsewhere, "f", 1)
        assert await ids(updates, 1) == ["f-1"]
        await until(updates, Following.FOLLOWING)


async def test_a_log_that_is_removed_is_waited_for_again(logs: LocalLogs, elsewhere: LogFiles, tmp_path: Path) -> None:
    """Whoever clears the logs does not end the tail."""
    put(elsewhere, "f", 1)
    async with aclosing(logs.tail(TailQuery(("f",)))) as updates:
        assert await ids(updates, 1) == ["f-1"]
        await until(updates, Following.FOLLOWING)
        shutil.rmtree(group_folder(tmp_path / "logs", "f"))
        await until(updates, Following.WAITING_FOR_GROUP)
        put(elsewhere, "f", 2)
        assert await ids(updates, 1) == ["f-2"]


async def test_a_tail_that_does_not_follow_ends(logs: LocalLogs, elsewhere: LogFiles) -> None:
    """After the last stored event, or at once when there is none."""
    assert [e async for e in _events(logs, TailQuery(("f",), follow=False))] == []
    put(elsewhere, "f", 1, 2)
    assert [e async for e in _events(logs, TailQuery(("f",), follow=False))] == ["f-1", "f-2"]


async def test_a_tail_with_an_end_ends_when_it_has_passed(
    logs: LocalLogs, elsewhere: LogFiles, clock_ms: list[int]
) -> None:
    """A moment later, with what was written meanwhile and nothing from beyond the end."""
    async with asyncio.timeout(DEADLINE_S), aclosing(logs.tail(TailQuery(("f",), until_ms=1_000_005))) as updates:
        await until(updates, Following.WAITING_FOR_GROUP)
        clock_ms[0] = 1_000_999
        put(elsewhere, "f", 1, 2, 7)
        assert await ids(updates, 2) == ["f-1", "f-2"]
        clock_ms[0] = 1_001_005
        assert not [update async for update in updates if isinstance(update, LogBatch)]


async def test_scrolling_back_reaches_the_beginning(logs: LocalLogs, elsewhere: LogFiles) -> None:
    """Page by page, each event once, then nothing."""
    put(elsewhere, "f", *range(0, 100, 2))
    put(elsewhere, "g", *range(1, 100, 2))
    seen: list[str] = []
    before_ms = 1_000_000 + 100
    while page := await logs.older(TailQuery(("f", "g")), before_ms, 30):
        assert len(page) <= 30
        seen = [e.event_id for e in page] + seen
        before_ms = page[0].timestamp_ms
    assert seen == [f"{'fg'[n % 2]}-{n}" for n in range(100)]


async def test_an_unknown_function_is_not_found(logs: LocalLogs) -> None:
    """An error, not an endless wait."""
    with pytest.raises(NotFound):
        await anext(aiter(logs.tail(TailQuery(("nope",)))))
