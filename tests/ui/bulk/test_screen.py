"""The picked functions changed together, by keys, on the local runner and on a server that stands in for AWS."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures.aws_account import Account
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, Reply, Seen
from tests.ui.account import account
from tests.ui.conftest import OpenWorkbench
from tests.ui.on_stub import at_the_stub


async def test_picked_functions_are_changed_and_changed_back(open_workbench: OpenWorkbench) -> None:
    """B asks what, previews old → new for each, y changes, u takes all of it back; the list shows both."""
    async with open_workbench("gate", "raises", "large") as desk:
        await desk.press("1", "ctrl+a", "B")
        await desk.sees("Change 4 functions")
        await desk.type("memory=")
        await desk.sees("128 to 10,240 MB")
        await desk.type("512")
        await desk.press("enter")
        await desk.sees("Memory → 512 MB · 4 functions", "4 to change", "256 MB → 512 MB", "y change")
        await desk.press("y")
        await desk.sees("4 changed", "u undo all")
        await desk.press("escape")
        await desk.until(lambda: desk.area("#functions").count("512 MB") == 4, "the list has the new values")
        await desk.press("escape", "B")
        await desk.sees("4 changed")
        await desk.press("u")
        await desk.sees("4 changed back", "512 MB → 256 MB")
        await desk.press("escape")
        await desk.until(lambda: desk.area("#functions").count("256 MB") == 4, "the list has the old values")


async def test_stopping_functions_asks_for_their_number(open_workbench: OpenWorkbench) -> None:
    """Reserved 0 throttles every invocation: a key is not enough, and esc changes nothing."""
    async with open_workbench("gate") as desk:
        await desk.press("1", "ctrl+a", "B")
        await desk.type("reserved=0")
        await desk.press("enter")
        await desk.sees("2 to change")
        await desk.press("y")
        await desk.sees("Stop all of these")
        await desk.type("3")
        await desk.press("enter")
        await desk.sees("Type 2, the number of functions")
        await desk.press("escape")
        await desk.sees("2 to change")
        await desk.press("y", "2", "enter")
        await desk.sees("2 changed")


async def test_picked_functions_are_changed_on_aws(ministack: Account, tmp_path: Path) -> None:
    """What the server holds afterwards is what was meant, for each; undone, it is what it was."""
    names = ["order-created", "order-paid", "order-sent"]
    for name in names:
        ministack.create(name, Timeout=9 if name == "order-paid" else 5)
    ministack.wait_for(*names)

    def timeouts() -> list[int]:
        functions = ministack.client("lambda")
        return [functions.get_function_configuration(FunctionName=name)["Timeout"] for name in names]

    async with account(ministack.url, tmp_path, number=ministack.number) as desk:
        await desk.sees("3 functions")
        await desk.press("ctrl+a", "B", *"timeout=9", "enter")
        await desk.sees("2 to change · 1 already so", "5 s → 9 s")
        assert timeouts() == [5, 9, 5]
        await desk.press("y")
        await desk.sees("2 changed · 1 already so")
        assert timeouts() == [9, 9, 9]
        await desk.press("u")
        await desk.sees("2 changed back")
        assert timeouts() == [5, 9, 5]


async def test_taking_back_in_production_asks_for_the_number_too(aws_stub: AwsStub, tmp_path: Path) -> None:
    """u changes as many functions as y did: esc leaves them as they are."""
    settings = StubSettings(aws_stub)
    for name in ("order-created", "order-paid"):
        settings.add(name, MemorySize=256)

    def memory() -> list[int]:
        return [function["MemorySize"] for function in settings.functions.values()]

    async with at_the_stub(aws_stub, tmp_path, production=True) as desk:
        await desk.press("1", "ctrl+a", "B", *"memory=512", "enter")
        await desk.sees("2 to change")
        await desk.press("y")
        await desk.sees("Production: Memory → 512 MB")
        await desk.press("2", "enter")
        await desk.sees("2 changed", "u undo all")
        await desk.press("u")
        await desk.sees("Production: take back Memory → 512 MB")
        await desk.press("escape")
        await desk.sees("u undo all")
        assert memory() == [512, 512]
        await desk.press("u", "2", "enter")
        await desk.sees("2 changed back")
        assert memory() == [256, 256]


async def test_taking_back_that_functions_were_started_asks(aws_stub: AwsStub, tmp_path: Path) -> None:
    """It stops them: a key is not enough. That they were stopped is taken back by one key."""
    settings = StubSettings(aws_stub)
    settings.add("order-created")
    settings.concurrency["order-created"] = 0
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.press("1", "ctrl+a", "B", *"reserved=none", "enter")
        await desk.sees("1 to change")
        await desk.press("y")
        await desk.sees("1 changed", "u undo all")
        await desk.press("u")
        await desk.sees("Stop functions again")
        await desk.press("escape", "escape")
        await desk.press("B", *"reserved=0", "enter")
        await desk.sees("1 to change")
        await desk.press("y", "1", "enter")
        await desk.sees("1 changed", "u undo all")
        await desk.press("u")
        await desk.sees("1 changed back")
        assert settings.concurrency == {}


async def test_who_quits_in_the_middle_is_told_how_far_it_came(aws_stub: AwsStub, tmp_path: Path) -> None:
    """What is on its way goes on at AWS, and no further one is begun."""
    settings = StubSettings(aws_stub)
    for name in ("a", "b", "c", "d"):
        settings.add(name, MemorySize=256)

    def slow_but_for_a(seen: Seen) -> Reply:
        return settings._answer(seen) if seen.function == "a" else Reply(delay_s=15.0)

    aws_stub.answer("lambda:UpdateFunctionConfiguration", slow_but_for_a)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.press("1", "ctrl+a", "B", *"memory=512", "enter")
        await desk.sees("4 to change")
        await desk.press("y")
        await desk.sees("1 to change", "2 on their way", "1 changed")
        await desk.press("ctrl+q")
        assert desk.app.unfinished == ("Memory → 512 MB: 1 to change · 2 on their way · 1 changed; on their way: b, c",)
    assert len(aws_stub.requests("lambda:UpdateFunctionConfiguration")) == 3
