"""What a reader does with lines: filters them, marks, jumps, masks, copies, saves, makes events of them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from lambdatui.core.errors import Throttled
from lambdatui.core.logs import LogEvent, TailQuery
from lambdatui.storage.files import begin_new_file
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.times import TimeStyle, ago, since
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import (
    FOLLOWING,
    ID,
    START_MS,
    LogsApp,
    ScriptedLogs,
    event,
    frame_of,
    lines_shown,
    rows,
    shown_in,
    until,
)

SIZE = (90, 14)


async def test_matches_can_be_marked_among_all_lines() -> None:
    """& shows every line again, what matches marked; n and N go from match to match; up recalls a filter."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"order {n} stored") for n in range(100)))
        await until(pilot, "order 99")
        await pilot.press("slash", *"level=error", "enter")
        await until(pilot, "No line matches the filter")
        await pilot.press("slash", "up", *["backspace"] * 11, *"order 5", "enter", "ampersand")
        await until(pilot, ("all lines, matches marked", "order 99"))
        await pilot.press("N", "y", "N", "y", "n", "y")
        await pilot.pause()
        assert app.copied == ["order 59 stored", "order 58 stored", "order 59 stored"]
        await pilot.press("slash", "up", "f2")
        await until(pilot, "No line matches")


async def test_a_traceback_is_found_whole() -> None:
    """One line of an event brings, or with ! hides, all of them; & marks the lines that match, and n goes to those."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        raised = "[ERROR] ValueError: no\rTraceback (most recent call last):\r  File one\r    raise ValueError"
        source.write(event(0, "before"), event(1, raised), event(2, "after"))
        await until(pilot, "after")
        await pilot.press("slash", *"raise", "enter")
        await until(pilot, ("no", "Traceback", "File one", "raise ValueError"))
        assert len(lines_shown(app)) == 4
        assert "4 of 6 lines" in str(app.query_one("#found").render())
        await pilot.press("ampersand", "G")
        await until(pilot, "after")
        assert "1 of 6 lines" in str(app.query_one("#found").render())
        await pilot.press("N", "y")
        await pilot.pause()
        assert app.copied == ["    raise ValueError"]
        await pilot.press("ampersand", "slash", *["backspace"] * 5, *"!File")
        await pilot.pause()
        assert lines_shown(app) == ["before", "after"]


async def test_a_row_says_that_it_goes_on_and_shows_what_matches() -> None:
    """› and ‹ stand where there is more; a match beyond the edge is brought in, its level stays before it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "short"), event(1, f"[WARN] begins {'x' * 300} NEEDLE {'y' * 300} ends"))
        await until(pilot, "begins")
        assert [row.rstrip()[-1] for row in lines_shown(app)] == ["t", "›"]
        await pilot.press("slash", *"NEEDLE", "enter")
        await until(pilot, "NEEDLE")
        (row,) = lines_shown(app)
        assert row.startswith("WARN  ‹xxx")
        assert row.endswith("yyy›")
        await pilot.press("right")
        await pilot.pause()
        (row,) = lines_shown(app)
        assert row.startswith("‹xxx")
        assert "NEEDLE" not in row
        await pilot.press("left", "ampersand", "slash", *["backspace"] * 6, *"ends", "enter")
        await until(pilot, "yyy ends")
        assert lines_shown(app)[-1].endswith("yyy ends")


async def test_a_far_error_is_found_while_keys_are_answered() -> None:
    """N goes back over tens of thousands of lines to the one error, and stays there when there is no other."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=50_000)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "before"), event(1, "[ERROR] boom"))
        await until(pilot, "boom")
        source.write(*(event(n, f"order {n}") for n in range(2, 30_000)))
        await until(pilot, "order 29999")
        await pilot.press("N")
        await until(pilot, "boom")
        await pilot.press("N", "y")
        assert app.copied == ["[ERROR] boom"]


async def test_a_wrong_filter_is_told_in_place() -> None:
    """A level that is none says which there are; alt+c says what the case means."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "an Error"), event(1, "error"))
        await until(pilot, "an Error")
        await pilot.press("slash", *"level=loud")
        await pilot.pause()
        told = " ".join(" ".join(rows(app.query_one("#found"))).split())
        assert told == "No such level: loud: there are trace, debug, info, warn, error, fatal"
        await pilot.press(*["backspace"] * 10, *"!/foo(")
        assert "/ closes an expression" not in str(app.query_one("#found").render())
        await pilot.press(*["backspace"] * 6, *"/foo(")
        await until(pilot, "No line matches")
        assert "no such text · / closes an expression" in str(app.query_one("#found").render())
        await pilot.press(*["backspace"] * 5, *"error", "alt+c")
        assert lines_shown(app) == ["error"]
        assert "case counts · 1 of 2 lines" in str(app.query_one("#found").render())


