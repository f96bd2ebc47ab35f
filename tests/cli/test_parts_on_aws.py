"""`show`, `set` and `publish` of versions, aliases and triggers, as a script sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from lambdatui.backends.aws.triggers import AwsTriggers
from lambdatui.backends.aws.versions import AwsVersions
from lambdatui.cli.exits import Exit
from tests.cli.conftest import Lambdatui
from tests.fixtures.aws_parts import QUEUE, StubParts
from tests.fixtures.aws_stub import AwsStub, denied


def _impatient(begin: Callable[..., None]) -> Callable[..., None]:
    """Look again at once."""
    return lambda self, session: begin(self, session, 0)


@pytest.fixture
def parts(aws_stub: AwsStub) -> StubParts:
    parts = StubParts(aws_stub)
    parts.version("2")
    parts.version("3", Description="thumb\x1b[31mnails")
    parts.alias("live", "3")
    parts.lambda_keeps_ready("live", 5, "FAILED", StatusReason="no room")
    parts.mapping(str(UUID(int=1)))
    allowed = {"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "lambda:*"}
    parts.policies = {"": json.dumps({"Statement": [allowed]})}
    return parts


@pytest.fixture
def aws(on_stub: Lambdatui, parts: StubParts, monkeypatch: pytest.MonkeyPatch) -> Lambdatui:
    """Runs a command line on the stub's account, which has these parts; slow changes are looked at again at once."""
    assert parts.versions
    monkeypatch.setattr(AwsVersions, "__init__", _impatient(AwsVersions.__init__))
    monkeypatch.setattr(AwsTriggers, "__init__", _impatient(AwsTriggers.__init__))
    return on_stub


def test_versions_and_triggers_are_printed_for_eyes_and_for_programs(aws: Lambdatui) -> None:
    """Without the flags nothing of it is asked for; nothing of AWS's words reaches the terminal raw."""
    assert "Aliases" not in aws("show", "resize").out
    ran = aws("show", "resize", "--versions", "--triggers")
    assert ran.code == Exit.OK
    for text in ("thumbnails", "0 of 5 provisioned, FAILED: no room", "sqs orders  Enabled", "s3.amazonaws.com"):
        assert text in ran.out
    record = aws("show", "resize", "--versions", "--triggers", "--json").record
    published, triggers = record["published"], record["triggers"]
    assert [version["version"] for version in published["versions"]] == ["$LATEST", "3", "2"]
    assert published["aliases"][0]["version"] == "3"
    assert published["provisioned"][0]["status"] == "FAILED"
    assert triggers["event_source_mappings"][0]["source"] == QUEUE
    assert triggers["policy"][0]["actions"] == ["lambda:*"]
    assert triggers["urls"] == []


