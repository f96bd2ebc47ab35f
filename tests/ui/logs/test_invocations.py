"""The same log read by invocation."""

from __future__ import annotations

from textual.pilot import Pilot

from lambdatui.core.functions import FunctionSummary
from lambdatui.core.logs import LogEvent
from lambdatui.ui.logs.filter_bar import FilterBar
from lambdatui.ui.logs.invocation_rows import Field, columns
from lambdatui.ui.logs.invocation_view import RowFilterBar
from lambdatui.ui.logs.invocations import InvocationList
from lambdatui.ui.logs.pane import LogsPane
from lambdatui.ui.logs.title import Reading, Title
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import (
    FOLLOWING,
    ID,
    LogsApp,
    ScriptedLogs,
    event,
    frame_of,
    lines_shown,
    rows,
    shown_in,
    until,
)

SIZE = (120, 14)
REPORT = (
    "REPORT RequestId: {}\tDuration: 12.40 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 61 MB\t{}"
)


def invocation(number: int, ending: str = "ok", at_ms: int | None = None) -> tuple[LogEvent, ...]:
    """The events of one invocation that ends like this."""
    at, name = (number * 1000 if at_ms is None else at_ms), ID.format(number)
    began = event(at, f"START RequestId: {name} Version: $LATEST")
    inside = event(at + 5, f"print of {number}")
    match ending:
        case "ok":
            return began, inside, event(at + 12, REPORT.format(name, "Init Duration: 151.20 ms\t"))
        case "error":
            raised = event(at + 6, "[ERROR] ValueError: no such order\rTraceback (most recent call last):\r  File")
            return began, inside, raised, event(at + 12, REPORT.format(name, ""))
        case _:
            return began, inside


async def opened(pilot: Pilot[None], source: ScriptedLogs) -> None:
    """Three invocations, read as such."""
    source.write(*invocation(1), *invocation(2, "error"), *invocation(3, "running"))
    source.say(FOLLOWING)
    await shown_in(pilot, LogView, "print of 3")
    await pilot.press("b")
    await shown_in(pilot, InvocationList, "running")


async def test_the_first_look_at_a_long_log_ends_at_the_line_under_the_cursor() -> None:
    """Its lines are read for the rows block by block; the cursor is on the invocation that the reader came from."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        between = [event(2_000 + number, f"line {number}") for number in range(9_000)]
        source.write(*invocation(1), *between, *invocation(20), *invocation(21))
        source.say(FOLLOWING)
        await shown_in(pilot, LogView, "print of 21")
        await pilot.press("g", "b")
        await shown_in(pilot, InvocationList, "14:00:01.000", "14:00:20.000", "14:00:21.000")
        await pilot.press("enter")
        await shown_in(pilot, LogView, "line 8999")
        assert not any("print of 2" in row for row in lines_shown(app))


async def test_each_invocation_is_a_row() -> None:
    """Status, times, billed, memory, cold start, estimated cost, error: all of it in one row."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        heading, first, second, third = [row for row in rows(app.query_one(InvocationList)) if row][:4]
        for word in ("status", "duration", "billed", "memory used", "cold init", "est. cost", "error"):
            assert word in heading
        for word in ("● ok", "14:00:01.000", "12.4 ms", "13 ms", "61 of 512 MB", "+151 ms", "$0.00000031"):
            assert word in first
        assert "✗ error" in second
        assert "ValueError: no such" in second
        assert "◐ running" in third
        assert "3 invocations ── Lines │ Invocations" in frame_of(app)


async def test_what_can_run_no_more_is_without_report() -> None:
    """By the clock of the log: its function may run for three seconds."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        source.write(*invocation(8, "running", at_ms=90_000))
        await shown_in(pilot, InvocationList, "○ no report", "◐ running")
        await pilot.press("slash", *"status=running")
        await until(pilot, "1 of 4 invocations")


async def test_secrets_in_errors_are_covered() -> None:
    """M covers what looks secret in the rows, too."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(
            *invocation(1, "running"),
            event(1_006, "[ERROR] E: pwd=hunter2\rTraceback (most recent call last):\r  File"),
            event(1_012, REPORT.format(ID.format(1), "")),
        )
        await shown_in(pilot, LogView, "hunter2")
        await pilot.press("b")
        await shown_in(pilot, InvocationList, "pwd=hunter2")
        await pilot.press("M")
        await shown_in(pilot, InvocationList, "pwd=••••")
        assert "hunter2" not in "\n".join(rows(app.query_one(InvocationList)))


