"""Keys that arrive before the dialog that they are meant for."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

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

    def compose(self) -> ComposeResult:
        yield Static("behind")

    @work(group="dialog")
    async def action_ask(self) -> None:
        for gate in self.gates:
            await gate.wait()
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
