"""Whatever shows around it, the line under the cursor stays where it is; a far one is shown with what led to it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from lambdatui.core.logs import LogEvent
from lambdatui.ui.keys import shortcuts
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import FOLLOWING, ID, LogsApp, ScriptedLogs, event, frame_of, rows, until

SIZE = (100, 24)


def _two_at_once(count: int) -> list[LogEvent]:
    """Invocations in pairs, whose lines take turns."""
    found = []
    for number in range(count):
        for turn, words in enumerate(("START RequestId: {} Version: $LATEST", "step {} of it", "END RequestId: {}")):
            for stream in "ab":
                at_ms = number * 1_000 + turn * 100 + "ab".index(stream)
                name = ID.format(stream) + f"{number:02}"
                one = event(at_ms, words.format(name) + ("\n" if turn == 1 else ""))
                found.append(one._replace(stream=stream))
    return found


async def _opened(source: ScriptedLogs, pilot: Pilot[None], *events: LogEvent) -> None:
    source.write(*events)
    source.say(FOLLOWING)
    await until(pilot, ("following", f"{len(events):,} lines"))


def _screen(app: LogsApp) -> list[str]:
    return [row.removesuffix("▐").rstrip() for row in rows(app.query_one(LogView))]


def _cursor(app: LogsApp) -> tuple[int, str]:
    """The row of the screen that the cursor is in, and what it says."""
    frame = app.query_one(LogView)._frame
    y = next(y for y, row in enumerate(frame.rows) if row.index == frame.cursor)
    return y, frame.rows[y].line.text


async def test_only_one_invocation_and_back_leaves_the_reader_where_they_are() -> None:
    """f keeps the line; f again keeps line and row, and the whole screenful if nothing moved."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await _opened(source, pilot, *_two_at_once(40))
        await pilot.press("pageup", *["up"] * 9)
        row, line = _cursor(app)
        before = _screen(app)
        assert 3 < row < 20
        await pilot.press("f")
        await until(pilot, "esc shows every invocation")
        assert _cursor(app)[1] == line
        assert "reading back" in frame_of(app)
        await pilot.press("f")
        await pilot.pause()
        assert (_cursor(app), _screen(app)) == ((row, line), before)
        await pilot.press("f", "g")  # to another line of it: that one is kept then
        await pilot.pause()
        row, line = _cursor(app)
        await pilot.press("f")
        await pilot.pause()
        assert _cursor(app) == (row, line)


@pytest.mark.parametrize("keys", [("w", "w"), ("ampersand", "ampersand"), ("slash", *"end", "escape")])
async def test_a_key_and_its_opposite_show_the_same_screen(keys: tuple[str, ...]) -> None:
    """Wrapped, only marked, filtered: on the way the line under the cursor keeps its row where that can be."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        long = [one._replace(message=f"{one.message.rstrip()} {'x' * 150}") for one in _two_at_once(40)]
        await _opened(source, pilot, *long)
        if keys[0] == "ampersand":
            await pilot.press("slash", *"step", "enter")
            while any("END" in row for row in _screen(app)):
                await pilot.pause()
        await pilot.press("pageup", "pageup", *["up"] * 7)
        before, cursor = _screen(app), _cursor(app)
        await pilot.press(keys[0])
        await pilot.pause()
        assert _cursor(app) == cursor
        await pilot.press(*keys[1:])
        await pilot.pause()
        assert ([one[14:] for one in _screen(app)], _cursor(app)) == ([one[14:] for one in before], cursor)
        await pilot.press("down")
        await pilot.pause()
        assert _cursor(app)[0] == cursor[0] + 1


def _footer(app: LogsApp) -> str:
    return " · ".join(f"{one.keys[0]} {one.description}" for one in shortcuts(app.screen) if one.binding.show)


@pytest.mark.parametrize("keys", [(), ("G",)])
async def test_esc_takes_back_one_thing_at_a_time(keys: tuple[str, ...]) -> None:
    """A selection, then the filter, the line under the cursor in its row, then the one invocation; the footer tells.

    Who follows what matches keeps that line too.
    """
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await _opened(source, pilot, *_two_at_once(40))
        assert "esc" not in _footer(app)
        await pilot.press("pageup", "f", "slash", *"step", "enter")
        await until(pilot, ("1 of 240 lines", "esc clears the filter"))
        assert "the log begins here" not in "".join(_screen(app))
        row, line = _cursor(app)
        await pilot.press("shift+up")
        assert "esc Unselect" in _footer(app)
        await pilot.press("escape")
        assert "esc All lines" in _footer(app)
        await pilot.press("escape")
        await until(pilot, ("3 of 240 lines", "esc shows every invocation"))
        assert _cursor(app) == (max(row, 1), line)
        assert "esc Invocations" in _footer(app)
        await pilot.press("g")
        await pilot.pause()
        assert "the log begins here" not in "".join(_screen(app))
        await pilot.press("escape", "b", "slash", *"step 8f5a1c22-91d3-4f1c-8a2b-00000000000a20")
        await until(pilot, "1 of 240 lines")
        await pilot.press("enter")
        line = _cursor(app)[1]
        await pilot.press(*keys, "escape")
        await until(pilot, ("· 240 lines", "reading back"))
        assert _cursor(app)[1] == line
        await pilot.press("slash", *"nothing has this", "enter")
        await until(pilot, "esc shows all")
        await pilot.press("escape", "g")
        await until(pilot, "the log begins here")
        assert "esc" not in _footer(app)


async def test_a_far_error_is_shown_with_what_led_to_it() -> None:
    """A third down the screen; one that is in sight moves nothing, and a match deep in an event shows its beginning."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        events = [event(n * 10, f"line {n}") for n in range(200)]
        events[100] = event(1_000, "[ERROR] at once")
        events[104] = event(1_040, "[ERROR] soon after")
        events[20] = event(200, "\n".join(["Traceback", *(f"  frame {n}" for n in range(15)), "ValueError: deep"]))
        await _opened(source, pilot, *events[:20], *events[21:])
        source.write(events[20])
        await until(pilot, "216 lines")
        await pilot.press("N")
        third = app.query_one(LogView).size.height // 3
        await until(pilot, "soon after")
        assert _cursor(app) == (third, "[ERROR] soon after")
        await pilot.press("N")
        await pilot.pause()
        assert _cursor(app) == (third - 4, "[ERROR] at once")
        await pilot.press("slash", *"deep", "enter", "ampersand", "N")
        await until(pilot, "ValueError: deep")
        assert _cursor(app) == (16, "ValueError: deep")
        assert "Traceback" in _screen(app)[0]
