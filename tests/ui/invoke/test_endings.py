"""Every way in which an invocation can end, each with its own headline, on real children."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import Desk

ENDINGS = {
    "raises": ("function error", "ValueError: no such order", "▸   File", "raise ValueError('no such order')"),
    "sleepy": ("timed out", "Sandbox.Timedout: Task timed out after 1.00 seconds"),
    "hungry": ("out of memory", "signal: killed"),
    "exits": ("exited", "exit status 3"),
    "broken": ("init failed", "RuntimeError: no configuration"),
}


def failed_in_the_list(desk: Desk, name: str) -> bool:
    return any(f"▌{name} " in line and "✗" in line for line in desk.lines)


async def test_each_ending_has_its_own_headline(open_workbench: OpenWorkbench) -> None:
    """Function error, timed out, out of memory, exited, init failed: the word, the cause, and a mark in the list."""
    async with open_workbench(*ENDINGS) as desk:
        for name, words in ENDINGS.items():
            await desk.select(name)
            await desk.press("i")
            await desk.sees(*words, where="#result")
            await desk.until(partial(failed_in_the_list, desk, name), f"{name}'s mark")
        await desk.select("greet")
        await desk.press("i")
        await desk.sees("200 ok", where="#result")


async def test_status_duration_and_memory_stay_when_the_pane_is_narrow(open_workbench: OpenWorkbench) -> None:
    """At 100 columns the headline drops what matters least, and is not cut."""
    async with open_workbench("raises", size=(100, 30)) as desk:
        await desk.select("raises")
        await desk.press("i")
        await desk.sees("function error", where="#result")
        headline = desk.area("#result").splitlines()[0]
        assert " ms · " in headline
        assert " of 256 MB" in headline
        assert "…" not in headline


async def test_frames_of_the_runtime_are_folded_away(open_workbench: OpenWorkbench) -> None:
    """A module that raises has the import system's frames above its own: one line until they are asked for."""
    async with open_workbench("broken") as desk:
        await desk.select("broken")
        await desk.press("i")
        await desk.sees("frames of the runtime and of libraries", 'File "broken/app.py", line 1', where="#result")
        assert "importlib" not in desk.area("#result")
        await desk.press("3", "down", "down", "enter")
        await desk.sees("importlib", where="#result")


async def test_an_answer_can_be_searched_and_folded(open_workbench: OpenWorkbench) -> None:
    """A long answer opens folded; `/` searches as one types and opens the fold that hides it; `n` goes on."""
    async with open_workbench("large") as desk:
        await desk.select("large")
        await desk.press("i")
        await desk.sees("▸", '"rows": [ … 800 lines … ]', where="#result")
        await desk.press("3", "slash")
        await desk.type("r150")
        await desk.sees('"in": "r150"', "match 1 of 1", where="#result")
        await desk.press("backspace", "enter", "n")
        await desk.sees("match 3 of 11", where="#result")
        await desk.press("escape", "f")
        await desk.sees('"rows": [ … 800 lines … ]', where="#result")


async def test_an_answer_is_saved_to_a_file_and_never_over_another(
    open_workbench: OpenWorkbench, tmp_path: Path
) -> None:
    """`s` asks where; what is written is the answer as it came; a file that exists is not replaced."""
    async with open_workbench() as desk:
        await desk.press("i")
        await desk.sees("200 ok", where="#result")
        await desk.press("3", "s")
        await desk.sees("Save the answer to", "./greet-")
        await desk.press("ctrl+u")
        await desk.paste(str(tmp_path / "answer.json"))
        await desk.press("enter")
        await desk.sees("Saved to")
        assert (tmp_path / "answer.json").read_text() == '{"greeting": "you"}'
        await desk.press("s", "ctrl+u")
        await desk.paste(str(tmp_path / "answer.json"))
        await desk.press("enter")
        await desk.sees("exists already")


async def test_an_answer_is_copied_to_the_terminals_clipboard(open_workbench: OpenWorkbench) -> None:
    """`y` sends it and says how much and where to."""
    async with open_workbench() as desk:
        await desk.press("i")
        await desk.sees("200 ok", where="#result")
        await desk.press("3", "y")
        await desk.sees("Sent to the terminal's clipboard: 19 bytes")
        assert desk.app.clipboard == '{"greeting": "you"}'


async def test_a_dry_run_runs_nothing(open_workbench: OpenWorkbench) -> None:
    """`I` says that it would be allowed; the log stays empty."""
    async with open_workbench() as desk:
        await desk.press("I")
        await desk.sees("dry run: allowed", "Nothing ran", where="#result")
        assert "START" not in desk.area("#logs")