async def test_a_mark_parts_before_from_after() -> None:
    """m sets a line behind the newest; what comes then stands below it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "before"))
        await until(pilot, "before")
        await pilot.press("m")
        source.write(event(5, "after"))
        await until(pilot, "after")
        shown = [row for row in rows(app.query_one(LogView)) if row]
        assert ["before" in shown[0], "── marked 00:00:00 ──" in shown[1], "after" in shown[2]] == [True] * 3
        assert "14:00:00" in shown[0], "the time of the line"
        assert "14:00:00" not in shown[1], "a mark has one time only"
        await pilot.press("k", "m")
        await until(pilot, "2 lines")
        assert not any("new" in row for row in rows(app.query_one(LogView)))
        await pilot.press("slash", *"!before")
        await pilot.pause()
        assert "1 of 2 lines" in str(app.query_one("#found").render())


async def test_a_time_is_gone_to() -> None:
    """@ asks for a time; the first line of it or after it is under the cursor."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n * 60_000, f"minute {n}") for n in range(200)))
        await until(pilot, "minute 199")
        await pilot.press("at", *"nonsense", "enter")
        assert "Not a time" in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        await pilot.press(*["backspace"] * 8, *"2026-11-23 15:00", "enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert app.copied == ["minute 60"]


async def test_times_show_in_four_ways() -> None:
    """D goes from UTC to ago, since the line before, local, and back; the choice is told upwards."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "one"), event(1_250, "two"))
        await until(pilot, "14:00:01.250 ▎two")
        await pilot.press("D")
        await until(pilot, ("now ▎two", "time ago"))
        await pilot.press("D")
        await until(pilot, "+1.250 s ▎two")
        await pilot.press("D", "D")
        await until(pilot, "14:00:01.250 ▎two")
        assert app.query_one(LogsPane).times is TimeStyle.UTC


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (ago(999), "now"),
        (ago(61_000), "1 min ago"),
        (ago(7_300_000), "2 h ago"),
        (ago(10**15), "9999 d ago"),
        (since(12), "+0.012 s"),
        (since(-5), "-0.005 s"),
        (since(45_678), "+45.7 s"),
        (since(10**8), "+27 h"),
        (since(6 * 86_400_000 - 1_000), "+5 d 23 h"),
        (since(100 * 86_400_000), "+100 d"),
        (since(10**15), "+9999 d"),
    ],
)
def test_a_time_fits_its_column(words: str, told: str) -> None:
    """Ten cells hold any of them."""
    assert words == told
    assert len(words) <= 10


async def test_secrets_are_masked_wherever_they_would_show() -> None:
    """M covers them on the screen, in the opened event and in what is copied."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, '{"level": "INFO", "message": "in", "password": "hunter2"}'))
        await until(pilot, "password=hunter2")
        await pilot.press("M", "y")
        await until(pilot, ("password=••••", "secrets masked"))
        assert app.copied == ['{"level": "INFO", "message": "in", "password": "••••"}']
        await pilot.press("enter")
        await until(pilot, '"password": "••••"')
        assert "hunter2" not in "\n".join(rows(app.query_one(LogView)))
        await pilot.press("o")
        await pilot.pause()
        assert "hunter2" not in "\n".join(rows(app.screen.query_one("TextRows")))


async def test_several_lines_are_selected_and_copied() -> None:
    """shift+up extends, y copies them all, esc selects none."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(20)))
        await until(pilot, "line 19")
        await pilot.press("shift+up", "K", "y", "y")
        await pilot.pause()
        assert app.copied == ["line 17\nline 18\nline 19", "line 17"]
        await pilot.press("J", "escape", "y")
        await pilot.pause()
        assert app.copied[-1] == "line 18"


async def test_a_record_becomes_an_event() -> None:
    """e in the opened event hands its record out as written, also from behind a word; other lines have none."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "no record"), event(1, 'event: {"order": 7.50, "order": 8}'))
        await until(pilot, "event:")
        await pilot.press("o", "e")
        await pilot.pause()
        assert app.found == ['{\n  "order": 7.50,\n  "order": 8\n}']
        await pilot.press("k", "enter", "e", "escape")
        await pilot.pause()
        assert len(app.found) == 1


async def test_an_opened_line_leads_to_its_invocation() -> None:
    """f in the opened event shows only the lines of the invocation that wrote it; esc leaves that."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(
            event(0, f"START RequestId: {ID.format(1)} Version: 1"),
            event(1, "its print"),
            event(2, f"START RequestId: {ID.format(2)} Version: 1"),
        )
        await until(pilot, "its print")
        await pilot.press("k", "enter", "f")
        await until(pilot, ("its print", "only 8f5a1c22"))
        assert len(lines_shown(app)) == 2


@pytest.mark.parametrize("ending", ["log", "ndjson"])
async def test_what_shows_is_saved(tmp_path: Path, ending: str) -> None:
    """s writes the lines that the filter leaves, as text or JSON lines; no file is replaced."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=20_000, new_file=begin_new_file)
    path = tmp_path / f"saved.{ending}"
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(5_000)), event(6_000, "[ERROR] boom\rTraceback line"))
        await until(pilot, "Traceback")
        app.query_one(LogsPane)._log.marks.set("line by line")
        await pilot.press("slash", *"line", "enter", "s")
        await pilot.pause()
        app.screen.query_one("Input").value = str(path)  # type: ignore[attr-defined]
        await pilot.press("enter")
        deadline = asyncio.get_running_loop().time() + 10
        while not path.exists():
            assert asyncio.get_running_loop().time() < deadline
            await pilot.pause(0.01)
        saved = path.read_text().splitlines()
        if ending == "log":
            assert saved[7] == "2026-11-23T14:00:00.007Z line 7"
            assert saved[-3:-1] == ["2026-11-23T14:00:06.000Z [ERROR] boom", f"{'':24} Traceback line"]
            assert "── marked line by line" in saved[-1]
        else:
            assert len(saved) == 5_001
            assert json.loads(saved[-1]) == {
                "timestamp": START_MS + 6_000,
                "logStreamName": "s",
                "message": "[ERROR] boom\nTraceback line",
                "function": "resize-image",
            }
        assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ["log", "ndjson"])
