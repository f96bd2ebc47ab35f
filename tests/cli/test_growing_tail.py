"""`tail` of a glob takes in functions that are made while it follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from lambdatui.cli import tail as tail_command
from lambdatui.cli.growing_tail import GrowthUpdate, LeftOut, growing_tail
from lambdatui.cli.headless import run
from lambdatui.cli.newcomers import ListUnread, Newcomers, NewcomerWatch
from lambdatui.core.errors import Denied, Throttled, Unreachable, WorkbenchError
from lambdatui.core.functions import CatalogueChange, FunctionDetail, FunctionPage, FunctionSummary
from lambdatui.core.logs import Following, LogBatch, LogEvent, TailQuery, TailState, TailUpdate
from lambdatui.core.tail_pace import LISTED_ON_AWS, ListPace
from tests.backends.aws.following import SINCE_MS, at, logs_over
from tests.fixtures.memory_target import MemoryTarget
from tests.fixtures.simulated_logs import EPOCH_S, SimulatedLogs
from tests.fixtures.virtual_time import run_virtually


class Listed:
    """A list of functions in which each stands from a second of the run on; `outage` are the seconds it is refused."""

    def __init__(self, service: SimulatedLogs, outage: tuple[float, float] = (0, 0), **since_s: float) -> None:
        self._service = service
        self._since_s = since_s
        self._outage = outage
        self.read_s: list[float] = []

    async def pages(self) -> AsyncIterator[FunctionPage]:
        now_s = self._service.now_s()
        self.read_s.append(now_s)
        if self._outage[0] <= now_s < self._outage[1]:
            raise Throttled("Rate exceeded")
        names = [name for name, since_s in self._since_s.items() if since_s <= now_s]
        yield FunctionPage(tuple(FunctionSummary(name, "python3.13", "a.b", 128, 3) for name in names))

    async def detail(self, name: str) -> FunctionDetail:
        raise NotImplementedError(name)

    async def changes(self) -> AsyncIterator[CatalogueChange]:
        yield CatalogueChange("never asked for")


async def followed(
    service: SimulatedLogs, listed: Listed, glob: str, seconds: float, *names: str
) -> list[tuple[float, GrowthUpdate]]:
    """What the tail of `names`, which the glob matched at first, brings within so many seconds, and when."""
    query = TailQuery(names, since_ms=SINCE_MS)
    watch = NewcomerWatch(listed, (glob,), names, LISTED_ON_AWS, service.wall_ms)
    news: list[tuple[float, GrowthUpdate]] = []

    async def listen() -> None:
        async with aclosing(growing_tail(logs_over(service), query, watch)) as updates:
            async for update in updates:
                news.append((service.now_s(), update))  # noqa: PERF401  # what came before it is cancelled counts

    service.now_s()
    listening = asyncio.create_task(listen())
    await asyncio.wait([listening], timeout=seconds)
    assert not listening.done(), "the tail has ended"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    return news


def events_of(news: list[tuple[float, GrowthUpdate]]) -> list[tuple[str, str]]:
    batches = [update for _, update in news if isinstance(update, LogBatch)]
    return [(event.function_name, event.event_id) for batch in batches for event in batch.events]


def test_a_function_that_is_made_later_joins_with_all_that_it_logged() -> None:
    """It is told before its first event; what it logged before it was seen is there, each event once; the list is
    read every minute or two, and who does not match stays out."""
    service = SimulatedLogs()
    listed = Listed(service, talks=0, other=100, stranger=100)
    for second in (10, 110, 500):
        service.put(at(second, event_id=f"talks-{second}"))
    for second in (101, 130, 400):
        service.put(at(second, event_id=f"other-{second}", group="/aws/lambda/other"))

    news = run_virtually(followed(service, listed, "[to][at][lh]*", 3_600, "talks"))

    assert sorted(events_of(news)) == [
        *(("other", f"other-{second}") for second in (101, 130, 400)),
        *(("talks", f"talks-{second}") for second in (10, 110, 500)),
    ]
    (told,) = [number for number, (_, update) in enumerate(news) if isinstance(update, Newcomers)]
    assert news[told][1] == Newcomers(("other",), round((EPOCH_S + 60 - 60) * 1000))
    assert not [name for name, _ in events_of(news[:told]) if name == "other"]
    pauses = [after - before for before, after in zip(listed.read_s, listed.read_s[1:], strict=False)]
    assert min(pauses) > 59
    assert max(pauses) < 125


def test_a_deleted_function_and_a_list_that_can_not_be_read_end_nothing() -> None:
    """The one goes on being waited for; the other is told once, until it can be read again."""
    service = SimulatedLogs(missing=[(200, 900)])
    listed = Listed(service, (100, 1_000), talks=0, other=1_100)
    service.put(at(1_000, event_id="talks-again"))
    service.put(at(1_300, event_id="other-1300", group="/aws/lambda/other"))

    news = run_virtually(followed(service, listed, "*", 3_600, "talks"))

    assert [type(update) for _, update in news if isinstance(update, ListUnread | LeftOut)] == [ListUnread]
    assert sorted(events_of(news)) == [("other", "other-1300"), ("talks", "talks-again")]
    assert [update.following for _, update in news if isinstance(update, TailState)][-1] is Following.FOLLOWING


def test_it_ends_with_the_last_of_them() -> None:
    """Where the query has an end: who joined shows what came late, too."""
    service = SimulatedLogs()
    listed = Listed(service, talks=0, other=10)
    service.put(at(119, late_s=6, event_id="talks-119"))
    service.put(at(119, late_s=8, event_id="other-119", group="/aws/lambda/other"))

    async def play() -> tuple[list[GrowthUpdate], float]:
        service.now_s()
        query = TailQuery(("talks",), since_ms=SINCE_MS, until_ms=SINCE_MS + 120_000)
        watch = NewcomerWatch(listed, ("*",), ("talks",), LISTED_ON_AWS, service.wall_ms)
        updates = [update async for update in growing_tail(logs_over(service), query, watch)]
        return updates, service.now_s()

    updates, ended_s = run_virtually(play())
    assert sorted(events_of([(0, update) for update in updates])) == [("other", "other-119"), ("talks", "talks-119")]
    assert 120 < ended_s < 150


def test_a_long_list_is_read_less_often() -> None:
    """A page takes a call of a quota that others need: 20,000 functions are read every twenty minutes."""
    assert LISTED_ON_AWS.pause_s(1, 0) == 60
    assert LISTED_ON_AWS.pause_s(1, 1_000) == 120
    assert LISTED_ON_AWS.pause_s(400, 0) == 1_200


class Growing(MemoryTarget):
    """Has one more function at the second look; the tail of the others ends when the log of that was read."""

    def __init__(self, refusal: WorkbenchError | None = None) -> None:
        super().__init__()
        self._refusal = refusal
        self._read = asyncio.Event()

    async def pages(self) -> AsyncIterator[FunctionPage]:
        async for page in super().pages():
            yield page
        if "greet-new" not in self.names:
            self.names.append("greet-new")

    async def tail(self, query: TailQuery) -> AsyncIterator[TailUpdate]:
        yield TailState(Following.FOLLOWING)
        if query.function_names != ("greet-new",):
            yield LogBatch((LogEvent("1", 1_000, 1_000, "s", "old", "greet"),))
            await self._read.wait()
            raise Unreachable("That is all")
        try:
            if self._refusal is not None:
                raise self._refusal
            yield LogBatch((LogEvent("2", 2_000, 2_000, "s", "fresh", "greet-new"),))
        finally:
            self._read.set()


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail_command, "LISTED_HERE", ListPace(0.01, 0.01))


@pytest.mark.usefixtures("_quick")
def test_who_joins_is_told_beside_the_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr; on stdout each line names its function, as more of them may come."""
    run(("tail", "gr*", "--utc"), Growing().composer(tmp_path))
    out, err = capsys.readouterr()
    assert [line.split()[1:] for line in out.splitlines()] == [["greet", "old"], ["greet-new", "fresh"]]
    assert "following greet-new too" in err


@pytest.mark.usefixtures("_quick")
def test_a_newcomer_whose_log_may_not_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others go on."""
    refusal = Denied("May not read logs", permission="logs:FilterLogEvents")
    run(("tail", "gr*", "--json"), Growing(refusal).composer(tmp_path))
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "not following greet-new: May not read logs" in err
    assert "That is all" in err
