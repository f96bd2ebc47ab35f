"""A time of day says nothing of the day: where that is another one, the date stands with it."""

from __future__ import annotations

import pytest

from lambdatui.ui.logs.invocations import InvocationList
from lambdatui.ui.logs.times import dated, moment
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, START_MS, LogsApp, ScriptedLogs, event, rows, shown_in, until

_DAY_MS = 86_400_000


async def test_the_date_stands_where_another_day_begins() -> None:
    """And in the first row, unless it is of today; a filter changes which row that is, and nothing is copied of it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(80, 10)) as pilot:
        for days in (400, 9, 3, 0):
            source.write(*(event(n * 1_000 - days * _DAY_MS, f"{days} ago {'ab'[n % 2]}") for n in range(4)))
        source.say(FOLLOWING)
        await until(pilot, ("23 Nov 14:00 ▎0 ago a", "14:00:01.000 ▎0 ago b", "20 Nov 14:00 ▎3 ago a"))
        await pilot.press("g")
        await until(pilot, ("2025-10-19   ▎400 ago a", "14:00:01.000 ▎400 ago b", "14 Nov 14:00 ▎9 ago a"))
        await pilot.press("down", "down", "down", "down", "down", "y")
        await pilot.pause()
        assert app.copied == ["9 ago b"]
        await pilot.press("slash", *"!ago\\ a", "enter")
        await pilot.press("slash", "escape", "slash", *"b", "enter", "g")
        await until(pilot, ("2025-10-19   ▎400 ago b", "14 Nov 14:00 ▎9 ago b", "20 Nov 14:00 ▎3 ago b"))
        assert sum("ago a" in row for row in rows(app.query_one(LogView))) == 0


async def test_in_the_middle_of_an_event_the_day_is_known_too() -> None:
    """Its first row on the screen tells the date, though the time stands above; times of another kind need none."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(80, 10)) as pilot:
        source.write(event(-_DAY_MS, "\n".join(f"row {n}" for n in range(30))), event(0, "today"))
        await until(pilot, ("22 Nov       ▎row 23", "23 Nov 14:00 ▎today"))
        await pilot.press("D", "D")
        await until(pilot, "+24 h ▎today")
        assert not any("Nov" in row for row in rows(app.query_one(LogView)))


async def test_invocations_of_other_days_tell_the_date() -> None:
    """In the column of when they started; those of today the time with milliseconds."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(140, 10)) as pilot:
        for days in (9, 0):
            name = f"8f5a1c22-91d3-4f1c-8a2b-00000000000{days}"
            source.write(event(1_026 - days * _DAY_MS, f"START RequestId: {name} Version: $LATEST\n"))
            source.write(event(1_030 - days * _DAY_MS, f"END RequestId: {name}\n"))
        await until(pilot, "4 lines")
        await pilot.press("b")
        await shown_in(pilot, InvocationList, "14 Nov 14:00:01", "14:00:01.026")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (dated("14:02:11.023", "14 Nov", 12), "14 Nov 14:02"),
        (dated("14:02:11.023", "14 Nov", 15), "14 Nov 14:02:11"),
        (dated("14:02:11", "14 Nov", 8), "14 Nov"),
        (dated("14:02:11", "2025-11-14", 8), "25-11-14"),
        (moment(START_MS, START_MS + 1, utc=True), "14:00:00"),
        (moment(START_MS, START_MS + _DAY_MS, utc=True), "23 Nov 14:00:00"),
        (moment(10**15, 0, utc=True), "01:46:40"),
    ],
)
def test_a_date_fits_beside_a_time(words: str, told: str) -> None:
    """Seconds go first, then the whole time; a time that no calendar has stands alone."""
    assert words == told
