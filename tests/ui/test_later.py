"""What is to happen a little later happens, however late the program is."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from textual.app import App

from lambdatui.ui.later import Later


async def test_a_program_that_is_late_calls_all_the_same() -> None:
    """Its time has passed before anybody looked; of no time at all, too. Each is called once, and is due no more."""
    app: App[None] = App()
    async with app.run_test() as pilot, asyncio.timeout(10):
        told: list[int] = []
        calls = [Later(app) for _ in range(50)]
        for number, later in enumerate(calls):
            later.call(number * 1e-7, partial(told.append, number))
        until_s = time.perf_counter() + 0.005
        while time.perf_counter() < until_s:
            continue  # another thread has the interpreter
        while any(later.due for later in calls):
            await pilot.pause()
        assert sorted(told) == list(range(50))


async def test_only_the_last_is_called_and_none_after_stop() -> None:
    """A key that follows puts off what the one before asked for."""
    app: App[None] = App()
    async with app.run_test() as pilot, asyncio.timeout(10):
        told: list[str] = []
        later, other = Later(app), Later(app)
        later.call(0, partial(told.append, "first"))
        later.call(0, partial(told.append, "second"))
        while later.due:
            await pilot.pause()
        later.call(0, partial(told.append, "never"))
        later.stop()
        other.call(0.01, partial(told.append, "third"))
        while other.due:
            await pilot.pause()
        assert told == ["second", "third"]
