"""T follows by Live Tail where there is one, says what it costs, and goes back without a line that comes twice."""

from __future__ import annotations

from lambdatui.core.logs import Following, Live, LogBatch, TailState
from lambdatui.ui.logs.pane import LogsPane
from tests.ui.logs.script import LogsApp, ScriptedLogs, event, frame_of, lines_shown, until

COST = "Live Tail, about $0.01 a minute"


class QuickLogs(ScriptedLogs):
    """A source that has a quicker way."""

    live_cost = COST


async def test_live_tail_is_switched_on_and_off_without_a_line_that_comes_twice() -> None:
    """What it brought comes again with its id from polling: that is no news."""
    source = QuickLogs()
    app = LogsApp(source)
    async with app.run_test(size=(100, 14)) as pilot:
        source.write(event(1, "polled"))
        await until(pilot, "polled")
        await pilot.press("T")
        while len(source.queries) < 2:
            await pilot.pause()
        source.say(TailState(Following.FOLLOWING, 1.5, live=Live.OPENING))
        await until(pilot, "opening Live Tail")
        assert not app._notifications
        source.say(TailState(Following.FOLLOWING, 1.0, COST, live=Live.OPEN))
        quick = event(2, "came by live")
        source.say(LogBatch((quick._replace(event_id="live-0", function_name="resize-image"),)))
        await until(pilot, "came by live")
        assert COST in frame_of(app)
        assert [toast.message for toast in app._notifications] == [f"{COST}. T ends it"]
        source.store(quick._replace(message="came by live\n"))
        await pilot.press("T")
        while len(source.queries) < 3:
            await pilot.pause()
        source.say(TailState(Following.FOLLOWING, 1.5))
        source.write(event(3, "polled again"))
        await until(pilot, "polled again")
        assert [query.live for query in source.queries] == [False, True, False]
        assert lines_shown(app) == ["polled", "came by live", "polled again"]
        assert COST not in frame_of(app)


async def test_a_refused_live_tail_is_told_as_such() -> None:
    """The missing permission, and that polling goes on; T asks for Live Tail again, as it does not run."""
    source = QuickLogs()
    app = LogsApp(source)
    async with app.run_test(size=(100, 14)) as pilot:
        source.write(event(1, "polled"))
        await until(pilot, "polled")
        for asked in (2, 3):
            await pilot.press("T")
            while len(source.queries) < asked:
                await pilot.pause()
            assert source.queries[-1].live
            why = "no Live Tail: Not permitted: logs:StartLiveTail"
            source.say(TailState(Following.FOLLOWING, 1.5, why, live=Live.REFUSED))
            await until(pilot, why)
            assert [toast.message for toast in app._notifications] == [f"{why}. Polling goes on"] * (asked - 1)


async def test_where_there_is_no_live_tail_the_key_does_nothing() -> None:
    """On the local runner, which is as quick as can be."""
    app = LogsApp(ScriptedLogs())
    async with app.run_test(size=(100, 14)) as pilot:
        await pilot.press("T")
        assert app.query_one(LogsPane).check_action("live", ()) is False
