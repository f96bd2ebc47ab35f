"""What the workbench promises of being signed in: one line when nobody is, a dialog for a code, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from lambdatui.core.errors import CredentialsExpired
from lambdatui.ui.events.pane import EventView
from lambdatui.ui.targets.banner import banner_line
from lambdatui.wiring import TargetChoice
from tests.backends.aws.test_sign_in import CONFIG, by_code
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, refusal
from tests.ui.targets.conftest import OpenDesk

PROD = TargetChoice(profile="prod")
NEW_KEYS = "[prod]\naws_access_key_id = 123456789013\naws_secret_access_key = s\n"


def expire(aws_stub: AwsStub) -> None:
    """The keys of the profile are good no longer; other keys are."""

    def unless_new(seen: Seen) -> Reply:
        if "123456789013" in seen.headers["Authorization"]:
            return Reply(body={"Functions": aws_stub.functions, "events": []})
        return refusal("ExpiredTokenException", "expired", 403)

    for operation in ("lambda:ListFunctions", "logs:FilterLogEvents", "lambda:GetFunction"):
        aws_stub.answer(operation, unless_new)


async def test_expired_credentials_are_one_line_and_nothing_is_lost(
    open_desk: OpenDesk, aws_stub: AwsStub, tmp_path: Path
) -> None:
    """The list stays, what is typed stays; `ctrl+r`, from within the editor too, goes on where it stopped."""
    async with open_desk(PROD) as desk:
        expire(aws_stub)
        await desk.press("r")
        await desk.sees("The credentials of profile prod expired", "Renew the keys of profile prod", "retry")
        await desk.sees("charge", "refund", where="#functions")
        await desk.press("e", "ctrl+a")
        await desk.type('{"name": "typed"}')
        (tmp_path / "home" / ".aws" / "credentials").write_text(NEW_KEYS)
        aws_stub.functions = [*aws_stub.functions, {"FunctionName": "notify"}]
        await desk.press("ctrl+r")
        await desk.sees("notify", where="#functions")
        await desk.until(lambda: "expired" not in desk.text, "no banner")
        assert b'{"name": "typed"}' in desk.app.screen.query_one(EventView).payload()
        await desk.sees("following", where="#logs")


async def test_signing_in_elsewhere_is_enough(open_desk: OpenDesk, aws_stub: AwsStub, tmp_path: Path) -> None:
    """When the files change, it is tried again without a key."""
    async with open_desk(PROD) as desk:
        expire(aws_stub)
        await desk.press("r")
        await desk.sees("The credentials of profile prod expired", "retry")
        aws_stub.functions = [*aws_stub.functions, {"FunctionName": "notify"}]
        (tmp_path / "home" / ".aws" / "credentials").write_text(NEW_KEYS)
        await desk.sees("notify", where="#functions")
        await desk.until(lambda: "retry" not in desk.text, "no banner")


async def test_a_code_is_asked_for_in_a_dialog(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """Esc leaves the line with the command, which `ctrl+g` copies; a wrong one is told; the right one fills it."""
    aws_stub.answer("sts:AssumeRole", by_code)
    choice = TargetChoice(profile="work", region="eu-west-1")
    async with open_desk(choice, config=CONFIG + "\n[profile prod]\nregion = eu-west-1\n", listed=False) as desk:
        await desk.sees("MFA code for work", "arn:aws:iam::123456789012:mfa/me")
        await desk.press("escape")
        await desk.sees("Profile work needs an MFA code", "aws sts get-caller-identity --profile work")
        await desk.press("ctrl+g")
        assert desk.app.clipboard == "aws sts get-caller-identity --profile work"
        await desk.press("ctrl+r")
        await desk.sees("MFA code for work")
        await desk.type("12345")
        await desk.press("enter")
        await desk.sees("Six digits")
        await desk.type("6")
        await desk.press("enter")
        await desk.sees("MultiFactorAuthentication failed")
        await desk.type("222222")
        await desk.press("enter")
        await desk.sees("charge", "refund", where="#functions")
        await desk.until(lambda: "needs an MFA code" not in desk.text, "no banner")


@pytest.mark.parametrize("width", [200, 120, 80, 60])
def test_the_command_is_never_cut(width: int) -> None:
    """What matters least is left out first; text from outside draws nothing."""
    command = "aws sso login --profile a-long-name"
    error = CredentialsExpired("The credentials of profile a-long-\x1b[31mname expired", "", "", command=command)
    line = banner_line(error, width, trying=False).plain
    assert cell_len(line) == width
    assert command in line
    assert "\x1b" not in line
    assert "^r retry" in line