async def test_a_selection_alone_is_saved(tmp_path: Path, ending: str) -> None:
    """With lines selected s writes only those that show of them, and a late one among them; then none is selected."""
    source = ScriptedLogs()
    app = LogsApp(source, new_file=begin_new_file)
    path = tmp_path / f"saved.{ending}"
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        source.write(*(event(n * 10, f"line {n}") for n in range(40)))
        await until(pilot, "line 39")
        await pilot.press("slash", *"3", "enter", "k", "shift+up", "K", "s")
        await pilot.pause()
        assert "Save 3 selected lines to" in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        source.write(event(375, "late 3"), event(376, "hidden"), event(999, "new 3"))
        await pilot.pause()
        app.screen.query_one("Input").value = str(path)  # type: ignore[attr-defined]
        await pilot.press("enter")
        deadline = asyncio.get_running_loop().time() + 10
        while not path.exists():
            assert asyncio.get_running_loop().time() < deadline
            await pilot.pause(0.01)
        saved = path.read_text().splitlines()
        messages = [json.loads(line)["message"] if ending == "ndjson" else line[25:] for line in saved]
        assert messages == ["line 36", "line 37", "late 3", "line 38"]
        await pilot.press("y")
        await pilot.pause()
        assert app.copied == ["line 36"]


async def test_older_lines_come_as_one_scrolls_up() -> None:
    """Going beyond the first line reads what was before it, in its place; the reader's line stays; the end is told."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        source.store(*(event(n, f"line {n}") for n in range(4_500)))
        await pilot.press("r")
        pane = app.query_one(LogsPane)
        pane.source = None
        pane.source = source
        await until(pilot, ("line 4499", "1,000 lines"))
        await pilot.press("g")
        await until(pilot, "3,000 lines")
        assert lines_shown(app)[0] == "line 3500"
        await pilot.press("slash", *"line 1600", "enter")
        await pilot.press("g")
        await until(pilot, ("4,500 lines", "line 1600"))
        await pilot.press("slash", "escape", "g")
        await until(pilot, ("line 0", "the log begins here"))
        await pilot.press("b", "b")
        source.write(event(9_000, "newest"))
        await pilot.press("G")
        await until(pilot, "newest")


async def test_older_lines_that_cannot_be_read_are_told_and_asked_for_again() -> None:
    """The reason stands over the first line; going up once more tries again."""

    class Refusing(ScriptedLogs):
        refused = 0

        async def older(self, query: TailQuery, before_ms: int, limit: int) -> tuple[LogEvent, ...]:
            self.refused += 1
            if self.refused == 1:
                raise Throttled("Too many calls")
            return await super().older(query, before_ms, limit)

    source = Refusing()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(50)))
        source.say(FOLLOWING)
        await until(pilot, ("line 49", "following"))
        await pilot.press("g")
        await until(pilot, "older lines can't be read: Too many calls")
        await pilot.press("pageup")
        await until(pilot, "the log begins here")
        assert "reading back" in frame_of(app)
        await shown_in(pilot, LogView, "line 0")
