"""JSON lines that are unfolded in place: they are parts of the log like any other rows."""

from __future__ import annotations

import json

from lambdatui.core.logs import LogEvent
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, LogsApp, ScriptedLogs, event, frame_of, lines_shown, rows, until
from tests.ui.logs.test_pane import switch

SIZE = (80, 14)  # twelve rows of log


def record(at_ms: int, **fields: object) -> LogEvent:
    """A JSON record of the function."""
    return event(at_ms, json.dumps({"level": "INFO", "message": f"stored {at_ms}", **fields}))


def unfolded_rows(app: LogsApp) -> list[str]:
    """The rows that stand under an unfolded line."""
    return [row for row in lines_shown(app) if row.startswith("  ")]


async def test_enter_unfolds_a_line_in_place_and_folds_it_again() -> None:
    """The record stands under its line, behind its gutter; the tail pauses as it does for other keys."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "before"), record(1, order={"id": 7}), event(2, "after"))
        source.say(FOLLOWING)
        await until(pilot, ("after", "following"))
        await pilot.press("k", "enter")
        assert lines_shown(app) == [
            "before",
            "INFO  stored 1  order={" + '"id": 7}',
            "  {",
            '    "level": "INFO",',
            '    "message": "stored 1",',
            '    "order": {',
            '      "id": 7',
            "    }",
            "  }",
            "after",
        ]
        drawn = rows(app.query_one(LogView))[1:11]  # under the note that the log begins here
        assert all(row[13] == "▎" for row in drawn)
        assert [bool(row[:12].strip()) for row in drawn] == [True, True, *[False] * 7, True]
        assert "reading back, G follows" in frame_of(app)
        source.write(record(3))
        await until(pilot, "↓ 1 new")
        assert lines_shown(app)[0] == "before"
        await pilot.press("y", "enter")
        assert json.loads(app.copied[0])["order"] == {"id": 7}
        assert len(lines_shown(app)) == 4
        await pilot.press("G", "enter")
        await until(pilot, '"message": "stored 3"')
        assert "reading back" in frame_of(app)


async def test_a_line_that_holds_no_record_opens_by_itself() -> None:
    """As does any line with o."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "[ERROR] plain\rTraceback"), record(1))
        await until(pilot, "stored 1")
        await pilot.press("o")
        await pilot.pause()
        assert '"stored 1"' in "\n".join(rows(app.screen.query_one("TextRows")))
        await pilot.press("escape", "k", "enter")
        await pilot.pause()
        assert "[ERROR] plain" in "\n".join(rows(app.screen.query_one("TextRows")))


async def test_an_unfolded_line_stays_so_while_lines_come_and_go() -> None:
    """Late events before it, lines that are dropped, another function and back: the same line stays unfolded."""
    source = ScriptedLogs()
    app = LogsApp(source, max_lines=30)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(record(n * 10) for n in range(20)))
        await until(pilot, "stored 190")
        await pilot.press("enter")
        await until(pilot, '"message": "stored 190"')
        before = unfolded_rows(app)
        source.write(event(15, "late one\rof two lines"))
        await until(pilot, "22 lines")
        assert unfolded_rows(app) == before
        await switch(pilot, "other")
        await switch(pilot, "resize-image")
        await until(pilot, '"message": "stored 190"')
        source.write(*(record(n * 10) for n in range(20, 45)))
        await until(pilot, "new")
        assert unfolded_rows(app) == before
        source.write(*(record(n * 10) for n in range(45, 60)))
        await pilot.press("G", "g")
        await until(pilot, "stored 300")
        assert not unfolded_rows(app)


async def test_a_tall_record_is_gone_through_row_by_row() -> None:
    """It begins at the top when unfolded; j, k and the page keys miss none of its rows; folded, its line shows."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(
            *(event(n, f"line {n}") for n in range(20)), record(30, items=list(range(30))), event(40, "line 40")
        )
        await until(pilot, "line 40")
        await pilot.press("k", "enter")
        assert lines_shown(app)[0].startswith("INFO  stored 30")
        seen = set(unfolded_rows(app))
        await pilot.press("j")
        assert lines_shown(app)[0] == "  {"
        for _ in range(40):
            await pilot.press("j")
            seen.update(unfolded_rows(app))
        assert {f"      {n}," for n in range(29)} <= seen
        await pilot.press("k", "k", "k")
        assert lines_shown(app)[-1] == "    ]"
        await pilot.press("pageup", "pageup", "pageup")
        assert any(row.startswith("INFO  stored 30") for row in lines_shown(app))
        await pilot.press("pagedown")
        assert "line 19" not in lines_shown(app)
        await pilot.press("enter")
        assert any(row.startswith("INFO  stored 30") for row in lines_shown(app))
        assert not unfolded_rows(app)


async def test_wrapped_filtered_and_marked_lines_unfold() -> None:
    """Long values go on under themselves; what a filter finds is marked in the record too."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(record(1, note="word " * 14 + "needle"), record(2), record(3, note="needle"))
        await until(pilot, "stored 3")
        await pilot.press("slash", *"needle", "enter", "k", "enter", "w")
        await until(pilot, "needle")
        shown = unfolded_rows(app)
        wrapped = [row for row in shown[shown.index("  {") :] if row.strip().startswith("word")]
        assert wrapped
        assert all(row.startswith(" " * 6 + "word") for row in wrapped)
        assert not any("stored 2" in row for row in lines_shown(app))
        view = app.query_one(LogView)
        match = view.get_component_rich_style("log-view--match").bgcolor
        marked = [
            y
            for y in range(view.size.height)
            for segment in view.render_line(y)
            if segment.style and segment.style.bgcolor == match and segment.text == "needle"
        ]
        assert len(marked) == 3  # the folded line, its record, and the other line
        assert {view.render_line(y).cell_length for y in range(view.size.height)} == {view.size.width}


async def test_the_mouse_unfolds_and_folds() -> None:
    """The second click unfolds the line, or folds it when it is on its record; the first moves no row."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "line 0"), record(1, items=list(range(20))), event(2, "line 2"))
        await until(pilot, "line 2")
        await pilot.click(LogView, offset=(30, 1), times=2)
        assert len(unfolded_rows(app)) == 11
        await pilot.press("pagedown")
        before = lines_shown(app)
        await pilot.click(LogView, offset=(30, 3))
        assert lines_shown(app) == before
        await pilot.click(LogView, offset=(30, 4), times=2)
        assert not unfolded_rows(app)
        assert app.query_one(LogsPane).query_one(LogView).has_focus
