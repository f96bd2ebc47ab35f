"""What every `ConfigurationStore` promises."""

from __future__ import annotations

import json

import pytest

from lambdatui.core.configuration import Change
from lambdatui.core.errors import Conflict, InvalidInput, NotFound, Throttled
from lambdatui.core.functions import Reserved, Unreserved
from lambdatui.core.invocation import Completed, InvocationRequest
from lambdatui.core.target import Backend


async def test_what_is_read_is_what_is_set(backend: Backend) -> None:
    """Values in their units, each with where it comes from."""
    read = await backend.configuration.read("echo")
    assert (read.value("memory"), read.value("timeout"), read.value("reserved")) == (256, 10, Unreserved())
    assert (read.value("env.STAGE"), read.value("env.NOPE")) == ("dev", None)
    assert all(entry.origin for entry in read.entries)


async def test_a_change_took_effect_when_apply_returns(backend: Backend) -> None:
    """The next invocation runs with it, and other variables are still there."""
    read = await backend.configuration.read("echo")
    changes = (Change("memory", 256, 512), Change("env.STAGE", "dev", "prod"))
    after = await backend.configuration.apply("echo", changes, read.revision_id)
    assert (after.value("memory"), after.value("env.STAGE"), after.value("env.TABLE")) == (512, "prod", "orders")
    assert after.revision_id != read.revision_id
    answer = await backend.invoker.invoke(InvocationRequest("echo", b"{}"))
    assert isinstance(answer, Completed)
    assert json.loads(answer.payload) == {"event": {}, "stage": "prod", "memory": "512"}


async def test_the_inverse_undoes(backend: Backend) -> None:
    """Value by value, a removed variable included."""
    read = await backend.configuration.read("echo")
    changes = (
        Change("memory", 256, 1024),
        Change("env.TABLE", "orders", None),
        Change("reserved", Unreserved(), Reserved(1)),
    )
    edited = await backend.configuration.apply("echo", changes, read.revision_id)
    assert edited.value("env.TABLE") is None
    undone = await backend.configuration.apply("echo", tuple(c.inverse for c in changes), edited.revision_id)
    assert {e.definition.key: e.value for e in undone.entries} == {e.definition.key: e.value for e in read.entries}


async def test_reserving_nothing_stops_the_function(backend: Backend) -> None:
    """And unreserving starts it again."""
    read = await backend.configuration.read("echo")
    change = Change("reserved", Unreserved(), Reserved(0))
    after = await backend.configuration.apply("echo", (change,), read.revision_id)
    with pytest.raises(Throttled):
        await backend.invoker.invoke(InvocationRequest("echo", b"{}"))
    await backend.configuration.apply("echo", (change.inverse,), after.revision_id)
    assert isinstance(await backend.invoker.invoke(InvocationRequest("echo", b"{}")), Completed)


async def test_a_conflict_holds_both_values_and_changes_nothing(backend: Backend) -> None:
    """Somebody else changed the setting since it was read."""
    read = await backend.configuration.read("echo")
    await backend.configuration.apply("echo", (Change("memory", 256, 1024),), read.revision_id)
    with pytest.raises(Conflict) as caught:
        await backend.configuration.apply(
            "echo", (Change("timeout", 10, 20), Change("memory", 256, 512)), read.revision_id
        )
    assert ("512" in caught.value.mine, "1,024" in caught.value.theirs) == (True, True)
    now = await backend.configuration.read("echo")
    assert (now.value("memory"), now.value("timeout")) == (1024, 10)


async def test_applying_what_is_so_changes_nothing(backend: Backend) -> None:
    """No new revision."""
    read = await backend.configuration.read("echo")
    assert await backend.configuration.apply("echo", (Change("memory", 256, 256),), read.revision_id) == read
    assert await backend.configuration.apply("echo", (), read.revision_id) == read


@pytest.mark.parametrize(
    "change", [Change("memory", 256, 64), Change("timeout", 10, 901), Change("env.A", None, "x" * 5000)]
)
async def test_what_the_server_refuses_is_invalid(backend: Backend, change: Change) -> None:
    """And nothing of the same call is applied."""
    read = await backend.configuration.read("echo")
    with pytest.raises(InvalidInput):
        await backend.configuration.apply("echo", (Change("env.B", None, "b"), change), read.revision_id)
    assert await backend.configuration.read("echo") == read


async def test_no_function_of_that_name_is_not_found(backend: Backend) -> None:
    """To read and to change."""
    with pytest.raises(NotFound):
        await backend.configuration.read("nope")
    with pytest.raises(NotFound):
        await backend.configuration.apply("nope", (Change("memory", 128, 256),), "")