def test_a_part_that_is_denied_is_null_and_never_empty(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """The missing permission is told on stderr; the rest is printed, and the exit code says that it worked."""
    aws_stub.answer("lambda:ListAliases", denied("lambda:ListAliases"))
    ran = aws("show", "resize", "--versions")
    assert ran.code == Exit.OK
    assert "Not permitted: lambda:ListAliases" in ran.err
    assert "not known" in ran.out
    record = aws("show", "resize", "--versions", "--json").record
    assert record["published"]["aliases"] is None
    assert record["published"]["unread"][0]["part"] == "aliases"


def test_the_local_runner_has_neither(lambdatui: Lambdatui) -> None:
    """It says so, and exits as for a wrong use."""
    ran = lambdatui("show", "greet", "--versions")
    assert ran.code == Exit.USAGE
    assert "no versions" in ran.err


def test_aliases_and_triggers_are_set_like_settings(aws: Lambdatui, parts: StubParts) -> None:
    """The difference on stderr; --dry-run sends nothing; provisioned concurrency is waited for."""
    words = ("set", "resize", "alias.live=3,2:10%", "provisioned.live=2", "trigger.orders.batch_size=20")
    ran = aws(*words, "--dry-run", "--json")
    assert ran.record["applied"] is False
    assert [change["new"] for change in ran.record["changes"]] == ["3 2:10%", "2", "20"]
    assert "more than 10 messages need a batching window" in ran.err
    assert not [seen for seen in parts.stub.seen if seen.operation.startswith(("lambda:Update", "lambda:Put"))]
    ran = aws(*words, "--yes", "--json")
    assert ran.code == Exit.OK, ran.err
    assert ran.record["applied_keys"] == ["alias.live", "provisioned.live", "trigger.orders.batch_size"]
    assert parts.aliases["live"]["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.1}}
    assert parts.provisioned["live"]["Status"] == "READY"
    assert parts.mappings[str(UUID(int=1))]["BatchSize"] == 20
    assert "nothing to change" in aws(*words, "--yes").err
    assert aws("set", "resize", "--unset", "provisioned.live", "--unset", "alias.live", "--yes").code == Exit.OK
    assert (parts.aliases, parts.provisioned) == ({}, {})


def test_provisioned_concurrency_that_fails_is_a_failure(aws: Lambdatui, parts: StubParts) -> None:
    """With AWS's reason, and the exit code of a failure."""
    parts.provision_fails = "FUNCTION_ERROR_INIT_FAILURE"
    ran = aws("set", "resize", "provisioned.3=2", "--yes")
    assert ran.code == Exit.FAILED
    assert "FUNCTION_ERROR_INIT_FAILURE" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("memory=512", "alias.live=3"), "can't be changed in one command"),
        (("alias.live=9",), "There is no version 9"),
        (("provisioned.$LATEST=2",), "can't have provisioned concurrency"),
        (("provisioned.gone=2",), "neither a version nor an alias"),
        (("trigger.nothing.batch_size=2",), "No event source is named nothing"),
        (("trigger.orders.colour=2",), "There are: enabled, batch_size"),
        (("trigger.orders.enabled=maybe",), "enabled is true or false"),
        (("trigger.orders.filters=[1]",), "Pattern 1 is not an object"),
        (("--unset", "alias.gone"), "There is no alias gone"),
        (("provisioned.live=",), "provisioned.live= has no value"),
        (("provisioned.live",), "provisioned.live= has no value"),
        (("trigger.orders.filters= ",), "trigger.orders.filters= has no value"),
        (("trigger.orders.maximum_concurrency=",), "--unset trigger.orders.maximum_concurrency"),
        (("alias.live=3", "alias.live=2"), "given twice"),
    ],
)
def test_what_can_not_be_meant_is_told_before_anything_is_sent(
    aws: Lambdatui, words: tuple[str, ...], says: str
) -> None:
    """Exit code 2, and no question."""
    ran = aws("set", "resize", *words)
    assert ran.code == Exit.USAGE
    assert says in ran.err


def test_half_a_change_is_told_as_half(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """What was made and what was not, by key."""
    aws_stub.answer("lambda:UpdateEventSourceMapping", denied("lambda:UpdateEventSourceMapping"))
    ran = aws("set", "resize", "alias.live=2", "trigger.orders.enabled=false", "--yes", "--json")
    assert ran.code == Exit.FAILED
    assert ran.record["applied_keys"] == ["alias.live"]
    assert "Not made: trigger.orders.enabled" in ran.err


def test_a_version_is_published_and_its_number_printed(aws: Lambdatui, parts: StubParts) -> None:
    """The number alone on stdout, once it is active; the same one again when nothing changed since."""
    parts.looks_in_progress = 3
    ran = aws("publish", "resize", "--description", "faster", "--yes")
    assert (ran.code, ran.out) == (Exit.OK, "4\n")
    assert parts.versions["4"]["Description"] == "faster"
    assert aws("publish", "resize", "--yes", "--json").record == {
        "function": "resize",
        "version": "4",
        "new": False,
        "state": "Active",
    }
    assert aws("publish", "resize").code == Exit.USAGE
    assert aws("publish", "resize", "--read-only", "--yes").code == Exit.USAGE
