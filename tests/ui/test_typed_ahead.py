"""Keys that arrive before the dialog that they are meant for."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from lambdatui.ui import keys_in_turn
from lambdatui.ui.dialogs.prompt import Prompt
from lambdatui.ui.keys_in_turn import KeysInTurn


class Asking(KeysInTurn):
    """`t` asks twice, each time after something that takes its time; `a` is an action of the screen behind."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "ask", "Ask"), Binding("a,b,c", "wrong", "Wrong")]

    def __init__(self) -> None:
        super().__init__()
        self.gates = (asyncio.Event(), asyncio.Event())
        self.answers: list[str | None] = []
        self.wrong = 0
        self.fails = False

    def compose(self) -> ComposeResult:
        yield Static("behind")

    @work(group="dialog")
    async def action_ask(self) -> None:
        for gate in self.gates:
            await gate.wait()
            if self.fails:
                return
            self.answers.append(await self.push_screen_wait(Prompt("What?")))

    def action_wrong(self) -> None:
        self.wrong += 1


async def test_the_dialog_that_is_on_its_way_gets_them() -> None:
    """Also the second one of a chain: nothing that is typed is done by what stands behind."""
    app = Asking()
    async with app.run_test() as pilot:
        for key in ("t", "a", "enter", "b", "c"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        app.gates[0].set()
        async with asyncio.timeout(10):
            while not app.answers:
                await pilot.pause()
        app.gates[1].set()
        async with asyncio.timeout(10):
            while not (app.screen.query(Input) and app.screen.query_one(Input).value == "bc"):
                await pilot.pause()
        assert app.answers == ["a"]
        assert app.wrong == 0


def typed(app: Asking, *keys: str) -> None:
    """All at once, as a slow line brings them."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else "\r"))


async def test_a_slow_dialog_keeps_what_is_typed_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late it comes; what is waited for is told, with the key that gives it up."""
    monkeypatch.setattr(keys_in_turn, "_PATIENCE_S", 0.01)
    app = Asking()
    async with app.run_test(notifications=True) as pilot:
        typed(app, "t", "a", "b")
        async with asyncio.timeout(10):
            while not any("esc gives it up" in toast.message for toast in app._notifications):
                await pilot.pause()
        app.gates[0].set()
        async with asyncio.timeout(10):
            while not (app.screen.query(Input) and app.screen.query_one(Input).value == "ab"):
                await pilot.pause()
        assert app.wrong == 0


async def test_a_dialog_that_does_not_come_takes_what_was_typed_along() -> None:
    """Given up by escape, or because what it shows can't be had: the letters reach no key of the screen behind."""
    app = Asking()
    async with app.run_test() as pilot:
        typed(app, "t", "a", "b")
        async with asyncio.timeout(10):
            while not app._awaited:
                await pilot.pause(0)
        typed(app, "escape")
        async with asyncio.timeout(10):
            while any(not worker.is_finished for worker in app.workers):
                await pilot.pause(0)
        await pilot.pause()
        assert app.wrong == 0
        app.fails = True
        typed(app, "t", "a", "b")
        async with asyncio.timeout(10):
            while not app._awaited:
                await pilot.pause(0)
        app.gates[0].set()
        async with asyncio.timeout(10):
            while app._held:
                await pilot.pause(0)
        await pilot.pause()
        assert app.wrong == 0
        await pilot.press("c")
        assert app.wrong == 1
