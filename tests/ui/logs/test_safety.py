"""What a function logs never controls the terminal that it is read on."""

from __future__ import annotations

import json
import re

import pyte

from lambdatui.ui.logs.invocations import InvocationList
from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import LogsApp, ScriptedLogs, event, shown_in, until

EVIL = (
    "plain start",
    "osc \x1b]52;c;aGFjaw==\x07 clipboard",
    "csi \x1b[2J\x1b[H\x1b[?1049l wiped",
    "c1 \x9b2J \x9d52;c;aGFjaw==\x9c done",
    "dcs \x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\ done",
    "bidi \u202egnp.exe",
    "bell \x07 and \x08\x08\x08 back",
    '{"level": "INFO", "message": "json \\u001b]52;c;aGFjaw==\\u0007 \\u009b2J", "field": "\\u001b[31m"}',
)


async def test_no_escape_reaches_the_terminal_by_way_of_an_invocation() -> None:
    """Ids, error types and messages of both formats are text from outside in the list of invocations too."""
    evil = "e\x1b]52;c;aGFjaw==\x07\x9b2J\u202eid"
    record = {"requestId": evil, "status": "error", "errorType": evil, "metrics": {"durationMs": 1.0}}
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(160, 20)) as pilot:
        source.write(
            event(0, f"START RequestId: {evil} Version: 1"),
            event(1, json.dumps({"type": "platform.start", "record": {"requestId": evil}})),
            event(2, json.dumps({"type": "platform.runtimeDone", "record": record})),
            event(3, json.dumps({"errorType": evil, "errorMessage": evil, "requestId": "by-json"})),
            event(4, f"[ERROR] Runtime.Evil: {evil}\rTraceback (most recent call last):"),
            event(
                5,
                f"REPORT RequestId: {evil}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t"
                f"Max Memory Used: 1 MB\tStatus: error\tError Type: {evil}",
            ),
        )
        await until(pilot, "START")
        await pilot.press("b")
        await shown_in(pilot, InvocationList, "✗ error")
        table = app.query_one(InvocationList)
        drawn = "".join(table.render_line(y).render(app.console) for y in range(table.size.height))
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", re.sub(r"\x1b\[[0-9;]*m", "", drawn))


async def test_no_escape_of_a_log_line_reaches_the_terminal() -> None:
    """OSC 52, CSI, DCS and their C1 forms are gone from what is drawn; the words around them stay."""
    source = ScriptedLogs()
    app = LogsApp(source)
    async with app.run_test(size=(100, 20)) as pilot:
        source.write(*(event(n, text) for n, text in enumerate(EVIL)))
        await until(pilot, ("plain start", "json"))
        view = app.query_one(LogView)
        drawn = "".join(f"\x1b[{y + 1};1H{view.render_line(y).render(app.console)}" for y in range(view.size.height))
        without_colours = re.sub(r"\x1b\[[0-9;]*[mH]", "", drawn)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", without_colours)
        screen = pyte.Screen(100, 20)
        pyte.Stream(screen).feed(drawn)
        shown = "\n".join(screen.display)
        for words in ("plain start", "osc  clipboard", "csi  wiped", "dcs  done", "bell  and  back", "field="):
            assert words in shown
