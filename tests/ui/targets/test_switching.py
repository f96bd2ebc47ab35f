"""What `t` promises: another target in the place of this one, and nothing lost."""

from __future__ import annotations

import gc
from pathlib import Path

from lambdatui.settings import ProfileSettings
from lambdatui.ui.events.pane import EventView
from lambdatui.ui.header import HeaderBar
from lambdatui.wiring import TargetChoice
from tests.fixtures.aws_stub import AwsStub, refusal
from tests.ui.desk import Desk
from tests.ui.targets.conftest import OpenDesk
from tests.ui.test_workbench import gated


def header(desk: Desk) -> str:
    """The line at the top."""
    return str(desk.app.screen_stack[0].query_one(HeaderBar).render())


async def test_t_goes_to_an_account_and_back(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """Profile, then region; header, list, log and history are the new one's; back is `t` and Enter; drafts are kept."""
    async with open_desk() as desk:
        await desk.press("z", "e", "ctrl+a")
        await desk.type('{"name": "kept"}')
        await desk.press("escape", "1", "t")
        await desk.sees("Switch target", "prod", "work", "SSO", "demo", "open now")
        await desk.type("prod")
        await desk.press("enter")
        await desk.sees("Region for prod", "the profile's", "Europe (Ireland)")
        assert aws_stub.seen == []
        await desk.press("enter")
        await desk.sees("charge", "refund", where="#functions")
        await desk.until(lambda: "123456789012" in header(desk), "the account")
        assert "greet" not in desk.area("#functions")
        await desk.press("t")
        await desk.sees("recent")
        await desk.press("enter")
        await desk.sees("greet", where="#functions")
        assert "project" in header(desk)
        await desk.press("e")
        await desk.until(lambda: not desk.reading(), "the draft")
        assert b'{"name": "kept"}' in desk.app.screen.query_one(EventView).payload()
        assert "╭─ 3 Result" not in desk.text


async def test_what_cannot_be_opened_leaves_everything_as_it_was(open_desk: OpenDesk, tmp_path: Path) -> None:
    """A profile that went away meanwhile is told; the project is still there and works."""
    async with open_desk() as desk:
        await desk.press("t")
        await desk.sees("Switch target")
        (tmp_path / "home" / ".aws" / "config").write_text("[default]\n")
        (tmp_path / "home" / ".aws" / "credentials").write_text("")
        await desk.type("work")
        await desk.press("enter")
        await desk.sees("Region for work")
        await desk.press("enter")
        await desk.sees("there is no such profile")
        await desk.press("escape", "i")
        await desk.sees('"greeting": "you"', where="#result")


async def test_leaving_a_running_invocation_is_asked(open_desk: OpenDesk, tmp_path: Path) -> None:
    """`n` stays and the answer comes; without one running nobody asks."""
    async with open_desk(None, "gate") as desk:
        await desk.select("gate")
        gated(desk, tmp_path / "open")
        await desk.press("escape", "i")
        await desk.sees("running", where="#result")
        await desk.press("t")
        await desk.sees("Switch target")
        await desk.type("demo")
        await desk.press("enter")
        await desk.sees("Leave while it runs?", "Waiting for gate", "It is ended.")
        await desk.press("n")
        (tmp_path / "open").touch()
        await desk.sees('"came through": "open"', where="#result")


async def test_accepted_events_wait_for_their_target(open_desk: OpenDesk, tmp_path: Path) -> None:
    """Leaving tells how many are kept; like after a quit, they run when it is opened again."""
    async with open_desk(None, "gate") as desk:
        await desk.select("gate")
        gated(desk, tmp_path / "open")
        await desk.press("escape", "a")
        await desk.sees("attempt 1", where="#result")
        await desk.press("t")
        await desk.sees("Switch target")
        await desk.type("demo")
        await desk.press("enter")
        await desk.sees("resize-image", where="#functions")
        await desk.sees("1 async event is kept there")
    gc.collect()


async def test_a_marked_profile_looks_marked(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """Production is told in the list of targets, in the header and by the frames; read-only invokes nothing."""
    marked = {"prod": ProfileSettings(read_only=True, production=True)}
    async with open_desk(profiles=marked) as desk:
        await desk.press("t")
        await desk.sees("PRODUCTION · read-only")
        await desk.type("prod")
        await desk.press("enter")
        await desk.sees("Region for prod")
        await desk.press("enter")
        await desk.sees("charge", where="#functions")
        assert "PRODUCTION" in header(desk)
        assert "read-only" in header(desk)
        assert desk.app.screen.has_class("-production")
        await desk.press("i")
        assert aws_stub.requests("lambda:Invoke") == []


async def test_an_account_that_refuses_opens_with_its_last_known_list(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """What was listed once shows at once, also when nothing more is to be had."""
    async with open_desk(TargetChoice(profile="prod")) as desk:
        await desk.until(lambda: desk.services.functions.load() is not None, "the list on the disk")
    aws_stub.answer("lambda:ListFunctions", refusal("AccessDeniedException", "no", 403))
    async with open_desk() as desk:
        await desk.press("t")
        await desk.sees("prod · eu-west-1")
        await desk.press("enter")
        await desk.sees("charge", "refund", where="#functions")
