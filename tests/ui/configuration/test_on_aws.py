"""What the Configuration tab promises on AWS: read when looked at, guarded, waited for, and told truly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdatui.settings import Settings
from lambdatui.storage.paths import Paths
from lambdatui.ui.app import LambdatuiApp
from lambdatui.wiring import TargetChoice, build_services, choose_target
from tests.fixtures.aws_account import REGION, keys
from tests.fixtures.aws_settings import StubSettings
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal
from tests.ui.desk import Desk

LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:"
Open = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def settings(aws_stub: AwsStub) -> StubSettings:
    settings = StubSettings(aws_stub)
    settings.add("echo", MemorySize=256, Timeout=10, Environment={"Variables": {"STAGE": "dev", "TOKEN": "hunter2"}})
    return settings


@pytest.fixture
def open_account(aws_stub: AwsStub, settings: StubSettings, tmp_path: Path) -> Open:
    """Opens the workbench on the stub's account, the settings of `echo` on the screen."""

    @asynccontextmanager
    async def opened(*, production: bool = False, look: bool = True) -> AsyncIterator[Desk]:
        paths, environment = Paths.of({}, tmp_path, "linux"), {**keys("123456789012"), "HOME": str(tmp_path)}
        choice = TargetChoice(aws=True, region=REGION, endpoint_url=aws_stub.url)
        target = choose_target(choice, tmp_path, paths, Settings(), _now, environment=environment)
        target = replace(target, production=production)
        services = build_services(Settings(), paths, target, environment, _now)
        app = LambdatuiApp(services)
        try:
            async with app.run_test(size=(120, 50), notifications=True) as pilot:
                desk = Desk(app, pilot, services)
                await desk.sees("▌echo", "No logs yet")
                if look:
                    await desk.press("c", "z")
                    await desk.sees("Memory", "256 MB", "X-Ray tracing", where="#edit")
                yield desk
        finally:
            services.close()

    return opened


async def set_memory(desk: Desk, text: str) -> None:
    """`m`, the number, Enter."""
    await desk.press("m", "ctrl+u")
    await desk.type(text)
    await desk.press("enter")


async def test_nothing_is_read_before_it_is_looked_at(open_account: Open, aws_stub: AwsStub) -> None:
    """Going through a list of thousands asks for no settings; `m` does, and what is typed meanwhile is not lost."""
    aws_stub.latency_s = 0.3
    async with open_account(look=False) as desk:
        assert aws_stub.requests("lambda:GetFunctionConcurrency") == []
        await desk.press("m", *"512")
        await desk.sees("reading what stands now", where="#edit")
        await desk.sees("256 MB → 512 MB", where="#edit")


async def test_a_change_is_waited_for_and_taken_back(open_account: Open, settings: StubSettings) -> None:
    """The difference before, the seconds meanwhile, AWS's answer after; `u` is the inverse."""
    settings.looks_in_progress = 3
    async with open_account() as desk:
        await desk.press("m", "ctrl+u")
        await desk.type("512")
        await desk.sees("256 MB → 512 MB", where="#edit")
        await desk.press("enter")
        await desk.sees("Memory 256 MB → 512 MB", "sent: waiting until it took effect", where="#edit")
        await desk.until(lambda: "u Undo" in desk.footer)
        assert settings.functions["echo"]["LastUpdateStatus"] == "Successful"
        settings.looks_in_progress = 0
        await desk.press("u")
        await desk.sees("Undone: Memory 512 MB → 256 MB")
        assert settings.functions["echo"]["MemorySize"] == 256


async def test_somebody_elses_update_is_waited_for_in_sight(open_account: Open, settings: StubSettings) -> None:
    """409: that nothing is sent yet is said; Esc stops it, and then nothing was sent."""
    async with open_account() as desk:
        settings.busy("echo", 10_000)
        await set_memory(desk, "512")
        await desk.sees("another update is in progress", "stops waiting", where="#edit")
        await desk.press("escape")
        await desk.sees("Not waiting for Memory any more", "Nothing was sent.")
        settings.busy("echo", 0)
        await desk.press("r")
        await desk.sees("256 MB", where="#edit")
        assert settings.functions["echo"]["MemorySize"] == 256


async def test_what_was_sent_is_not_called_stopped(open_account: Open, settings: StubSettings) -> None:
    """Waiting can be stopped; that the change goes on is said, and what stands is read again."""
    settings.looks_in_progress = 10_000
    async with open_account() as desk:
        await set_memory(desk, "512")
        await desk.sees("waiting until it took effect", where="#edit")
        await desk.press("escape")
        await desk.sees("It was sent and may still take effect")
        await desk.sees("512 MB", "An update of it is in progress", where="#edit")


async def test_a_rival_is_seen_with_both_values(open_account: Open, settings: StubSettings) -> None:
    """412: both values, the difference from what stands now, and Enter makes the change from there."""
    async with open_account() as desk:
        settings.rivals = [("echo", {"MemorySize": 1024})]
        await set_memory(desk, "512")
        await desk.sees("changed since it was read", "yours: 512 MB", "now: 1,024 MB")
        await desk.sees("1,024 MB → 512 MB", where="#edit")
        await desk.press("enter")
        await desk.until(lambda: settings.functions["echo"]["MemorySize"] == 512)


