"""The pane around the lines: states, filter, clearing, switching functions."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual.pilot import Pilot

from lambdatui.core.errors import Denied
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.logs import Following, Refused, TailState
from lambdatui.ui.logs.filter_bar import FilterBar
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, ID, LogsApp, ScriptedLogs, event, frame_of, lines_shown, rows, until

SIZE = (90, 14)


async def test_without_a_function_the_pane_says_so() -> None:
    """Nothing selected has its own picture."""
    app = LogsApp(ScriptedLogs(), function_name="")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "No function selected")


async def test_each_state_of_the_tail_has_its_picture() -> None:
    """Connecting, no logs yet, throttled: what is waited for and what to do."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, ("connecting", "Opening the log of resize-image"))
        source.say(TailState(Following.WAITING_FOR_GROUP))
        await until(pilot, ("no logs yet", "press i to invoke resize-image"))
        source.say(TailState(Following.THROTTLED))
        await until(pilot, ("· throttled", "trying again"))
        source.say(TailState(Following.CATCHING_UP, 90.0))
        await until(pilot, "catching up · 2 min behind")


async def test_how_far_behind_the_lines_are_is_told_while_there_is_trouble() -> None:
    """It grows by itself, after a refusal too; who follows is not bothered with the pause between two looks."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "a line"))
        source.say(FOLLOWING)
        await until(pilot, "· following · 1 line")
        source.say(TailState(Following.THROTTLED, 12.4))
        await until(pilot, "throttled · 12 s behind · 1 line")
        await until(pilot, "throttled · 13 s behind")
        source.say(TailState(Following.RECONNECTING, 300.0))
        await until(pilot, "reconnecting · 5 min behind")
        source.say(Denied("Not permitted"))
        await until(pilot, "Not permitted · 5 min behind")


async def test_a_log_that_is_deleted_and_one_that_never_was_are_told_apart() -> None:
    """Beside lines there was a group; without any the first invocation makes it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    waiting = TailState(Following.WAITING_FOR_GROUP, missing=("/aws/lambda/resize-image",))
    async with app.run_test(size=SIZE) as pilot:
        source.say(waiting)
        await until(pilot, ("no logs yet", "No log group yet", "the first invocation of resize-image makes it"))
        source.write(event(0, "a line"))
        source.say(FOLLOWING)
        await until(pilot, "· following · 1 line")
        source.say(waiting)
        await until(pilot, "the log group is gone, waiting for it · 1 line")


async def test_a_refused_tail_says_why_and_can_be_retried() -> None:
    """Title, detail and hint of the error; r opens the log again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "before"))
        await until(pilot, "before")
        source.say(Denied("Not permitted to read this log", "who you are", "Add logs:FilterLogEvents"))
        await until(pilot, ("Not permitted to read this log", "before", "r tries again"))
        await pilot.press("ctrl+l", "u", "r")
        source.say(FOLLOWING)
        await until(pilot, ("following", "1 line"))
        assert len(source.queries) == 2


async def test_what_the_tail_goes_on_without_stands_in_the_frame() -> None:
    """As long as it is so: the function and the missing permission; where there is no line the picture says it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    refused = Refused(("order-denied",), Denied("Not permitted: logs:FilterLogEvents"))
    async with app.run_test(size=SIZE) as pilot:
        source.say(replace(FOLLOWING, refused=(refused,), missing=("/aws/lambda/new",)))
        await until(pilot, ("No logs yet", "without order-denied: Not permitted: logs:FilterLogEvents"))
        source.write(event(0, "a line"))
        await until(pilot, ("a line", "without order-denied: Not permitted: logs:FilterLogEvents · no log group"))
        source.say(FOLLOWING)
        while "without order-denied" in frame_of(app):
            await pilot.pause()


