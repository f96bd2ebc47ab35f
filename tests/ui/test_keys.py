"""What the footer, the help and the palette promise: the keys that they show work, and they show all that work."""

from __future__ import annotations

import pytest

from lambdatui.settings import Settings
from lambdatui.ui.app import LambdatuiApp
from lambdatui.ui.commands import commands
from lambdatui.ui.keymap import binding_ids
from lambdatui.ui.keys import shortcuts
from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import QUICK, Desk

LEAVES = frozenset({"app.quit", "app.quit_anywhere", "events.external"})
"""End the test, or give the terminal away: tested on a real terminal."""


async def home(desk: Desk, pane: str) -> None:
    """Close whatever is open and go to a pane."""
    while len(desk.app.screen_stack) > 1:
        await desk.press("escape")
    desk.app.screen.set_focus(None)
    await desk.press(*pane.split())


@pytest.mark.parametrize("pane", ["1", "2", "2 c", "3", "4", "e", "m", "1 slash", "4 slash"])
async def test_every_key_that_is_shown_works(open_workbench: OpenWorkbench, pane: str) -> None:
    """Each key of the footer and the help is pressed; none crashes the workbench or leaves it unable to go on."""
    async with open_workbench("large") as desk:
        await desk.press("i")
        await desk.sees("200 ok", where="#result")
        await home(desk, pane)
        # The keys that work everywhere are the same actions everywhere: pressed in the first pane alone.
        shown = [s for s in shortcuts(desk.app.screen) if s.enabled and (pane == "1" or s.scope != "Everywhere")]
        assert shown
        there = desk.app.screen.focused
        for shortcut in shown:
            if shortcut.binding.id in LEAVES:
                continue
            if desk.app.screen.focused is not there:
                await home(desk, pane)
                there = desk.app.screen.focused
            await desk.press(shortcut.binding.key)
            assert desk.app._exception is None, shortcut
            assert not desk.app._exit, shortcut
        await home(desk, "1")
        await desk.press("i")
        await desk.sees("3 Result")


async def test_while_one_types_only_keys_that_work_there_are_shown(open_workbench: OpenWorkbench) -> None:
    """A letter in the editor is text: the footer shows the twins that are not."""
    async with open_workbench() as desk:
        await desk.press("e")
        assert " f5 Invoke " in desk.footer
        assert " i Invoke " not in desk.footer
        assert " f1 Help " in desk.footer
        await desk.press("i")
        assert "i{" in desk.area("#edit")


async def test_the_help_leaves_out_what_every_text_field_does(open_workbench: OpenWorkbench) -> None:
    """Nobody looks up how to delete a letter; what is ours is found."""
    async with open_workbench(size=(120, 60)) as desk:
        await desk.press("m", "f1")
        await desk.sees("Make the change that is shown", "Leave the setting as it is")
        assert "Delete" not in desk.text


async def test_a_long_line_of_the_help_goes_on_below_itself(open_workbench: OpenWorkbench) -> None:
    """In 80 columns too the keys stand alone on the left."""
    async with open_workbench(size=(80, 24)) as desk:
        await desk.press("question_mark")
        await desk.sees("Queue the event; it is retried, and followed to its")
        [first, below] = [line for line in desk.lines if "followed to its" in line or line.strip(" │") == "end"]
        assert below.index("end") == first.index("Queue")


async def test_the_help_is_grouped_with_moving_about_last(open_workbench: OpenWorkbench) -> None:
    """The focused pane's keys first, then what works everywhere, then the cursor keys; esc closes it."""
    async with open_workbench(size=(120, 60)) as desk:
        await desk.press("c", "question_mark")
        await desk.sees("Keys", "Configuration", "Invoke", "Panes", "Everywhere")
        order = [desk.text.index(title) for title in (" Change the setting at", "Send the event and", "Go to pane 1")]
        assert order == sorted(order)
        await desk.press("escape")
        await desk.until(lambda: "Everywhere" not in desk.text)


async def test_the_palette_has_every_enabled_action_and_runs_it(open_workbench: OpenWorkbench) -> None:
    """ctrl+p lists what the keys offer, narrows as one types, and Enter runs what is under the cursor."""
    async with open_workbench() as desk:
        screen = desk.app.screen
        offered = {command.title for command in commands(screen, desk.app.remember_theme)}
        enabled = {s.description for s in shortcuts(screen, all_keys=True) if s.enabled and not s.binding.system}
        assert enabled - {"Palette"} <= offered
        await desk.press("ctrl+p")
        await desk.sees("Palette", "enter runs")
        await desk.type("dry run")
        await desk.sees("Ask whether it would be allowed")
        await desk.press("enter")
        await desk.sees("dry run: allowed", where="#result")


async def test_a_theme_is_chosen_in_the_palette_and_remembered(open_workbench: OpenWorkbench) -> None:
    """The colours change at once and are the same at the next start."""
    async with open_workbench() as desk:
        await desk.press("ctrl+p")
        await desk.type("theme light")
        await desk.press("enter")
        await desk.until(lambda: desk.app.theme == "lambdatui-light")
    async with open_workbench() as desk:
        assert desk.services.theme == desk.app.theme == "lambdatui-light"


async def test_a_key_can_be_another(open_workbench: OpenWorkbench) -> None:
    """The keymap of the settings holds in the footer, the help and the palette, and the old key is free."""
    keymap = {"invoke.sync": "b", "configuration.memory": "f2"}
    assert keymap.keys() <= binding_ids()
    async with open_workbench(settings=Settings(local=QUICK, keymap=keymap)) as desk:
        assert " b Invoke " in desk.footer
        assert " f2 Memory " in desk.footer
        await desk.press("2", "i")
        assert "No invocation yet" in desk.area("#result")
        await desk.press("b")
        await desk.sees("200 ok", where="#result")
        await desk.press("question_mark")
        await desk.sees("b              Send the event")


def test_every_binding_that_is_shown_has_an_id() -> None:
    """What can be shown can be mapped to another key."""
    ids = binding_ids()
    assert {"invoke.sync", "choose.cancel", "edit.apply", "picker.cancel", "configuration.edit"} <= ids
    assert LambdatuiApp.BINDINGS