async def test_in_production_the_name_is_typed_and_u_starts_what_was_stopped(
    open_account: Open, settings: StubSettings
) -> None:
    """Esc, or another name, changes nothing; stopped, it is said first of all, and one key starts it again."""
    async with open_account(production=True) as desk:
        await set_memory(desk, "512")
        await desk.sees("Production: Memory 256 MB → 512 MB")
        await desk.press("escape", "escape")
        await desk.sees("256 MB", where="#edit")
        assert settings.changes == []
        await desk.press("R", "ctrl+u", "0", "enter")
        await desk.sees("every invocation will be throttled")
        await desk.type("echoo")
        await desk.press("enter")
        await desk.sees("Type echo to go on")
        assert settings.concurrency == {}
        await desk.press("backspace", "enter")
        await desk.sees("Stopped: no execution is reserved", "u restores it", where="#edit")
        assert settings.concurrency == {"echo": 0}
        await desk.press("u")
        await desk.until(lambda: settings.concurrency == {})
        await desk.until(lambda: "Stopped:" not in desk.area("#edit"))


async def test_whatever_aws_answers_is_told_and_what_was_typed_stays(
    open_account: Open, settings: StubSettings, aws_stub: AwsStub
) -> None:
    """Denied, refused, failed, lost: each in its own words; nothing is called done, and Enter tries again."""
    update = "lambda:UpdateFunctionConfiguration"
    usual = settings._answer
    async with open_account() as desk:
        aws_stub.answer(update, denied(update), refusal("InvalidParameterValueException", "no such size"), usual)
        await set_memory(desk, "512")
        await desk.sees("Ask for the permission", "UpdateFunctionConfiguration")
        await desk.sees("Memory  512", "256 MB → 512 MB", where="#edit")
        await desk.press("enter")
        await desk.sees("no such size")
        settings.drop = {"UpdateFunctionConfiguration"}
        await desk.press("enter")
        await desk.sees("The answer was lost: Memory 256 MB → 512 MB", "is not sent again")
        settings.fails_with = "The subnet is gone"
        await desk.press("enter")
        await desk.sees("could not put it into effect", "InvalidSubnet: The subnet is gone")
        await desk.sees("Its last update failed: The subnet is gone", where="#edit")
        await desk.press("escape", "u")
        await desk.sees("Undone: Memory 512 MB → 256 MB")


async def test_what_is_not_permitted_is_locked_with_its_permission(
    open_account: Open, settings: StubSettings, aws_stub: AwsStub
) -> None:
    """Unknown is neither unreserved nor 0; the rest can be changed; a stack that owns the function is told of."""
    aws_stub.answer("lambda:GetFunctionConcurrency", denied("lambda:GetFunctionConcurrency"))
    settings.tags["echo"] = {"aws:cloudformation:stack-name": "web-shop"}
    async with open_account() as desk:
        await desk.sees("Owned by the CloudFormation stack web-shop", where="#edit")
        [row] = [line for line in desk.area("#edit").splitlines() if "Reserved concurrency" in line]
        assert "unknown" in row
        assert "needs lambda:GetFunctionConcurrency" in row
        await desk.press("R")
        await desk.sees("Reserved concurrency: needs")
        await set_memory(desk, "512")
        await desk.until(lambda: settings.functions["echo"]["MemorySize"] == 512)


async def test_an_environment_that_kms_denies_is_left_alone(open_account: Open, settings: StubSettings) -> None:
    """Not a variable can be added to what could not be read: it would wipe the others."""
    settings.functions["echo"]["Environment"] = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms"}}
    async with open_account() as desk:
        await desk.sees("All variables", "can't decrypt", where="#edit")
        await desk.press("N")
        await desk.type("NEW=1")
        await desk.press("enter")
        await desk.sees("Lambda can't decrypt it: AccessDeniedException")
        assert settings.changes == []


async def test_a_value_of_several_lines_comes_back_as_it_was(open_account: Open, settings: StubSettings) -> None:
    """Line ends are seen and kept; what would act on the terminal is not put into a field; `N` knows what is there."""
    variables = {"KEY": "one\ntwo", "RAW": "\x1b]52;c;aGk=\x07", "TOKEN": "hunter2"}
    settings.functions["echo"]["Environment"] = {"Variables": dict(variables)}
    async with open_account() as desk:
        await desk.press("G", "up", "enter")
        await desk.sees("RAW has control characters")
        await desk.press("up", "enter")
        await desk.sees("KEY  one⏎two", where="#edit")
        await desk.press("end")
        await desk.type("!")
        await desk.sees("one⏎two → one⏎two!", where="#edit")
        await desk.press("enter")
        await desk.until(lambda: settings.functions["echo"]["Environment"]["Variables"]["KEY"] == "one\ntwo!")
        assert settings.functions["echo"]["Environment"]["Variables"]["RAW"] == variables["RAW"]
        await desk.until(lambda: "u Undo" in desk.footer)
        await desk.press("N")
        await desk.paste("TOKEN=new")
        await desk.sees("•••• → new", where="#edit")
        assert "hunter2" not in desk.text


