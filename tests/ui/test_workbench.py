"""What the workbench promises of selecting and invoking, on the real local runner."""

from __future__ import annotations

import json
from pathlib import Path

from lambdatui.ui.events.pane import EventView
from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import Desk


def gated(desk: Desk, gate: Path) -> None:
    """Put an event for the function "gate" into the editor."""
    desk.app.screen.query_one(EventView).begin_with(json.dumps({"gate": str(gate)}))


async def test_the_selection_drives_every_pane(open_workbench: OpenWorkbench) -> None:
    """Event, settings, result and log are those of the function under the cursor; Enter goes to its event."""
    async with open_workbench("gate", "raises") as desk:
        await desk.press("c")
        await desk.select("greet")
        await desk.sees("Says hello", where="#edit")
        await desk.press("i")
        await desk.sees("200 ok", '"greeting": "you"', where="#result")
        await desk.sees("greeting {}", where="#logs")
        await desk.select("raises")
        await desk.sees("No invocation yet", where="#result")
        assert "Says hello" not in desk.area("#edit")
        assert "greeting {}" not in desk.area("#logs")
        await desk.press("1", "enter")
        await desk.sees("valid JSON", where="#edit")


async def test_an_invocation_shows_that_it_runs_and_then_its_figures(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    """`i` counts the seconds, then tells status, duration, billed, memory used of its size, cold and the cost."""
    async with open_workbench("gate") as desk:
        await desk.select("gate")
        gated(desk, tmp_path / "first")
        await desk.press("escape", "i")
        await desk.sees("running", "Waiting for gate", where="#result")
        assert "x Stop waiting" in desk.footer
        (tmp_path / "first").touch()
        await desk.sees("200 ok", "billed", " of 256 MB", "cold +", "≈$", '"came through": "first"', where="#result")
        await desk.press("i")
        await desk.sees("warm", where="#result")


async def test_a_late_answer_is_never_shown(open_workbench: OpenWorkbench, tmp_path: Path) -> None:
    """Invoking again abandons the first wait; its answer goes nowhere, even when it comes first."""
    async with open_workbench("gate") as desk:
        await desk.select("gate")
        gated(desk, tmp_path / "first")
        await desk.press("escape", "i")
        await desk.sees("running", where="#result")
        gated(desk, tmp_path / "second")
        await desk.press("escape", "i")
        (tmp_path / "first").touch()
        (tmp_path / "second").touch()
        await desk.sees('"came through": "second"', where="#result")
        await desk.sees("now", where="#functions")
        assert len(await desk.services.history.recent("gate")) == 1


async def test_each_function_keeps_its_answer(open_workbench: OpenWorkbench, tmp_path: Path) -> None:
    """A waits, B is invoked meanwhile, and A's answer is there when one comes back."""
    async with open_workbench("gate") as desk:
        await desk.select("gate")
        gated(desk, tmp_path / "open")
        await desk.press("escape", "i")
        await desk.sees("running", where="#result")
        await desk.select("greet")
        await desk.press("i")
        await desk.sees('"greeting": "you"', where="#result")
        (tmp_path / "open").touch()
        await desk.select("gate")
        await desk.sees('"came through": "open"', where="#result")
        await desk.select("greet")
        await desk.sees('"greeting": "you"', where="#result")


async def test_waiting_can_be_stopped(open_workbench: OpenWorkbench, tmp_path: Path) -> None:
    """`x` ends the wait, says what became of the invocation, and is offered only while there is one."""
    async with open_workbench("gate") as desk:
        await desk.select("gate")
        assert "Stop waiting" not in desk.footer
        gated(desk, tmp_path / "never")
        await desk.press("escape", "i")
        await desk.sees("running", where="#result")
        await desk.press("x")
        await desk.sees("stopped after", "the next invocation is cold", where="#result")
        assert "Stop waiting" not in desk.footer


async def test_what_is_not_json_is_not_sent(open_workbench: OpenWorkbench) -> None:
    """The place of the problem is told, the editor has the focus, nothing reached the function."""
    async with open_workbench() as desk:
        await desk.press("e", "ctrl+a")
        await desk.type('{"name": nobody')
        await desk.press("f5")
        await desk.sees("line 1, column 10", "Nothing was sent")
        await desk.sees("No invocation yet", where="#result")
        assert await desk.services.history.recent() == ()
        assert desk.app.focused is not None
        assert desk.app.focused.id != "functions"


async def test_an_async_event_is_followed_to_its_end(open_workbench: OpenWorkbench) -> None:
    """Queued, run, retried, discarded: each step is told with the destination of the record, and the logs have both."""
    async with open_workbench("raises") as desk:
        await desk.select("raises")
        await desk.press("a")
        await desk.sees("async failed after 2 attempts", where="#result")
        await desk.sees("queued", "attempt 1 of 2 runs", "attempt 1 failed", where="#result")
        await desk.press("3", "z")
        await desk.sees("RetriesExhausted", "record sent to", "greet")
        await desk.press("z", "4", "z")
        await desk.sees("no such order")
        started = [line for line in desk.lines if "START" in line]
        assert len(started) == 2, desk.text


async def test_a_throttled_function_was_not_invoked(open_workbench: OpenWorkbench) -> None:
    """Reserved concurrency 0 asks first; afterwards an invocation is refused in AWS's words, until `u` undoes it."""
    async with open_workbench() as desk:
        await desk.press("R")
        await desk.sees("Reserved concurrency  none")
        await desk.press("ctrl+u")
        await desk.type("0")
        await desk.sees("unreserved → 0", "every invocation is throttled")
        await desk.press("enter")
        await desk.sees("Stop greet?")
        await desk.press("n")
        await desk.sees("unreserved → 0")
        await desk.press("enter")
        await desk.sees("Stop greet?")
        await desk.press("y")
        await desk.sees("edited here", where="#edit")
        await desk.press("1", "i")
        await desk.sees("not invoked", where="#result")
        await desk.sees("Rate Exceeded", where="#result")
        await desk.press("u")
        await desk.sees("Undone")
        await desk.press("i")
        await desk.sees("200 ok", where="#result")
