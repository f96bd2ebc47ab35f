"""What the Versions tab promises, at the keys, on an account."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from textual import events

from tests.fixtures.aws_parts import StubParts
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied
from tests.ui.conftest import OpenWorkbench
from tests.ui.desk import Desk
from tests.ui.on_stub import at_the_stub


def filled(stub: AwsStub, **tags: str) -> StubParts:
    """A function with three versions and two aliases."""
    parts = StubParts(stub, **tags)
    for number in ("1", "2", "3"):
        parts.version(number, Description=f"release {number}")
    parts.alias("beta", "3")
    parts.alias("live", "2", RoutingConfig={"AdditionalVersionWeights": {"3": 0.1}}, Description="what callers use")
    return parts


async def show(desk: Desk) -> None:
    """Go to the tab, once it is read."""
    await desk.press("V")
    await desk.sees("Aliases", "Versions", "live", where="#edit")


async def test_versions_are_read_when_they_are_looked_at(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Not before; one row each, aligned; `r` reads them again and the cursor stays on its row."""
    parts = filled(aws_stub)
    parts.lambda_keeps_ready("live", 5)
    parts.urls = [{"FunctionUrl": "https://x.on.aws/", "AuthType": "NONE", "FunctionArn": "a:b:c:d:e:f:resize:live"}]
    async with at_the_stub(aws_stub, tmp_path, size=(160, 50)) as desk:
        assert aws_stub.requests("lambda:ListVersionsByFunction") == []
        await show(desk)
        shown = desk.area("#edit")
        for text in (
            "2 · 90 %   3 · 10 %",
            "5 ready",
            "open to all",
            "what callers use",
            "$LATEST",
            "release 3",
            "1ade0000",
        ):
            assert text in shown
        rows = [line for line in shown.splitlines() if "release" in line]
        assert len({line.index("release") for line in rows}) == 1
        await desk.press("down", "down", "down", "down")
        await desk.until(lambda: "▌ 2 " in desk.area("#edit"))
        parts.version("4", Description="release 4")
        parts.alias("alpha", "1")
        await desk.press("r")
        await desk.sees("release 4", "alpha", where="#edit")
        assert "▌ 2 " in desk.area("#edit")
        asked = len(aws_stub.seen)
        await desk.press("c")
        assert not [seen for seen in aws_stub.seen[asked:] if "Versions" in seen.operation]


