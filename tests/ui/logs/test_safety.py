"""What a function logs never controls the terminal that it is read on."""

from __future__ import annotations

import re

import pyte

from lambdatui.ui.logs.view import LogView
from tests.ui.logs.script import LogsApp, ScriptedLogs, event, until

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
