"""The picked functions changed together, by keys, on the local runner."""

from __future__ import annotations

from tests.ui.conftest import OpenWorkbench


async def test_picked_functions_are_changed_and_changed_back(open_workbench: OpenWorkbench) -> None:
    """B asks what, previews old → new for each, y changes, u takes all of it back; the list shows both."""
    async with open_workbench("gate", "raises", "large") as desk:
        await desk.press("1", "ctrl+a", "B")
        await desk.sees("Change 4 functions")
        await desk.type("memory=")
        await desk.sees("128 to 10,240 MB")
        await desk.type("512")
        await desk.press("enter")
        await desk.sees("Memory → 512 MB · 4 functions", "4 to change", "256 MB → 512 MB", "y change")
        await desk.press("y")
        await desk.sees("4 changed", "u undo all")
        await desk.press("escape")
        await desk.until(lambda: desk.area("#functions").count("512 MB") == 4, "the list has the new values")
        await desk.press("escape", "B")
        await desk.sees("4 changed")
        await desk.press("u")
        await desk.sees("4 changed back", "512 MB → 256 MB")
        await desk.press("escape")
        await desk.until(lambda: desk.area("#functions").count("256 MB") == 4, "the list has the old values")


async def test_stopping_functions_asks_for_their_number(open_workbench: OpenWorkbench) -> None:
    """Reserved 0 throttles every invocation: a key is not enough, and esc changes nothing."""
    async with open_workbench("gate") as desk:
        await desk.press("1", "ctrl+a", "B")
        await desk.type("reserved=0")
        await desk.press("enter")
        await desk.sees("2 to change")
        await desk.press("y")
        await desk.sees("Stop all of these")
        await desk.type("3")
        await desk.press("enter")
        await desk.sees("Type 2, the number of functions")
        await desk.press("escape")
        await desk.sees("2 to change")
        await desk.press("y", "2", "enter")
        await desk.sees("2 changed")
