"""Almost nothing is allowed: the workbench is still of use, and says at each place what is missing there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.aws_account import Account
from tests.fixtures.aws_gate import Gate, Policy
from tests.ui.desk import Desk
from tests.ui.on_aws import on_aws

GREET = "def handler(event, context):\n    print('greeting')\n    return {'greeting': event.get('name')}\n"


@pytest.fixture
async def desk(ministack: Account, tmp_path: Path) -> AsyncIterator[Desk]:
    """The workbench of somebody who may list functions and invoke them."""
    ministack.deploy("greet", GREET)
    gate = Gate(ministack.url, Policy.allowing("lambda:ListFunctions", "lambda:InvokeFunction"), ministack.number)
    try:
        async with on_aws(gate.url, tmp_path, account=ministack.number) as opened:
            yield opened
        assert set(gate.asked) - set(gate.denied) <= {
            "lambda:ListFunctions",
            "lambda:InvokeFunction",
            "sts:GetCallerIdentity",
        }
    finally:
        gate.close()


async def test_who_may_list_and_invoke_can_do_both_and_sees_what_else_is_missing(desk: Desk) -> None:
    """The list, an answer with its log, an accepted event; and in each pane the permission that it lacks."""
    await desk.sees("greet", "py3.13", "128 MB", where="#functions")
    await desk.sees("State, reserved concurrency and tags show as “?”", "lambda:GetFunction")
    await desk.sees("Not permitted: logs:FilterLogEvents", "press r to try again", where="#logs")
    await desk.press("i")
    await desk.sees("200 ok", '"greeting": null', where="#result")
    await desk.sees("The rest of the log can't be read: Not permitted: logs:FilterLogEvents", where="#result")
    await desk.press("a")
    await desk.sees("async: accepted", "what becomes of it can't be seen from here", where="#result")
    await desk.press("c")
    await desk.sees("Memory", "unknown", "needs lambda:GetFunctionConfig", where="#edit")
    await desk.press("m")
    await desk.sees("Memory: needs lambda:GetFunctionConfiguration")
    await desk.press("V")
    await desk.sees("lambda:ListVersionsByFunction", "lambda:ListAliases", where="#edit")
    await desk.press("E")
    await desk.sees(
        "lambda:ListEventSourceMappings", "lambda:GetPolicy", "lambda:ListFunctionUrlConfigs", where="#edit"
    )


async def test_the_detail_says_unknown_where_it_may_not_look(desk: Desk) -> None:
    """Each section names its permission; nothing that could not be read is shown as if it were a default."""
    await desk.press("d")
    await desk.sees("needs lambda:GetFunction", "needs lambda:ListEventSourceMappings", "needs lambda:ListAliases")
    await desk.sees("Asynchronous invocation", "not known: lambda:GetFunctionEventInvokeConfig is not permitted")
    assert "kept nowhere" not in desk.text
    assert "21,600 s" not in desk.text
