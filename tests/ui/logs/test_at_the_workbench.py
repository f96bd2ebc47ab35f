"""The Logs pane at the workbench, on real invocations of the local runner."""

from __future__ import annotations

from tests.ui.conftest import OpenWorkbench


async def test_an_invocation_is_read_by_row_and_line(open_workbench: OpenWorkbench) -> None:
    """Invoked, read by invocation, opened; two picked functions share a tail; the way to show times is remembered."""
    async with open_workbench("raises") as desk:
        await desk.select("raises")
        await desk.press("i")
        await desk.sees("no such order", where="#result")
        await desk.press("4", "b")
        await desk.sees("✗ error", "ValueError", "1 invocation", where="LogsPane")
        assert " b By line " in desk.footer
        await desk.press("enter")
        await desk.sees("START", "Traceback", "REPORT", "only ", where="LogsPane")
        await desk.press("escape", "b", "D", "1", "g", "space", "space")
        await desk.sees("greet, raises", where="LogsPane")
        await desk.press("i")
        await desk.press("4", "m")
        await desk.sees("marked", where="LogsPane")
        assert " m Mark " in desk.footer
        assert desk.services.memory.load().log_times


async def test_filters_are_recalled_after_the_next_start(open_workbench: OpenWorkbench) -> None:
    """up in the filter brings those of other times, the newest first; another workbench's are not lost."""
    async with open_workbench("raises") as desk:
        await desk.press("4", "slash", *"first", "enter", "slash", "escape")
        async with open_workbench("raises") as other:
            await other.press("4", "slash", *"second", "enter")
            await other.press("slash", *["backspace"] * 6, "up", "up")
            await other.sees("/ first", where="LogsPane")
        await desk.press("slash", *"third", "escape")
    async with open_workbench("raises") as desk:
        await desk.press("4", "slash", "up")
        await desk.sees("/ third", where="LogsPane")
        await desk.press("up")
        await desk.sees("/ second", where="LogsPane")
        await desk.press("up")
        await desk.sees("/ first", where="LogsPane")
        await desk.press("enter")
        assert desk.services.memory.load().log_filters == ("first", "third", "second")
