"""What was asked for one function is never done to another one."""

from __future__ import annotations

import asyncio

import pytest

from lambdatui.ui.events.pane import EventView, Opened
from lambdatui.ui.functions import table
from tests.ui.conftest import OpenWorkbench


async def test_an_event_that_is_still_being_read_is_sent_to_no_other_function(
    open_workbench: OpenWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`i`, then `j` before the event was read: neither function is invoked, and that is said."""
    gate, first = asyncio.Event(), EventView._first

    async def slowly(self: EventView, name: str) -> Opened:
        await gate.wait()
        return await first(self, name)

    async with open_workbench("gate", "raises") as desk:
        await desk.press("1", "home")
        monkeypatch.setattr(EventView, "_first", slowly)
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
