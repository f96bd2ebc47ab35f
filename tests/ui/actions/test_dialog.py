"""What `!` promises: every call, how it ended, and the command that does the same."""

from __future__ import annotations

from datetime import UTC, datetime

from lambdatui.core.actions import Action
from lambdatui.ui.actions.describe import row
from lambdatui.wiring import TargetChoice
from tests.fixtures.aws_stub import AwsStub, denied
from tests.ui.targets.conftest import OpenDesk


async def test_every_call_is_listed_and_its_command_copied(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """Newest last; the filter narrows; Enter tells everything; `y` copies; the log goes on while it is open."""
    aws_stub.answer("lambda:GetFunction", denied("lambda:GetFunction"))
    async with open_desk(TargetChoice(profile="prod")) as desk:
        await desk.press("i")
        await desk.sees("200", where="#result")
        await desk.press("exclamation_mark")
        await desk.sees("Action log", "lambda:ListFunctions", "lambda:Invoke", "sts:GetCallerIdentity", " ms")
        await desk.press("slash")
        await desk.type("listfunctions")
        await desk.until(lambda: "lambda:Invoke" not in desk.text, "the filter")
        await desk.press("enter", "enter")
        await desk.sees("aws lambda list-functions --page-size 50 --profile prod --region eu-west-1", "· request ")
        await desk.press("y")
        await desk.sees("Sent to the terminal's clipboard")
        assert desk.app.clipboard == "aws lambda list-functions --page-size 50 --profile prod --region eu-west-1"
        await desk.press("escape", "escape")
        await desk.sees("lambda:Invoke")
        await desk.press("escape")
        await desk.until(lambda: "Action log" not in desk.text, "the workbench")


async def test_where_nothing_is_sent_the_log_is_dimmed(open_desk: OpenDesk) -> None:
    """On this machine there is no call to list."""
    async with open_desk() as desk:
        await desk.press("exclamation_mark")
        assert "Action log" not in desk.text
        assert desk.app.screen.check_action("actions", ()) is None


def test_a_long_error_code_leaves_room_for_what_was_called() -> None:
    """In a narrow terminal the code is cut, not the time nor the operation."""
    error = "404 ProvisionedConcurrencyConfigNotFoundException"
    at = datetime(2026, 11, 23, 13, 9, tzinfo=UTC)
    call = "GetProvisionedConcurrencyConfig"
    action = Action(1, at, "lambda", call, {}, outcome=error, failed=True, duration_ms=4.0)
    text = row(action, 73, utc=True).plain
    assert text.startswith(f" 13:09:00.000  lambda:{call}")
    assert "404 Pr" in text
    assert text.endswith("4 ms ")
    assert len(text) == 73
