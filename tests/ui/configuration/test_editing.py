"""What the Configuration view promises, on the local runner's real settings."""

from __future__ import annotations

import json
from dataclasses import replace

from lambdatui.core.configuration import Change, Value
from lambdatui.settings import Settings
from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import QUICK


async def test_every_setting_shows_unit_limits_and_origin(open_workbench: OpenWorkbench) -> None:
    """The list has the values with units and where each comes from; the line to edit one has what it may be."""
    async with open_workbench(size=(120, 50)) as desk:
        await desk.press("c")
        await desk.sees("256 MB", "30 s", "unreserved", "21,600 s", "not set", "Text", where="#edit")
        shown = desk.area("#edit")
        assert shown.count("template.yaml:") == 3, shown
        assert "default" in shown
        for key, limits in (("m", "128 to 10,240 MB"), ("T", "1 to 900 s"), ("R", "a number of executions, or none")):
            await desk.press(key)
            await desk.sees(limits, where="#edit")
            await desk.press("escape")


async def test_memory_is_changed_in_place_and_taken_back(open_workbench: OpenWorkbench) -> None:
    """`m`, the diff as one types, Enter: list, settings and the next invocation have it; `u` undoes it."""
    async with open_workbench() as desk:
        await desk.press("m", "ctrl+u")
        await desk.type("12x")
        await desk.sees("128 to 10,240 MB", "not a whole number", where="#edit")
        await desk.press("enter")
        await desk.sees("Memory  12x", where="#edit")
        await desk.press("ctrl+u")
        await desk.type("512")
        await desk.sees("256 MB → 512 MB", where="#edit")
        await desk.press("enter")
        await desk.sees("512 MB", "edited here", where="#edit")
        await desk.sees("512 MB", where="#functions")
        await desk.press("i")
        await desk.sees(" of 512 MB", where="#result")
        await desk.press("u")
        await desk.sees("Undone: Memory 512 MB → 256 MB")
        await desk.sees("256 MB", where="#functions")
        await desk.until(lambda: "edited here" not in desk.area("#edit"))


async def test_what_is_outside_the_limits_is_warned_of_before_it_is_tried(open_workbench: OpenWorkbench) -> None:
    """The server is the judge; when it refuses, what was typed stays."""
    async with open_workbench() as desk:
        await desk.press("m", "ctrl+u")
        await desk.type("99999")
        await desk.sees("256 MB → 99,999 MB", "outside 128 to 10,240 MB", where="#edit")
        await desk.press("enter")
        await desk.sees("refuses")
        await desk.sees("Memory  99999", where="#edit")


async def test_undo_belongs_to_a_function(open_workbench: OpenWorkbench) -> None:
    """`u` takes back the last change of the selected function, and is not offered where there is none."""
    async with open_workbench("gate") as desk:
        await desk.select("greet")
        await desk.press("T", "ctrl+u", "9", "enter")
        await desk.sees("9 s", "edited here", where="#edit")
        await desk.select("gate")
        assert "Undo" not in desk.footer
        await desk.press("u")
        await desk.select("greet")
        await desk.sees("9 s", "edited here", where="#edit")
        await desk.press("u")
        await desk.sees("Undone: Timeout 9 s → 30 s")


async def test_environment_values_are_masked_until_asked(open_workbench: OpenWorkbench) -> None:
    """`v` reveals, `N` adds, `d` removes and `u` brings back; a toast never shows a value."""
    async with open_workbench(size=(120, 56)) as desk:
        await desk.press("c")
        await desk.sees("TOKEN", "••••", "2 set", where="#edit")
        assert "hunter2" not in desk.text
        await desk.press("v")
        await desk.sees("hunter2", where="#edit")
        await desk.press("v")
        await desk.until(lambda: "hunter2" not in desk.text)
        await desk.press("N")
        await desk.type("1BAD=x")
        await desk.sees("can't name an environment variable", where="#edit")
        await desk.press("ctrl+u")
        await desk.type("KEY=s3cret")
        await desk.press("enter")
        await desk.sees("3 set", "KEY", where="#edit")
        await desk.sees("KEY not set → ••••")
        assert "s3cret" not in desk.text
        await desk.press("c", "G", "d")
        await desk.sees("2 set", where="#edit")
        await desk.press("u")
        await desk.sees("3 set", where="#edit")


async def test_a_conflict_shows_both_values_and_keeps_what_was_typed(open_workbench: OpenWorkbench) -> None:
    """Another workbench changed it meanwhile: nothing is overwritten; Enter again makes the change from there."""
    async with open_workbench() as desk:
        await desk.press("m", "ctrl+u")
        await desk.type("512")
        await desk.sees("256 MB → 512 MB", where="#edit")
        other = await desk.services.open_backend()
        try:
            read = await other.configuration.read("greet")
            memory = next(entry for entry in read.entries if entry.definition.key == "memory")
            change = replace(_change(memory.value), new=1024)
            await other.configuration.apply("greet", (change,), read.revision_id)
        finally:
            await other.close()
        await desk.press("enter")
        await desk.sees("changed since it was read", "512 MB", "1,024 MB")
        await desk.sees("Memory  512", "1,024 MB → 512 MB", where="#edit")
        await desk.press("enter")
        await desk.sees("512 MB", "edited here", where="#edit")


async def test_read_only_changes_nothing(open_workbench: OpenWorkbench) -> None:
    """Neither an edit nor an invocation; the header says why."""
    settings = Settings(local=QUICK, read_only=True)
    async with open_workbench(settings=settings) as desk:
        assert "read-only" in desk.lines[0]
        await desk.press("m")
        await desk.sees("Read-only: --read-only says so")
        await desk.press("c", "N", "d", "i", "a")
        await desk.sees("No invocation yet", where="#result")
        assert json.dumps([row.outcome for row in await desk.services.history.recent()]) == "[]"


async def test_what_is_typed_stays_while_the_focus_is_elsewhere(open_workbench: OpenWorkbench) -> None:
    """A look at the logs costs nothing that was typed; another function closes the line."""
    async with open_workbench("gate") as desk:
        await desk.press("m", "ctrl+u")
        await desk.type("640")
        await desk.press("tab")
        await desk.sees("256 MB → 640 MB", where="#edit")
        await desk.select("greet")
        await desk.until(lambda: "640" not in desk.area("#edit"))


async def test_the_edited_row_is_seen_above_its_line_in_a_low_pane(open_workbench: OpenWorkbench) -> None:
    """In a pane of a few rows the setting that is typed stays on the screen."""
    async with open_workbench(size=(100, 28)) as desk:
        await desk.press("c")
        await desk.sees("Memory", where="#edit")
        await desk.press("G", "up")
        await desk.press("enter")
        await desk.sees("COLOUR  blue", where="#edit")
        assert desk.area("#edit").count("COLOUR") == 2, desk.area("#edit")


def _change(old: Value) -> Change:
    return Change("memory", old, old)
