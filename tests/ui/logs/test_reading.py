"""Reading a log that grows: following, scrolling back, places that stay."""

from __future__ import annotations

from textual.events import MouseScrollDown

from lambdatui.core.logs import LogEvent
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, ID, LogsApp, ScriptedLogs, event, frame_of, lines_shown, rows, until

SIZE = (80, 12)  # ten rows of log


def numbered(start: int, stop: int) -> list[LogEvent]:
    """One event a second."""
    return [event(n * 1000, f"line {n}") for n in range(start, stop)]


async def test_the_newest_lines_are_followed() -> None:
    """Lines show as they come, the newest at the bottom; the frame says how many there are."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*numbered(0, 30))
        source.say(FOLLOWING)
        await until(pilot, ("line 29", "resize-image · following · 30 lines"))
        assert lines_shown(app) == [f"line {n}" for n in range(20, 30)]
        source.write(*numbered(30, 33))
        await until(pilot, "line 32")
        assert lines_shown(app) == [f"line {n}" for n in range(23, 33)]


async def test_a_reader_who_scrolled_back_is_not_moved() -> None:
    """New, late and dropped lines leave the reader's lines where they are; a badge counts what is new."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=100)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*numbered(0, 100))
        source.say(FOLLOWING)
        await until(pilot, "line 99")
        await pilot.press("pageup", "pageup")
        before = lines_shown(app)
        assert before[0] == "line 72"
        source.write(*numbered(100, 108))
        await until(pilot, ("↓ 8 new", "reading back, G follows"))
        source.write(event(50_500, "a late one\nwith two lines"))
        source.write(*numbered(108, 130))
        await until(pilot, "↓ 30 new")
        assert lines_shown(app)[:9] == before[:9]
        await pilot.press("G")
        await until(pilot, ("line 129", "following"))
        assert "new" not in "".join(rows(app.query_one(LogView)))
        source.write(*numbered(130, 131))
        await until(pilot, "line 130")


async def test_a_reader_whose_lines_were_dropped_sees_the_oldest() -> None:
    """Nobody can keep a line that is gone: the oldest that is left takes its place."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=40)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*numbered(0, 40))
        await until(pilot, "line 39")
        await pilot.press("g")
        assert lines_shown(app)[0] == "line 0"
        source.write(*numbered(40, 60))
        await until(pilot, "↓ 20 new")
        assert lines_shown(app)[0] == "line 20"


async def test_keys_and_wheel_move_as_in_a_pager() -> None:
    """Home, k, j, page keys and the wheel; going on beyond the end follows again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*numbered(0, 50))
        source.say(FOLLOWING)
        await until(pilot, ("line 49", "following"))
        view = app.query_one(LogView)
        await pilot.press("home")
        await until(pilot, "the log begins here")
        assert lines_shown(app) == [f"line {n}" for n in range(9)]
        await pilot.press("pagedown")
        assert lines_shown(app)[0] == "line 9"
        await pilot.press("pageup")
        assert lines_shown(app)[0] == "line 0"
        view.on_mouse_scroll_down(MouseScrollDown(view, 0, 0, 0, 0, 0, False, False, False))
        assert lines_shown(app)[0] == "line 3"
        await pilot.press("end", "k", "k")
        assert lines_shown(app)[0] == "line 40"
        assert "reading back" in frame_of(app)
        await pilot.press(*["k"] * 9)
        assert lines_shown(app)[0] == "line 38"
        await pilot.press("pagedown")
        assert "· following" in frame_of(app)


async def test_the_scrollbar_takes_the_mouse() -> None:
    """A click on the bar goes there; one on the badge follows again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*numbered(0, 100))
        source.say(FOLLOWING)
        await until(pilot, ("line 99", "▐"))
        view = app.query_one(LogView)
        await pilot.click(LogView, offset=(view.size.width - 1, 0))
        assert lines_shown(app)[0] == "line 0"
        source.write(*numbered(100, 101))
        await until(pilot, "↓ 1 new")
        await pilot.click(LogView, offset=(view.size.width - 4, view.size.height - 1))
        await until(pilot, "line 100")
        assert view.following


async def test_wrapping_shows_the_whole_line() -> None:
    """With wrap a long line takes rows, without it is scrolled sideways; wide characters are not cut in half."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "start " + "日本語" * 20 + " 🎉 end"), event(1, "tab\there"))
        await until(pilot, ("start", "tab here"))
        view = app.query_one(LogView)
        assert "end" not in "".join(rows(view))
        await pilot.press("right", "right", "right", "right", "right")
        assert "🎉 end" in "".join(rows(view))
        await pilot.press("left", "left", "left", "left", "left", "w")
        await until(pilot, "wrapped")
        assert "".join(lines_shown(app)).replace(" ", "").startswith("start" + "日本語" * 20 + "🎉end")
        assert {view.render_line(y).cell_length for y in range(view.size.height)} == {view.size.width}


async def test_a_line_of_a_megabyte_is_no_trouble() -> None:
    """It shows its beginning and says how much there is; opened, it is there to its end."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "x" * 1_000_000 + "the end"))
        await until(pilot, "xxxx")
        await pilot.press("w", "g")
        await until(pilot, "xxxx")
        await pilot.press("G")
        await until(pilot, "996,007 more characters")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("G")
        await pilot.pause()
        assert "the end" in "\n".join(rows(app.screen.query_one("TextRows")))


async def test_the_last_invocation_is_marked() -> None:
    """The lines of the invocation that was just made carry a heavier mark, its prints too."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(
            event(0, f"START RequestId: {ID.format(1)} Version: $LATEST"),
            event(1, "a print of the first"),
            event(2, f"START RequestId: {ID.format(2)} Version: $LATEST"),
            event(3, "a print of the second"),
        )
        await until(pilot, "a print of the second")
        app.query_one("LogsPane").mark(ID.format(2))  # type: ignore[attr-defined]
        await pilot.pause()
        view = app.query_one(LogView)
        assert [row[13] for row in rows(view)[-10:] if row] == ["▎", "▎", "▌", "▌"]
        await pilot.press("slash", *"second", "enter", "ampersand")
        match = view.get_component_rich_style("log-view--match").bgcolor
        drawn = [segment for y in range(4) for segment in view.render_line(y)]
        assert [one.text for one in drawn if one.style and one.style.bgcolor == match] == ["second"]


async def test_times_show_in_utc_or_here() -> None:
    """The time of day stands before the first line of each event, to the millisecond."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(131_023, "[ERROR] boom\nTraceback"))
        await until(pilot, "14:02:11.023 ▎ERROR boom")
        assert any(row == " " * 13 + "▎Traceback" for row in rows(app.query_one(LogView)))


async def test_log_text_is_never_markup() -> None:
    """A line that looks like markup is shown as it is."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "[/foo] [bold red]not red[/] \\[x]"))
        await until(pilot, "[/foo] [bold red]not red[/] \\[x]")