async def test_an_alias_is_moved_and_taken_back(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Enter, the difference as one types, Enter: it is moved, guarded by its revision. `u` brings it back."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "enter")
        await desk.sees("Alias live leads to", "2 3:10%", where="#edit")
        await desk.press("ctrl+u", *"9")
        await desk.sees("There is no version 9", "Published are: 3, 2, 1", where="#edit")
        await desk.press("enter", "ctrl+u", *"3 2:25%")
        await desk.sees("2 3:10% → 3 2:25%", "enter applies", where="#edit")
        assert aws_stub.requests("lambda:UpdateAlias") == []
        await desk.press("enter")
        await desk.sees("Alias live 2 3:10% → 3 2:25%")
        await desk.sees("3 · 75 %   2 · 25 %", where="#edit")
        [sent] = aws_stub.requests("lambda:UpdateAlias")
        assert json.loads(sent.body)["RevisionId"] == "alias-2"
        await desk.press("u")
        await desk.sees("Undone: Alias live 3 2:25% → 2 3:10%")
        await desk.sees("2 · 90 %   3 · 10 %", where="#edit")
        assert parts.aliases["live"]["FunctionVersion"] == "2"


async def test_changes_of_one_alias_are_taken_back_one_by_one(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Each undo has the revision of now; where somebody else came between, nothing is overwritten."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        for version, told in (("1", "3 → 1"), ("2", "1 → 2")):
            await desk.press("enter", "ctrl+u", version, "enter")
            await desk.sees(f"Alias beta {told}")
        await desk.press("D", "ctrl+u", *"try it", "enter")
        await desk.sees("Alias beta: description none → try it")
        for told in ("description try it → none", "Alias beta 2 → 1"):
            await desk.press("u")
            await desk.sees("Undone: Alias beta", told)
        parts.alias("beta", "2")
        await desk.press("u")
        await desk.sees("Alias beta changed since it was read", "yours: 3", "now: 2")
        assert parts.aliases["beta"]["FunctionVersion"] == "2"


async def test_a_change_whose_answer_is_lost_is_looked_for(aws_stub: AwsStub, tmp_path: Path) -> None:
    """It is not sent again; what stands is read. When that fails too, what was read before stays, and says so."""
    parts = filled(aws_stub)

    def made_and_lost(seen: Seen) -> Reply:
        parts._alias(seen)
        return Reply(cut=True)

    aws_stub.answer("lambda:UpdateAlias", made_and_lost)
    async with at_the_stub(aws_stub, tmp_path, size=(160, 50)) as desk:
        await show(desk)
        await desk.press("enter", "ctrl+u", "1", "enter")
        await desk.sees("Sent, and its answer was lost")
        await desk.until(lambda: "▌ beta     1" in desk.area("#edit"), "the new target")
        assert len(aws_stub.requests("lambda:UpdateAlias")) == 1
        aws_stub.answer("lambda:ListAliases", Reply(cut=True))
        await desk.press("escape", "r")
        await desk.sees("this was read before · r reads again", "beta     1", where="#edit")


async def test_a_conflict_shows_both_and_keeps_what_was_typed(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Somebody else moved it meanwhile: nothing is overwritten, the difference begins at theirs; Enter sends it."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "enter", "ctrl+u", "3")
        await desk.sees("2 3:10% → 3", where="#edit")
        parts.alias("live", "1", Description="rolled back")
        await desk.press("enter")
        await desk.sees("Alias live changed since it was read", "yours: 3", "now: 1 “rolled back”")
        await desk.sees("1 → 3", "leads to  3", where="#edit")
        assert parts.aliases["live"]["FunctionVersion"] == "1"
        await desk.press("enter")
        await desk.sees("Alias live 1 → 3")
        assert parts.aliases["live"]["Description"] == "rolled back"


async def test_a_version_is_published_and_an_alias_made_for_it(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`n` asks for a description, `N` for a name; a new version is followed until it is active."""
    parts = filled(aws_stub)
    parts.looks_in_progress = 3
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("n")
        await desk.type("faster")
        await desk.sees("newest is 3 → $LATEST as a new version “faster”", where="#edit")
        await desk.press("enter")
        await desk.sees("Published version 4")
        await desk.until(lambda: any("faster" in line and " Active" in line for line in desk.lines), "active")
        await desk.press("N")
        await desk.type("live 4")
        await desk.sees("There is an alias live", where="#edit")
        await desk.press("ctrl+u", *"gamma 4")
        await desk.press("enter")
        await desk.sees("Alias gamma none → 4")
        await desk.until(lambda: "gamma" in parts.aliases, "the alias")
        assert parts.aliases["gamma"]["FunctionVersion"] == "4"


async def test_what_is_typed_while_it_is_read_waits_for_it(aws_stub: AwsStub, tmp_path: Path) -> None:
    """The letters of a description reach no key of the workbench, where `i` invokes; a dimmed key does nothing."""
    filled(aws_stub)
    read = threading.Event()

    [usual] = aws_stub._answers["lambda:ListVersionsByFunction"]
    assert callable(usual)

    def late(seen: Seen) -> Reply:
        read.wait(20)
        return usual(seen)

    aws_stub.answer("lambda:ListVersionsByFunction", late)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        for key in ("V", "n", *"initial"):
            desk.app.post_message(events.Key(key, key))
        await desk.sees("Reading the versions", where="#edit")
        read.set()
        await desk.sees("“initial”", where="#edit")
        assert aws_stub.requests("lambda:Invoke") == []
        await desk.press("escape", "end", *["up"] * 3, "d")
        assert len(desk.app.screen_stack) == 1


async def test_provisioned_concurrency_has_progress_until_it_is_ready(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`p`, a number: what is ready by now stands above the list; `x` stops looking, and says that AWS goes on."""
    parts = filled(aws_stub)
    parts.looks_in_progress = 10_000
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "p")
        await desk.type("5")
        await desk.sees("none → 5", "paid for until it is removed", where="#edit")
        await desk.press("enter")
        await desk.sees("live: 0 of 5 allocated", "x stops looking", where="#edit")
        await desk.press("x")
        await desk.sees("AWS goes on with it")
        await desk.until(lambda: "x stops looking" not in desk.area("#edit"))
        looks = len(aws_stub.requests("lambda:GetProvisionedConcurrencyConfig"))
        await desk.press("r")
        await desk.sees("x stops looking", where="#edit")
        parts._left["live"] = 2
        await desk.sees("5 of 5 are ready", "5 ready")
        assert len(aws_stub.requests("lambda:GetProvisionedConcurrencyConfig")) > looks


async def test_provisioned_concurrency_that_fails_says_why(aws_stub: AwsStub, tmp_path: Path) -> None:
    """With AWS's own reason, in passing and in its row; `u` removes it."""
    parts = filled(aws_stub)
    parts.provision_fails = "FUNCTION_ERROR_INIT_FAILURE"
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "p", *"5", "enter")
        await desk.sees("Provisioned concurrency of live failed", "FUNCTION_ERROR_INIT_FAILURE")
        await desk.sees("failed: FUNC", "Provisioned concurrency: FUNCTION_ERROR_INIT_FAILURE", where="#edit")
        await desk.press("u")
        await desk.sees("Undone: Provisioned concurrency of live 5 → none")
        assert parts.provisioned == {}


async def test_what_can_not_be_taken_back_is_typed(aws_stub: AwsStub, tmp_path: Path) -> None:
    """A version that an alias leads to is not deleted; another one when function and number are typed."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "down", "down", "d")
        await desk.sees("Version 3 is in use", "beta, live leads to it")
        await desk.press("G", "d")
        await desk.sees("Delete version 1 for good?", "type resize:1")
        await desk.type("resize")
        await desk.press("enter", *":1", "enter")
        await desk.sees("Version 1 published → deleted")
        await desk.until(lambda: "release 1" not in desk.area("#edit"))
        assert [seen.query for seen in aws_stub.requests("lambda:DeleteFunction")] == [{"Qualifier": "1"}]
        assert "1" not in parts.versions
        await desk.press("g", "d")
        await desk.sees("Delete the alias beta", "Its URL, its policy")
        await desk.press("n")
        assert "beta" in parts.aliases
        await desk.press("d", "y")
        await desk.until(lambda: "beta" not in parts.aliases)
        await desk.press("u")
        await desk.sees("Undone: Alias beta none → 3")


async def test_what_is_denied_is_named_and_the_rest_is_there(aws_stub: AwsStub, tmp_path: Path) -> None:
    """A part that may not be read is no empty one; a denied change says which permission is missing."""
    filled(aws_stub)
    aws_stub.answer("lambda:ListAliases", denied("lambda:ListAliases"))
    aws_stub.answer("lambda:PublishVersion", denied("lambda:PublishVersion"))
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.press("V")
        await desk.sees("Not permitted: lambda:ListAliases", "not known", "release 3", where="#edit")
        await desk.press("n", "enter")
        await desk.sees("Not permitted: lambda:PublishVersion", "Ask for the permission lambda:PublishVersion")


async def test_what_can_not_be_read_says_how_to_go_on(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Title, reason and key; and `r` goes on."""
    filled(aws_stub)
    aws_stub.answer("lambda:ListVersionsByFunction", Reply(cut=True))
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await desk.press("V")
        await desk.sees("No usable answer", "r reads again", where="#edit")
        aws_stub.answer("lambda:ListVersionsByFunction", Reply(body={"Versions": []}))
        await desk.press("r")
        await desk.sees("what callers use", where="#edit")


async def test_who_else_owns_the_function_is_said_before_a_change(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Its stack would undo it; on production the function's name is typed."""
    parts = filled(aws_stub, **{"aws:cloudformation:stack-name": "photos"})
    async with at_the_stub(aws_stub, tmp_path, production=True) as desk:
        await show(desk)
        await desk.press("enter", "ctrl+u", "1")
        await desk.sees("3 → 1", "the CloudFormation stack photos owns this function", where="#edit")
        await desk.press("enter")
        await desk.sees("Production: Alias beta 3 → 1", "type resize")
        await desk.press("escape")
        assert parts.aliases["beta"]["FunctionVersion"] == "3"
        await desk.press("enter", *"resize", "enter")
        await desk.sees("Alias beta 3 → 1")
        await desk.until(lambda: parts.aliases["beta"]["FunctionVersion"] == "1")


async def test_read_only_dims_what_would_change_something(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Reading works; no key sends a change."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path, read_only=True, size=(80, 24)) as desk:
        await desk.press("V")
        await desk.sees("live", "release 3", where="#edit")
        await desk.press("enter", "n", "N", "p", "D", "d")
        await desk.press("r")
        await desk.sees("live", where="#edit")
        assert "beta leads to" not in desk.text
        assert "u Undo" not in desk.footer
        assert len(parts.aliases) == 2
        assert not [
            seen for seen in aws_stub.seen if seen.operation.startswith(("lambda:Up", "lambda:Pub", "lambda:Del"))
        ]


async def test_another_function_closes_what_was_typed_for_the_first(aws_stub: AwsStub, tmp_path: Path) -> None:
    """And shows its own versions; undo belongs to a function and to the tab."""
    filled(aws_stub)
    aws_stub.functions = [*aws_stub.functions, {"FunctionName": "zoom", "Runtime": "python3.13"}]
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("enter", "ctrl+u", "1", "enter")
        await desk.sees("Alias beta 3 → 1")
        await desk.press("enter")
        await desk.sees("Alias beta leads to", where="#edit")
        await desk.press("tab")
        await desk.select("zoom")
        await desk.until(lambda: "Alias beta leads to" not in desk.area("#edit"))
        await desk.sees("live", where="#edit")
        assert "Undo" not in desk.footer
        await desk.select("resize")
        await desk.press("V")
        await desk.sees("u Undo")


async def test_the_local_runner_says_why_it_has_none(open_workbench: OpenWorkbench) -> None:
    """A sentence in place of an empty list, and no key that could do something."""
    async with open_workbench() as desk:
        await desk.press("V")
        await desk.sees("The local runner keeps no versions", where="#edit")
        assert "Publish" not in desk.footer
        await desk.press("E")
        await desk.sees("The local runner has no triggers", where="#edit")
        assert "On/off" not in desk.footer
        await desk.press("n", "d", "enter", "space", "e")
        await desk.sees("Event", where="#edit")
