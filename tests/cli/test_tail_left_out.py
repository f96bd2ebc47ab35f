"""`tail` of functions of which some can't be read: the others are, and what is left out is told."""

from __future__ import annotations

import json

import pytest

from lambdatui.cli.output import Output
from lambdatui.cli.tail_states import ToldStates
from lambdatui.core.errors import CredentialsExpired, Denied, Throttled
from lambdatui.core.logs import Following, Refused, TailState
from tests.cli.conftest import Lambdatui
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal

DENIED = Denied("Not permitted: logs:FilterLogEvents", "told", "Ask for the permission logs:FilterLogEvents.")


@pytest.fixture
def account(aws_stub: AwsStub) -> AwsStub:
    """Of its functions one may not be read, one has no log group yet."""
    aws_stub.functions = [{"FunctionName": name} for name in ("orders", "order-denied", "order-new")]

    def answer(seen: Seen) -> Reply:
        group = json.loads(seen.body)["logGroupName"]
        if group.endswith("denied"):
            return denied("logs:FilterLogEvents")
        if group.endswith("new"):
            return refusal("ResourceNotFoundException", "The specified log group does not exist.")
        event = {"eventId": "1", "timestamp": 1_763_906_531_023, "logStreamName": "s", "message": "hello"}
        return Reply(body={"events": [{**event, "ingestionTime": event["timestamp"]}]})

    aws_stub.answer("logs:FilterLogEvents", answer)
    return aws_stub


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("since", [(), ("--since", "2025-11-23")])
def test_a_function_that_may_not_be_read_takes_no_other_along(on_stub: Lambdatui, since: tuple[str, ...]) -> None:
    """The others are printed; it is named once with the missing permission, and so is what has no log: code 3."""
    ran = on_stub("tail", "order*", "--no-follow", "--json", *since)
    assert [record["function"] for record in ran.records] == ["orders"]
    assert ran.code == 3
    assert ran.err.splitlines()[0] == "not read: order-denied: Not permitted: logs:FilterLogEvents"
    assert ran.err.count("order-denied") == 1
    assert "Ask for the permission logs:FilterLogEvents" in ran.err
    assert ran.err.splitlines()[-1] == "no logs yet: no log group /aws/lambda/order-new"


@pytest.mark.usefixtures("account")
def test_a_function_without_a_log_group_is_told_and_is_no_failure(on_stub: Lambdatui) -> None:
    """Nothing was logged."""
    ran = on_stub("tail", "order-new", "--no-follow")
    assert (ran.code, ran.out, ran.err) == (0, "", "no logs yet: no log group /aws/lambda/order-new\n")


def test_where_none_may_be_read_all_are_named(account: AwsStub, on_stub: Lambdatui) -> None:
    """One error, with the permission; a function that is gone is told beside those that are there."""
    account.answer("logs:FilterLogEvents", denied("logs:FilterLogEvents"))
    ran = on_stub("tail", "orders", "order-new", "gone", "--no-follow")
    assert (ran.code, ran.out) == (3, "")
    assert "error: orders, order-new: Not permitted: logs:FilterLogEvents" in ran.err
    assert "gone: Function not found" in ran.err


async def test_what_a_tail_says_does_not_stutter(capsys: pytest.CaptureFixture[str]) -> None:
    """One title, the cause once, a hint that is true; what is refused is told once, and when it is read again."""
    told = ToldStates(Output())
    following = TailState(Following.FOLLOWING, 1.5)
    refused = TailState(Following.FOLLOWING, 1.5, "", (), (Refused(("a", "b"), DENIED),))
    for state in (
        TailState(Following.CONNECTING),
        TailState(Following.THROTTLED, 1.0, "Throttled: ThrottlingException"),
        following,
        TailState(Following.RECONNECTING, 1.0, "No usable answer to logs:FilterLogEvents"),
        refused,
        refused,
        TailState(Following.THROTTLED, 1.0, "Throttled: ThrottlingException"),
        refused,
        following,
        TailState(
            Following.CREDENTIALS_EXPIRED,
            1.0,
            "The credentials of profile dev expired · Run: aws sso login --profile dev · then it goes on by itself",
        ),
        TailState(Following.WAITING_FOR_GROUP, None, "", ("/aws/lambda/a",)),
        following,
    ):
        told.tell(state)
    assert capsys.readouterr().err.splitlines() == [
        "Throttled: ThrottlingException · trying again",
        "following",
        "reconnecting: No usable answer to logs:FilterLogEvents",
        "not following a, b: Not permitted: logs:FilterLogEvents",
        "  told",
        "  Ask for the permission logs:FilterLogEvents.",
        "following",
        "following a, b again",
        "The credentials of profile dev expired · Run: aws sso login --profile dev · then it goes on by itself",
        "no logs yet: no log group /aws/lambda/a",
        "following",
    ]
    assert not told.incomplete


async def test_who_does_not_follow_hears_of_expired_credentials_once(capsys: pytest.CaptureFixture[str]) -> None:
    """As the error that the tail ends with; and of a throttle its name, its words and what to do."""
    told = ToldStates(Output(), follow=False)
    told.tell(TailState(Following.CREDENTIALS_EXPIRED, None, "The credentials expired · Run: aws login"))
    Output().complain(CredentialsExpired("The credentials expired", "ExpiredTokenException", "Run: aws login"))
    Output().complain(Throttled("Throttled: TooMany", "Rate exceeded", "Try again in a minute.", reason="TooMany"))
    assert capsys.readouterr().err.splitlines() == [
        "error: The credentials expired",
        "  ExpiredTokenException",
        "  Run: aws login",
        "error: Throttled: TooMany",
        "  Rate exceeded",
        "  Try again in a minute.",
    ]
