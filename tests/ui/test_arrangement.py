"""How the panes are arranged by key, and what a small screen shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdatui.ui.pane import Pane
from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import Desk

PANES = ("functions", "edit", "result", "logs")


def focused_pane(desk: Desk) -> str:
    """The id of the pane with the focus."""
    focused = desk.app.screen.focused
    assert focused is not None
    return next(pane.id or "logs" for pane in focused.ancestors_with_self if isinstance(pane, Pane))


def shown(desk: Desk) -> list[str]:
    """The titles of the panes that are on the screen."""
    return [title for title in ("1 Functions", "2 Event", "3 Result", "4 Logs") if f"─ {title}" in desk.text]


async def test_numbers_and_tab_go_from_pane_to_pane(open_workbench: OpenWorkbench) -> None:
    """1 to 4 focus a pane; Tab goes through them in that order and comes back."""
    async with open_workbench() as desk:
        for number, pane in enumerate(PANES, 1):
            await desk.press(str(number))
            assert focused_pane(desk) == pane
        await desk.press("1")
        seen: list[str] = []
        for _ in PANES:
            await desk.press("tab")
            seen.append(focused_pane(desk))
        assert seen == ["edit", "result", "logs", "functions"]


async def test_a_pane_is_zoomed_resized_and_hidden(open_workbench: OpenWorkbench) -> None:
    """`z` gives it the screen and back; + and - move its edge; `_` hides it and its number brings it back."""
    async with open_workbench() as desk:
        await desk.press("3", "z")
        assert shown(desk) == ["3 Result"]
        await desk.press("1")
        assert shown(desk) == ["1 Functions"]
        await desk.press("z")
        assert shown(desk) == ["1 Functions", "2 Event", "3 Result", "4 Logs"]
        width = len(desk.area("#functions").splitlines()[0])
        await desk.press("plus", "plus")
        assert len(desk.area("#functions").splitlines()[0]) == width + 4
        await desk.press("minus")
        assert len(desk.area("#functions").splitlines()[0]) == width + 2
        await desk.press("4", "underscore")
        assert shown(desk) == ["1 Functions", "2 Event", "3 Result"]
        await desk.press("l")
        assert "4 Logs" in shown(desk)
    async with open_workbench() as desk:
        assert len(desk.area("#functions").splitlines()[0]) == width + 2, "sizes are remembered"


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 50), (40, 12)])
async def test_nothing_is_cut_off(open_workbench: OpenWorkbench, size: tuple[int, int]) -> None:
    """Every pane that shows has its whole frame; on a small screen one shows, and the others are named above it."""
    async with open_workbench(size=size) as desk:
        for number, pane in enumerate(PANES, 1):
            await desk.press(str(number))
            area = desk.area(f"#{pane}" if pane != "logs" else "LogsPane").splitlines()
            assert area[0].startswith("╭")
            assert area[-1].endswith("╯"), desk.text
        assert desk.lines[-1].strip(), "the footer shows"
        single = size[0] < 90
        assert ("3 Result" in desk.lines[1]) == single


async def test_a_small_screen_goes_to_the_answer(open_workbench: OpenWorkbench) -> None:
    """At 80x24 `i` brings the result; the footer has the keys of that pane."""
    async with open_workbench(size=(80, 24)) as desk:
        await desk.press("i")
        await desk.sees("200 ok", '"greeting": "you"')
        assert shown(desk) == ["3 Result"]
        for key in ("y Copy", "/ Search", "s Save", "? Help", "^p Palette"):
            assert key in desk.footer


async def test_an_empty_folder_says_what_to_do(open_workbench: OpenWorkbench, tmp_path: Path) -> None:
    """No function is no dead end, and no key crashes there."""
    (tmp_path / "project").mkdir()
    async with open_workbench() as desk:
        await desk.sees("No functions here.", "lambdatui --demo", where="#functions")
        await desk.press("i", "m", "e", "h")
        assert "No function is selected" in desk.text