async def test_enter_shows_the_lines_of_one_and_esc_comes_back() -> None:
    """Only its lines, its traceback whole; back on the same row, and every line again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        await pilot.press("k", "enter")
        await shown_in(pilot, LogView, "Traceback (most recent call last):")
        shown = "\n".join(lines_shown(app))
        assert "print of 2" in shown
        assert "print of 1" not in shown
        assert f"only {ID.format(2)[:8]}" in frame_of(app)
        await pilot.press("escape", "y")
        await pilot.pause()
        assert app.copied == [ID.format(2)]
        await pilot.press("b")
        await shown_in(pilot, LogView, "print of 1", "print of 3")


async def test_a_line_leads_to_its_invocation() -> None:
    """b on a line puts the cursor on its invocation; f shows only its lines, and again all."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        await pilot.press("b", "g", "b", "y")
        await pilot.pause()
        assert app.copied == [ID.format(1)]
        await pilot.press("b", "f")
        await shown_in(pilot, LogView, "print of 1")
        assert "print of 2" not in "\n".join(lines_shown(app))
        await pilot.press("f")
        await shown_in(pilot, LogView, "print of 3")


async def test_the_row_under_the_cursor_stays_while_others_come() -> None:
    """New rows below, late ones above: neither moves what is read; G follows again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(*(one for n in range(1, 10) for one in invocation(n)))
        source.write(*(one for n in range(20, 40) for one in invocation(0, at_ms=n * 1000)))
        await shown_in(pilot, LogView, "print of 0")
        await pilot.press("b", "k", "k")
        table = app.query_one(InvocationList)
        before = [row for row in rows(table) if row]
        source.write(*invocation(9, at_ms=90_000), *invocation(4, "running", at_ms=95_000))
        await shown_in(pilot, InvocationList, "14:00")
        assert [row for row in rows(table) if row][1:3] == before[1:3]
        await pilot.press("N")
        assert table._cursor is not None
        await pilot.press("G")
        assert table.following


async def test_a_filter_hides_rows_as_it_is_typed_and_esc_shows_all() -> None:
    """Counted in the bar and in the frame; what comes later is filtered too; enter keeps it, esc then clears it, and
    the next esc leads back to the lines."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        await pilot.press("slash", *"status=fail")
        await pilot.pause()
        assert [row for row in rows(app.query_one(InvocationList)) if "ValueError" in row]
        assert len([row for row in rows(app.query_one(InvocationList)) if "14:00" in row]) == 1
        await until(pilot, "1 of 3 invocations")
        assert "1 of 3 invocations" in str(app.query_one(RowFilterBar).query_one("#found").render())
        assert app.query_one(FilterBar).text == "", "the filter of the lines is another"

        source.write(*invocation(4), *invocation(5, "error"))
        await shown_in(pilot, InvocationList, "14:00:05")
        assert "14:00:04" not in "".join(rows(app.query_one(InvocationList)))
        await pilot.press("enter", "k", "y")
        await pilot.pause()
        assert app.copied == [ID.format(2)]
        await pilot.press("escape")
        await shown_in(pilot, InvocationList, "14:00:01", "14:00:04", "14:00:05")
        await until(pilot, "· 5 invocations")
        await pilot.press("escape")
        await shown_in(pilot, LogView, "print of 4")


async def test_a_filter_that_can_not_be_meant_says_why_and_changes_nothing() -> None:
    """The rows stay; one that finds none says how to see them again."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(160, 14)) as pilot:
        await opened(pilot, source)
        await pilot.press("slash", *"memory>lots")
        await pilot.pause()
        assert "No figure: lots: a number of MB or GB" in str(app.query_one(RowFilterBar).query_one("#found").render())
        assert len([row for row in rows(app.query_one(InvocationList)) if "14:00" in row]) == 3
        await pilot.press("ctrl+u", *">1m")
        await shown_in(pilot, InvocationList, "No invocation matches the filter")
        await pilot.press("escape")
        await shown_in(pilot, InvocationList, "14:00:01")


async def test_rows_are_sorted_by_a_figure_the_most_at_the_bottom() -> None:
    """s goes on to the next figure; the heading has an arrow, and the frame says it."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, source)
        slow = REPORT.format(ID.format(3), "").replace("12.40", "2000.00")
        source.write(event(3_100, slow), *invocation(4))
        await shown_in(pilot, InvocationList, "2,000 ms")
        await pilot.press("s")
        await shown_in(pilot, InvocationList, "duration ▼")
        await until(pilot, "sorted by duration")
        table = app.query_one(InvocationList)
        assert "2,000 ms" in [row for row in rows(table) if "14:00" in row][-1]
        await pilot.press("y", "g", "n", "y")
        await pilot.pause()
        assert app.copied == [ID.format(3), ID.format(2)], "n goes to the next failed one of this order"
        for heading in ("billed ▼", "memory used ▼", "est. cost ▼"):
            await pilot.press("s")
            await shown_in(pilot, InvocationList, heading)
        await pilot.press("s", "G", "y")
        await pilot.pause()
        assert app.copied[-1] == ID.format(4)
        assert "sorted" not in frame_of(app)


