"""What was asked for one function is never done to another one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.events import Key

from lambdatui.core.configuration import Change
from lambdatui.core.events import EventStore
from lambdatui.core.functions import FunctionSummary
from lambdatui.core.version_edits import CreateAlias
from lambdatui.core.versions import Alias
from lambdatui.ui.configuration.edit_bar import EditBar
from lambdatui.ui.events import first, pane
from lambdatui.ui.events.drafts import DraftKeeper
from lambdatui.ui.events.opened import Opened
from lambdatui.ui.functions import table
from lambdatui.ui.versions.view import VersionsView
from tests.fixtures.aws_parts import StubParts
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub
from tests.ui.conftest import OpenWorkbench
from tests.ui.on_stub import at_the_stub


def held_back(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on the event of a function is read only when this is set."""
    gate, first_event = asyncio.Event(), first.first_event

    async def slowly(store: EventStore, drafts: DraftKeeper, name: str) -> Opened:
        await gate.wait()
        return await first_event(store, drafts, name)

    monkeypatch.setattr(pane, "first_event", slowly)
    return gate


async def test_an_event_that_is_still_being_read_is_sent_to_no_other_function(
    open_workbench: OpenWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`i`, then `j` before the event was read: neither function is invoked, and that is said."""
    async with open_workbench("gate", "raises") as desk:
        await desk.press("1", "home")
        gate = held_back(monkeypatch)
        # While a key is held, the rest of the workbench hears of the cursor only when it rests.
        monkeypatch.setattr(table, "REST_S", 30.0)
        await desk.press("j", "i")
        assert desk.reading()
        await desk.press("j")
        gate.set()
        await desk.sees("Not sent to greet")
        assert desk.app.workbench is not None
        assert not desk.app.workbench.running
        await desk.sees("No invocation yet", where="#result")


async def test_what_is_typed_before_the_event_is_read_is_typed_into_it(
    open_workbench: OpenWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`e`, then letters at once, as one types: none of them is taken for a key of the workbench."""
    async with open_workbench("gate", "raises") as desk:
        await desk.press("1", "home")
        gate = held_back(monkeypatch)
        await desk.press("j", "e")
        assert desk.reading()
        workbench = desk.app.screen
        for letter in "tquit":
            desk.app.post_message(Key(letter, letter))
        await desk.until(lambda: desk.app._awaited is not None, "keys wait")
        gate.set()
        await desk.sees("tquit{}", where="#edit")
        assert desk.app.screen is workbench


async def test_a_change_that_was_typed_for_a_function_is_not_made_to_the_next(
    aws_stub: AwsStub, tmp_path: Path
) -> None:
    """Enter, and another function is selected before Enter is heard of: neither is changed."""
    settings = StubSettings(aws_stub)
    for name in ("a", "b"):
        settings.add(name, MemorySize=256)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        workbench = desk.app.workbench
        assert workbench is not None
        await desk.press("1", "home", "c")
        await desk.sees("256 MB", where="#edit")
        await desk.press("m", "ctrl+u", *"512")
        bar = workbench.query_one(EditBar)
        bar.post_message(EditBar.Submitted(Change("memory", 256, 512)))
        workbench.selected = workbench.functions[1]
        await desk.until(lambda: not bar.is_open, "closed")
        await desk.pilot.pause()
        await desk.press("c")
        await desk.sees("256 MB", where="#edit")
        assert settings.changes == []


async def test_an_alias_is_not_made_for_the_next_function(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The same for what stands in the tabs of versions and triggers."""
    parts = StubParts(aws_stub)
    parts.version("3")
    async with at_the_stub(aws_stub, tmp_path) as desk:
        workbench = desk.app.workbench
        assert workbench is not None
        await desk.press("V")
        await desk.sees("$LATEST", where="#edit")
        view = workbench.query_one(VersionsView)
        view.change(CreateAlias(Alias("live", "3")))
        view.function = FunctionSummary("another")
        await desk.pilot.pause()
        await desk.until(lambda: not view._sending, "nothing on its way")
        assert aws_stub.requests("lambda:CreateAlias") == []
