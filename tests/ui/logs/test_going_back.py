"""@ goes to a time that is not here yet: the pages up to it are read, and the reader may change their mind."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from lambdatui.core.logs import LogEvent, TailQuery
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, LogsApp, ScriptedLogs, event, frame_of, rows, until

SIZE = (100, 16)
_MINUTE_MS = 60_000


class PagedLogs(ScriptedLogs):
    """A line each minute since yesterday; gives its pages one by one, each when the test lets it."""

    def __init__(self, pages: int = 100) -> None:
        super().__init__()
        self.asked: list[int] = []
        self.gate = asyncio.Semaphore(pages)
        self.store(*(event((n - 1_400) * _MINUTE_MS, f"minute {n}") for n in range(1_400)))

    async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
        """See the port; a page of a hundred events."""
        self.asked.append(before_ms)
        await self.gate.acquire()
        return await super().older(query, before_ms, min(limit, 100))


async def _newest_of(source: ScriptedLogs, pilot: Pilot[None]) -> None:
    """The newest thousand lines show."""
    source.say(FOLLOWING)
    await until(pilot, ("minute 1399", "1,000 lines", "following"))


def _row_of(app: LogsApp, text: str) -> int:
    return next(
        y for y, row in enumerate(rows(app.query_one(LogView))) if row.removesuffix("▐").rstrip().endswith(text)
    )


async def test_a_time_before_what_is_here_is_read_back_to() -> None:
    """As many pages as it takes and no more; the line is a third down, so that what led to it is seen."""
    source = PagedLogs()
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        await _newest_of(source, pilot)
        await pilot.press("at", *"2026-11-22 17:20", "enter")
        await until(pilot, "minute 160")
        await pilot.press("y")
        await pilot.pause()
        assert app.copied == ["minute 160"]
        assert len(source.asked) == 3
        assert _row_of(app, "minute 160") == app.query_one(LogView).size.height // 3
        assert not app._notifications


async def test_where_the_log_begins_later_that_is_told() -> None:
    """The oldest line is gone to, with its time and the date unless it is of today."""
    source = PagedLogs()
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        await _newest_of(source, pilot)
        await pilot.press("at", *"2026-10-01 12:00", "enter")
        await until(pilot, ("minute 0", "the log begins here"))
        (toast,) = app._notifications
        assert (toast.title, toast.message) == ("The log begins here", "Here is the oldest line, of 22 Nov 14:40:00")


async def test_a_full_buffer_ends_the_way_back() -> None:
    """It says so, and shows the oldest line that it has room for."""
    source = PagedLogs()
    app = LogsApp(source, max_lines=1_150)
    async with app.run_test(size=SIZE) as pilot:
        await _newest_of(source, pilot)
        await pilot.press("at", *"2026-11-22 14:45", "enter")
        await until(pilot, ("minute 250", "1,150 lines", "log_buffer_lines is reached"))
        (toast,) = app._notifications
        assert "log_buffer_lines is reached" in toast.title


async def test_esc_or_a_move_ends_the_way_back() -> None:
    """Keys are answered between two pages; how far it is stands in the frame, and no one who moved is moved."""
    source = PagedLogs(pages=1)
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        await _newest_of(source, pilot)
        await pilot.press("at", *"2026-11-22 15:00", "enter")
        await until(pilot, ("1,100 lines", "back to 22 Nov 15:00:00, at 22 Nov 19:40:00 · esc stops"))
        await pilot.press("escape")
        await until(pilot, "following")
        assert "esc stops" not in frame_of(app)
        await pilot.press("at", *"2026-11-22 15:00", "enter")
        await until(pilot, "esc stops")
        await pilot.press("up")
        source.gate.release()
        await until(pilot, ("1,200 lines", "reading back", "minute 1399"))
        assert "esc stops" not in frame_of(app)
        assert len(source.asked) == 3