async def test_older_invocations_come_as_one_goes_up() -> None:
    """That there may be more is told; at the oldest the page before it is read, the row stays, and the end is told."""
    source = ScriptedLogs()
    ids = [f"8f5a1c22-91d3-4f1c-8a2b-{number:012}" for number in range(1_200)]
    reports = [event(number * 1_000, REPORT.format(one, "")) for number, one in enumerate(ids)]
    source.store(*reports)
    app = LogsApp(source, max_lines=20_000)
    async with app.run_test(size=SIZE) as pilot:
        source.say(FOLLOWING)
        await until(pilot, ("1,000 lines", "following"))
        await pilot.press("b")
        await until(pilot, ("1,000 invocations", "g reads older ones"))
        await pilot.press("s", "g")
        await until(pilot, "sorted by")
        assert "1,000 invocations" in frame_of(app), "the least is not the oldest"
        await pilot.press("s", "s", "s", "s", "g")
        await until(pilot, "1,200 invocations")
        table = app.query_one(InvocationList)
        assert table._frame.first == 200
        await pilot.press("y", "g", "up", "up")
        await shown_in(pilot, InvocationList, "the log begins here")
        assert "g reads older ones" not in frame_of(app)
        assert "the log begins here" in rows(table)[1]
        assert "13:59:59" in rows(table)[2]
        await pilot.press("y")
        await pilot.click(InvocationList, offset=(5, 3))
        await pilot.press("y")
        await pilot.pause()
        assert app.copied == [ids[200], ids[0], ids[1]]


async def test_several_functions_have_a_column_and_a_tag() -> None:
    """Picked functions share one tail, named in the frame; unpicked, the log of the one is back."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=SIZE) as pilot:
        source.write(event(0, "of resize"))
        await shown_in(pilot, LogView, "of resize")
        pane = app.query_one(LogsPane)
        pane.picked = (FunctionSummary("resize-image"), FunctionSummary("charge"))
        source.write(*(one for one in invocation(5)), function_name="charge")
        await shown_in(pilot, LogView, "resize-image ▎of resize", "print of 5")
        assert "resize-image, charge" in frame_of(app)
        tails = len(source.queries)
        pane.picked = (FunctionSummary("charge", memory_mb=512), FunctionSummary("resize-image"))
        await pilot.pause()
        assert len(source.queries) == tails, "a list that was read again, in another order, is the same tail"
        pane.picked = ()
        await shown_in(pilot, LogView, "▎of resize")
        assert "charge" not in frame_of(app)


def test_columns_go_as_the_room_does() -> None:
    """What fits is shown, the status always; the row never is wider than the screen."""
    for width in range(15, 240):
        cells = columns(width, function_cells=20)
        assert sum(cell.width for cell in cells) + 2 * (len(cells) - 1) <= width
        assert cells[0].field is Field.STATUS
    assert {cell.field for cell in columns(160, 20)} == set(Field)
    assert Field.ERROR in {cell.field for cell in columns(78)}


def test_the_frame_names_the_other_way_to_read_where_it_fits() -> None:
    """A click on a name reads by it; a narrow frame leaves them out."""
    title = Title(("resize-image",), "following", "", 12)
    text = title.content(100).plain
    assert text.endswith("── Lines │ Invocations")
    assert title.reading_at(text.index("Invocations") + 3, 100) is Reading.INVOCATIONS
    assert title.reading_at(text.rindex("Lines"), 100) is Reading.LINES
    assert "Invocations" not in title.content(40).plain