async def test_a_filter_narrows_as_one_types() -> None:
    """Only matching lines show, with what matches marked; lines that come in are filtered too; Esc shows all."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"order {n} stored") for n in range(40)), event(50, "ORDER 7 failed"))
        source.say(FOLLOWING)
        await until(pilot, "ORDER 7 failed")
        await pilot.press("slash", *"order 7")
        assert lines_shown(app) == ["order 7 stored", "ORDER 7 failed"]
        source.write(event(60, "order 8 stored"), event(61, "order 77 stored"))
        await until(pilot, "order 77")
        await pilot.press("enter")
        assert app.focused is app.query_one(LogView)
        assert lines_shown(app) == ["order 7 stored", "ORDER 7 failed", "order 77 stored"]
        match = app.query_one(LogView).get_component_rich_style("log-view--match")
        first = app.query_one(LogView).render_line(0)
        assert [one.text for one in first if one.style and one.style.bgcolor == match.bgcolor] == ["order 7"]
        await pilot.press("slash", "escape")
        assert "order 39 stored" in lines_shown(app)
        assert not app.query_one(FilterBar).display


async def test_capitals_and_slashes_change_what_a_filter_means() -> None:
    """A capital makes the case count; slashes make an expression, and a broken one says so, keeping the lines."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "error one"), event(1, "ERROR two"), event(2, "status=503"), event(3, "status=200"))
        await until(pilot, "status=200")
        await pilot.press("slash", *"ERROR")
        assert lines_shown(app) == ["ERROR two"]
        await pilot.press(*["backspace"] * 5, *"/=[45]../")
        assert lines_shown(app) == ["status=503"]
        await pilot.press(*["backspace"] * 3, "(", "/")
        assert "Not a regular expression" in str(app.query_one("#found").render())
        await pilot.press("escape")
        assert len(lines_shown(app)) == 4


async def test_a_filter_that_nothing_matches_says_so() -> None:
    """An empty view is explained."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "something"))
        await until(pilot, "something")
        await pilot.press("slash", *"nowhere")
        await until(pilot, "No line matches the filter")


async def test_clearing_is_taken_back() -> None:
    """ctrl+l clears the view and says so; u brings the lines back."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(5)))
        source.say(FOLLOWING)
        await until(pilot, ("line 4", "following"))
        await pilot.press("ctrl+l")
        await until(pilot, ("5 lines cleared from view", "press u to bring them back"))
        source.write(event(10, "line new"))
        await until(pilot, ("line new", "5 cleared, u brings them back"))
        assert lines_shown(app) == ["line new"]
        await pilot.press("u")
        await until(pilot, ("line 0", "line new"))
        assert "cleared" not in frame_of(app)


async def test_errors_are_a_key_away() -> None:
    """N and n go from error to error, a failed REPORT being one."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        report = f"REPORT RequestId: {ID.format(1)}\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t"
        source.write(
            *(event(n, f"line {n}") for n in range(30)),
            event(30, "[ERROR] boom\nTraceback"),
            *(event(n, f"line {n}") for n in range(31, 60)),
            event(60, report + "Max Memory Used: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory\t"),
            *(event(n, f"line {n}") for n in range(61, 90)),
        )
        await until(pilot, "line 89")
        await pilot.press("N")
        await until(pilot, "error Runtime.OutOfMemory")
        await pilot.press("N")
        await until(pilot, "ERROR boom")
        await pilot.press("y", "n", "y")
        await pilot.pause()
        assert app.copied[0] == "[ERROR] boom"
        assert app.copied[1].startswith("REPORT RequestId")


async def test_an_event_opens_whole() -> None:
    """o shows a folded record indented; y copies it as it arrived."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        raw = '{"level": "INFO", "message": "stored", "detail": {"bucket": "b", "evil": "\\u001b[2J"}}'
        source.write(event(0, raw))
        await until(pilot, "INFO  stored  detail=")
        await pilot.press("o")
        await pilot.pause()
        shown = "\n".join(rows(app.screen.query_one("TextRows")))
        assert '    "bucket": "b",' in shown
        assert "\x1b" not in shown
        await pilot.press("y")
        await pilot.pause()
        assert app.copied == [raw]
        assert app.focused is app.query_one(LogView)


async def switch(pilot: Pilot[None], name: str) -> None:
    """Select another function."""
    pilot.app.query_one(LogsPane).function = FunctionSummary(name)
    await pilot.pause()


async def test_switching_back_shows_the_lines_at_once_and_none_twice() -> None:
    """The log of a function is kept as it was left, place included; what came meanwhile is added."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(40)))
        await until(pilot, "line 39")
        await pilot.press("g")
        before = lines_shown(app)
        await switch(pilot, "other")
        await until(pilot, "Opening the log of other")
        source.write(event(50, "line 50"))
        await switch(pilot, "resize-image")
        await until(pilot, ("41 lines", "↓ 1 new"))
        assert lines_shown(app)[:-1] == before[:-1]
        assert source.queries[-1].since_ms is not None


async def test_a_flood_leaves_the_keys_free() -> None:
    """While a large batch is taken, a key is answered before the batch is done."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=200_000)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(event(n, f"line {n}") for n in range(40_000)))
        pane = app.query_one(LogsPane)
        view = app.query_one(LogView)
        seen = asyncio.get_running_loop().create_task(until(pilot, "line 39999"))
        await until(pilot, "line")
        view.focus()
        await pilot.press("w")
        assert view.wrap
        await seen
        assert len(pane._log.buffer) == 40_000
