"""A setting of many functions at once: what happens to each, whatever happens to another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from lambdatui.core.bulk import Already, Changed, Failed, Left, Locked, Ready, Unreadable, Wanted, parse_wanted
from lambdatui.core.configuration import (
    MEMORY,
    Change,
    Configuration,
    ConfigurationStore,
    Entry,
    Progress,
    Step,
    Value,
    unheard,
)
from lambdatui.core.errors import Conflict, Denied, InvalidInput, NotFound
from lambdatui.ui.bulk.rows import row_of
from lambdatui.ui.bulk.run import BulkRun, summary


class Store:
    """Settings in memory; `errors` are raised by apply, by the function's name."""

    def __init__(self, memory: Mapping[str, Value]) -> None:
        self.memory = dict(memory)
        self.errors: dict[str, Exception] = {}
        self.locked: dict[str, str] = {}
        self.under_way = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def read(self, function_name: str) -> Configuration:
        if function_name not in self.memory:
            raise NotFound(f"no {function_name}")
        entry = Entry(MEMORY, self.memory[function_name], "", self.locked.get(function_name, ""))
        return Configuration(function_name, "1", (entry,))

    async def apply(
        self, function_name: str, changes: tuple[Change, ...], revision_id: str, progress: Progress = unheard
    ) -> Configuration:
        assert revision_id == "1"
        self.under_way += 1
        progress(Step.SENDING)
        await self.go_on.wait()
        self.under_way -= 1
        if function_name in self.errors:
            raise self.errors[function_name]
        [change] = changes
        if self.memory[function_name] != change.old:
            raise Conflict("changed meanwhile", theirs=str(self.memory[function_name]))
        self.memory[function_name] = change.new
        return await self.read(function_name)


def port(store: Store) -> ConfigurationStore:
    return store


async def planned(store: Store, names: str, wanted: Wanted | None = None) -> BulkRun:
    run = BulkRun(port(store), names.split(), wanted or parse_wanted("memory=512"))
    await run.plan()
    return run


async def test_the_preview_says_what_would_happen_to_each() -> None:
    """To change, already so, locked with its reason, not readable: nothing is changed yet."""
    store = Store({"a": 128, "b": 512, "c": 256})
    store.locked["c"] = "not here"
    run = await planned(store, "a b c gone")
    assert [type(run.states[name]) for name in ("a", "b", "c", "gone")] == [Ready, Already, Locked, Unreadable]
    assert summary(run) == "1 to change · 1 already so · 1 locked · 1 failed"
    assert store.memory == {"a": 128, "b": 512, "c": 256}
    assert row_of("a", run.states["a"]).values == "128 MB → 512 MB"


async def test_one_failure_stops_no_other() -> None:
    """Denied for one, changed by somebody else for another: each row says so, the rest is changed."""
    store = Store(dict.fromkeys("abcdef", 128))
    run = await planned(store, "a b c d e f")
    store.errors["b"] = Denied("no", permission="lambda:UpdateFunctionConfiguration")
    store.memory["c"] = 1024
    await run.apply()
    assert summary(run) == "4 changed · 2 failed"
    assert store.memory == {"a": 512, "b": 128, "c": 1024, "d": 512, "e": 512, "f": 512}
    assert row_of("b", run.states["b"]).note == "needs lambda:UpdateFunctionConfiguration"
    assert "it is 1024 now" in row_of("c", run.states["c"]).note


async def test_stopping_leaves_the_rest() -> None:
    """What is on its way comes to its end; what had not begun is left, and nothing was sent for it."""
    store = Store(dict.fromkeys("abcde", 128))
    run = await planned(store, "a b c d e")
    store.go_on.clear()
    applying = asyncio.create_task(run.apply())
    for _ in range(20):
        await asyncio.sleep(0)
    assert store.under_way == 2
    run.stop()
    store.go_on.set()
    await applying
    assert [type(state) for state in run.states.values()] == [Changed, Changed, Left, Left, Left]
    assert list(store.memory.values()) == [512, 512, 128, 128, 128]


async def test_undo_takes_back_what_took_effect_and_nothing_else() -> None:
    """Each goes back to its own old value; one that somebody changed since keeps theirs, and says so."""
    store = Store({"a": 128, "b": 256, "c": 512, "d": 1024})
    run = await planned(store, "a b c d")
    await run.apply()
    store.memory["d"] = 2048
    await run.undo()
    assert store.memory == {"a": 128, "b": 256, "c": 512, "d": 2048}
    assert isinstance(run.states["d"], Failed)
    assert run.undoable == []
    assert summary(run) == "2 changed back · 1 already so · 1 failed"


@pytest.mark.parametrize("text", ["", "memory", "memory=", "memory=lots", "colour=blue", "env.1=x", "unset nothing"])
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    """Before anything is read."""
    with pytest.raises(InvalidInput):
        parse_wanted(text)


def test_values_of_the_environment_are_never_shown() -> None:
    """Nor in the title, nor in a row."""
    wanted = parse_wanted("env.TOKEN=hunter2")
    assert "hunter2" not in wanted.show(masked=True)
    assert "hunter2" not in row_of("a", Ready(Change("env.TOKEN", "old", "hunter2"), "1")).values
    assert parse_wanted("unset env.TOKEN") == Wanted("env.TOKEN", None, unset=True)