async def test_tags_are_added_and_a_reset_shows_what_it_does_first(open_account: Open, settings: StubSettings) -> None:
    """`N` and tag.NAME=value; `d` takes back, or removes, once the difference was seen; values stay masked."""
    async with open_account() as desk:
        await desk.sees("none set · N tag.NAME=value", where="#edit")
        await desk.press("N")
        await desk.paste("tag.team=photo")
        await desk.press("enter")
        await desk.sees("photo", "1 set", where="#edit")
        assert settings.tags["echo"] == {"team": "photo"}
        await desk.press("g")
        await desk.press("d")
        await desk.sees("Memory 256 MB → 128 MB")
        await desk.press("y")
        await desk.until(lambda: settings.functions["echo"]["MemorySize"] == 128)
        await desk.press("G", "up", "d")
        await desk.sees("TOKEN •••• → not set")
        assert "hunter2" not in desk.text
        await desk.press("n")
        assert "TOKEN" in settings.functions["echo"]["Environment"]["Variables"]


async def test_layers_are_edited_in_a_list(open_account: Open, settings: StubSettings, aws_stub: AwsStub) -> None:
    """Order, removal, the newest version and a new one; the difference stands below until Enter makes it."""
    settings._put("echo", {"Layers": [f"{LAYER}a:1", f"{LAYER}b:2", f"{LAYER}c:3"]})

    def newest(seen: Seen) -> Reply:
        name = seen.path.partition("/layers/")[2].partition("/versions")[0].rpartition("%3A")[2]
        return Reply(body={"LayerVersions": [{"LayerVersionArn": f"{LAYER}{name}:9"}]})

    aws_stub.answer("lambda:ListLayerVersions", newest)
    async with open_account() as desk:
        assert desk.app.screen_stack[0].query("SettingsList")
        await desk.press(*["down"] * 5, "enter")
        await desk.sees("Layers of echo", "a:1  9 is newer", "3 of 5 layers", "250 MB at most unzipped")
        await desk.press("n", "J", "down", "d", "a")
        await desk.paste(f"{LAYER}extra:4")
        await desk.press("enter")
        await desk.sees("a:1, b:2, c:3 → b:2, a:9, extra:4")
        await desk.press("enter")
        await desk.sees("b:2, a:9, extra:4", where="#edit")
        (sent,) = settings.sent("lambda:UpdateFunctionConfiguration")
        assert sent["Layers"] == [f"{LAYER}b:2", f"{LAYER}a:9", f"{LAYER}extra:4"]


def _now() -> datetime:
    return datetime.now(UTC)


async def test_taking_back_that_a_function_was_started_asks_for_its_name(
    open_account: Open, settings: StubSettings
) -> None:
    """That undo stops it again: one key is not enough, and esc leaves it running."""
    settings.concurrency["echo"] = 0
    async with open_account() as desk:
        await desk.press("R", "ctrl+u", *"none", "enter")
        await desk.until(lambda: "echo" not in settings.concurrency, "started")
        await desk.sees("unreserved", where="#edit")
        await desk.press("u")
        await desk.sees("Stop echo: every invocation will be throttled")
        await desk.press("escape")
        assert "echo" not in settings.concurrency
        await desk.press("u", *"echo", "enter")
        await desk.until(lambda: settings.concurrency.get("echo") == 0, "stopped")


async def test_what_was_stopped_is_started_again_also_when_it_could_not_be_read(
    open_account: Open, settings: StubSettings, aws_stub: AwsStub
) -> None:
    """The change went through and its reading did not: u takes it back all the same."""
    async with open_account() as desk:
        await desk.press("R", "ctrl+u", "0", "enter", *"echo")
        refused = denied("lambda:GetFunctionConcurrency")
        # What stands is read before the change, after it, and before it is taken back.
        aws_stub.answer("lambda:GetFunctionConcurrency", settings._answer, refused, settings._answer)
        await desk.press("enter")
        await desk.sees("unknown", "needs lambda:GetFunctionConcurrency", where="#edit")
        assert settings.concurrency == {"echo": 0}
        await desk.press("u")
        await desk.until(lambda: settings.concurrency == {}, "started again")


async def test_who_leaves_is_told_what_was_sent(open_account: Open, settings: StubSettings, aws_stub: AwsStub) -> None:
    """Neither opening another target nor quitting stops a change: the one asks first, the other tells it in the end."""
    aws_stub.answer("lambda:UpdateFunctionConfiguration", Reply(delay_s=15.0))
    async with open_account() as desk:
        await set_memory(desk, "512")
        await desk.until(lambda: bool(aws_stub.requests("lambda:UpdateFunctionConfiguration")), "sent")
        await desk.press("t")
        await desk.sees("Switch target")
        await desk.type("demo")
        await desk.press("enter")
        await desk.sees("Leave while it runs?", "Sent, and its end is not known yet: echo: Memory 256 MB → 512 MB")
        await desk.press("n", "q")
        assert desk.app.unfinished == ("echo: Memory 256 MB → 512 MB",)
