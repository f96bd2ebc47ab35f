"""Late events and history: each line is shown once, and none that belongs between two others is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator

from lambdatui.core.logs import LogEvent, TailQuery, TailUpdate
from lambdatui.ui.logs.followed import FollowedLog
from lambdatui.ui.logs.older import PAGE_EVENTS
from lambdatui.ui.logs.pane import LogsPane
from tests.ui.logs.script import LogsApp, ScriptedLogs, event, until
from tests.ui.logs.test_pane import switch

SIZE = (90, 14)


def numbered(start: int, stop: int) -> list[LogEvent]:
    """An event every ten milliseconds."""
    return [event(n * 10, f"line {n}") for n in range(start, stop)]


def texts(log: FollowedLog) -> list[str]:
    """Every line of the log."""
    return [line.text for line in log.buffer.lines(log.buffer.first, len(log.buffer))]


async def test_a_late_event_shows_in_the_history_that_was_read_and_only_there() -> None:
    """Older than what is here it waits for the lines around it; in a span that has been read it comes at once."""
    source = ScriptedLogs()
    source.store(*numbered(0, 5_000))
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, ("line 4999", "1,000 lines"))
        source.write(event(21_005, "early"), event(45_005, "late"))
        await until(pilot, "1,001 lines")
        log = app.query_one(LogsPane)._log
        assert "early" not in texts(log)
        await pilot.press("g")
        await until(pilot, "3,001 lines")
        expected = [f"line {n}" for n in range(5_000)]
        expected.insert(4_501, "late")
        expected.insert(2_101, "early")
        assert texts(log) == expected[2_001:]
        source.write(event(5, "before all that"), event(22_005, "late too"))
        await until(pilot, "3,002 lines")
        expected.insert(2_202, "late too")
        assert texts(log) == expected[2_001:]
        await pilot.press("g")
        await until(pilot, "5,002 lines")
        await pilot.press("g")
        await until(pilot, "5,004 lines")
        expected.insert(1, "before all that")
        assert texts(log) == expected
        await pilot.press("g")
        await until(pilot, "the log begins here")
        source.write(event(-5, "oldest of all"))
        await until(pilot, "5,005 lines")
        assert texts(log)[0] == "oldest of all"


async def test_a_new_tail_repeats_no_history_that_was_read() -> None:
    """Another function and back: the newest minutes are asked for again, and history is a part of them."""
    source = ScriptedLogs()
    source.store(*numbered(0, 5_000))
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, ("line 4999", "1,000 lines"))
        await pilot.press("g")
        await until(pilot, "3,000 lines")
        await switch(pilot, "other")
        source.store(event(22_005, "late"), event(50_000, "new"))
        await switch(pilot, "resize-image")
        await until(pilot, "3,002 lines")
        shown = texts(app.query_one(LogsPane)._log)
        assert len(shown) == len(set(shown)) == 3_002
        assert shown.index("late") == shown.index("line 2200") + 1


async def test_what_comes_late_while_its_history_is_read_is_shown_once() -> None:
    """Whether the page that is on its way has it or not."""
    source = ScriptedLogs()
    source.store(*numbered(0, 3_000))
    arrived = source.store(event(15_005, "in the page"))
    log = FollowedLog(("resize-image",), 20_000)

    class Slow(ScriptedLogs):
        async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
            page = await source.older(query, before_ms, limit)
            log.extend(arrived)
            log.extend([event(15_015, "behind the page")])
            return page

    async for update in tail_of(source, log.query()):
        log.extend(update)
        break
    assert len(log.buffer) == 1_000
    async for _ in log.older.read(Slow(), log):
        assert "in the page" not in texts(log) or len(log.buffer) == 1_000 + PAGE_EVENTS + 1
    shown = texts(log)
    assert [shown.count(late) for late in ("in the page", "behind the page")] == [1, 1]
    assert shown.index("behind the page") == shown.index("line 1501") + 1


async def tail_of(source: ScriptedLogs, query: TailQuery) -> AsyncIterator[tuple[LogEvent, ...]]:
    """The batches of a tail."""
    update: TailUpdate
    async for update in source.tail(query):
        yield getattr(update, "events", ())


async def test_a_log_that_was_put_away_reads_its_history_again() -> None:
    """Who comes back to a long log finds its newest lines, and behind them all others, each once."""
    source = ScriptedLogs()
    stored = [event(n // 3, f"line {n}") for n in range(20_000)]
    source.store(*stored)
    log = FollowedLog(("resize-image",), 100_000)
    log.extend(stored)
    while log.buffer.shrink(5_000):
        continue
    assert 5_000 <= len(log.buffer) < 5_003
    log.extend(source.store(event(100, "late")))
    assert "late" not in texts(log)
    while log.older.may_read(log):
        async for _ in log.older.read(source, log):
            assert len(texts(log)) == len(log.buffer)
    shown = texts(log)
    assert sorted(shown) == sorted([*(f"line {n}" for n in range(20_000)), "late"])
