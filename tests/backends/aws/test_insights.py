"""Queries in Logs Insights: started once, followed to their end, stopped when nobody waits."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from pathlib import Path

import pytest

from lambdatui.core.errors import InvalidInput, MalformedQuery, NotFound
from lambdatui.core.insights import POINTER, Insights, InsightsProgress, InsightsQuery
from tests.fixtures.aws_account import open_account
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied, refusal

QUERY = InsightsQuery("fields @message", 1_000, 2_000, 50)


@pytest.fixture
def insights(aws_stub: AwsStub, tmp_path: Path) -> Insights:
    """Two functions, one of them with a log group of its own."""
    aws_stub.functions = [
        {"FunctionName": "orders", "LoggingConfig": {"LogGroup": "/shared/shop"}},
        {"FunctionName": "bills", "LoggingConfig": {"LogGroup": "/shared/shop"}},
        {"FunctionName": "resize"},
    ]
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    opened = open_account(aws_stub.url, "123456789012", tmp_path).insights
    assert opened is not None
    return opened


def results(status: str, *rows: dict[str, str], scanned: float = 0.0) -> Reply:
    """What GetQueryResults says."""
    cells = [[{"field": field, "value": value} for field, value in row.items()] for row in rows]
    return Reply(body={"status": status, "results": cells, "statistics": {"bytesScanned": scanned}})


async def all_of(insights: Insights, *names: str) -> list[InsightsProgress]:
    """Every step of the query."""
    return [step async for step in insights.run(names, QUERY)]


async def test_a_query_is_started_once_and_followed_to_its_end(aws_stub: AwsStub, insights: Insights) -> None:
    """Rows come while it runs; each log group is named once, whatever functions write to it."""
    aws_stub.answer(
        "logs:GetQueryResults",
        results("Scheduled"),
        results("Running", {"@message": "one", POINTER: "p1"}, scanned=5e6),
        results("Complete", {"@message": "one", POINTER: "p1"}, {"@message": "two", POINTER: "p2"}, scanned=9e6),
    )

    steps = await all_of(insights, "orders", "bills", "resize")

    assert [step.status for step in steps] == ["Scheduled", "Running", "Complete"]
    assert [row["@message"] for row in steps[-1].rows] == ["one", "two"]
    assert (steps[-1].shown_columns, steps[-1].scanned_bytes) == (("@message",), 9e6)
    (sent,) = aws_stub.requests("logs:StartQuery")
    assert json.loads(sent.body) == {
        "logGroupNames": ["/shared/shop", "/aws/lambda/resize"],
        "queryString": "fields @message",
        "startTime": 1_000,
        "endTime": 2_000,
        "limit": 50,
    }
    assert not aws_stub.requests("logs:StopQuery")


async def test_a_query_that_is_given_up_is_stopped(aws_stub: AwsStub, insights: Insights) -> None:
    """What nobody waits for scans no further: scanning is what costs."""
    aws_stub.answer("logs:GetQueryResults", results("Running"))
    async with aclosing(insights.run(("resize",), QUERY)) as steps:  # type: ignore[type-var]  # a generator
        async for _ in steps:
            break

    (stopped,) = aws_stub.requests("logs:StopQuery")
    assert json.loads(stopped.body) == {"queryId": "q-1"}


class Groups:
    """The log groups of an account: a query that names another one is refused, and nobody says for which."""

    def __init__(self, stub: AwsStub, *names: str) -> None:
        self._names = sorted(names)
        stub.answer("logs:StartQuery", self.start)
        stub.answer("logs:DescribeLogGroups", self.describe)
        stub.answer("logs:GetQueryResults", results("Complete"))

    def start(self, seen: Seen) -> Reply:
        if set(json.loads(seen.body)["logGroupNames"]) <= set(self._names):
            return Reply(body={"queryId": "q-1"})
        return refusal("ResourceNotFoundException", "Log group does not exist for account ID 123456789012")

    def describe(self, seen: Seen) -> Reply:
        asked = json.loads(seen.body)
        found = [name for name in self._names if name.startswith(asked.get("logGroupNamePrefix", ""))]
        start = int(asked.get("nextToken", 0))
        end = start + asked["limit"]
        groups = [{"logGroupName": name} for name in found[start:end]]
        return Reply(body={"logGroups": groups, **({"nextToken": str(end)} if end < len(found) else {})})


@pytest.mark.parametrize(("others", "calls"), [(3, 1), (900, 4)])
async def test_functions_that_never_ran_are_left_out_and_named(aws_stub: AwsStub, others: int, calls: int) -> None:
    """Found in a few calls, however many groups the account has; a group whose name only begins so is another."""
    names = ("order-created", "order-paid", "resize")
    aws_stub.functions = [{"FunctionName": name} for name in names]
    crowd = [f"/aws/lambda/a{number:03}" for number in range(others)]
    Groups(aws_stub, "/aws/lambda/order-created", "/aws/lambda/order-paid-again", "/aws/lambda/resize", *crowd)
    insights = open_account(aws_stub.url, "123456789012", Path("/nonexistent")).insights
    assert insights is not None

    (step,) = await all_of(insights, *names)

    assert step.left_out == ("order-paid",)
    assert len(aws_stub.requests("logs:DescribeLogGroups")) == calls
    _, sent = aws_stub.requests("logs:StartQuery")
    assert json.loads(sent.body)["logGroupNames"] == ["/aws/lambda/order-created", "/aws/lambda/resize"]


async def test_a_query_without_any_log_group_names_them(aws_stub: AwsStub, insights: Insights) -> None:
    """So does one that can't leave any out, as nobody may list them: the permission is named."""
    Groups(aws_stub)
    with pytest.raises(NotFound) as none:
        await all_of(insights, "orders", "resize")
    assert none.value.title == "None of the 2 log groups is there yet"
    assert none.value.detail == "/aws/lambda/resize, /shared/shop"

    aws_stub.answer("logs:DescribeLogGroups", denied("logs:DescribeLogGroups"))
    with pytest.raises(NotFound, match="log group") as unknown:
        await all_of(insights, "orders", "resize")
    assert "logs:DescribeLogGroups" in unknown.value.hint


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        ("MalformedQueryException", InvalidInput, "unexpected symbol"),
        ("ResourceNotFoundException", NotFound, "first invocation"),
    ],
)
async def test_a_query_that_can_not_start_says_why(
    aws_stub: AwsStub, insights: Insights, code: str, kind: type[Exception], told: str
) -> None:
    """CloudWatch's own words say where a query is wrong; a missing log group says what makes one."""
    aws_stub.answer("logs:StartQuery", refusal(code, "unexpected symbol found ) at line 1 and position 8"))

    with pytest.raises(kind, match=told):
        await all_of(insights, "resize")


@pytest.mark.parametrize(
    ("words", "offset", "place"),
    [
        ("unexpected symbol found ! at line 2 and position 7", 0, (2, 7)),
        ("mismatched input '!'", 22, (2, 7)),
        ("mismatched input '!'", 4_000, None),
        ("unexpected symbol found ! at line 9 and position 7", 0, None),
    ],
)
async def test_a_query_that_can_not_be_read_shows_the_place(
    aws_stub: AwsStub, insights: Insights, words: str, offset: int, place: tuple[int, int] | None
) -> None:
    """A caret stands under it; a place that the query does not have is none."""
    told: dict[str, object] = {"__type": "MalformedQueryException", "message": words}
    told |= {"queryCompileError": {"message": words, "location": {"startCharOffset": offset}}}
    aws_stub.answer("logs:StartQuery", Reply(400, told, {"x-amzn-ErrorType": "MalformedQueryException"}))
    with pytest.raises(MalformedQuery) as refused:
        async for _ in insights.run(("resize",), InsightsQuery("fields @message\n| sort! x", 1, 2)):
            break
    assert (refused.value.title, refused.value.place) == (words, place)
    assert refused.value.detail == ("| sort! x\n      ^" if place else "")


async def test_more_functions_than_a_query_takes_are_refused_before_it_starts(
    aws_stub: AwsStub, insights: Insights
) -> None:
    """Fifty log groups are the most: nothing is sent that can only be refused."""
    aws_stub.functions = [{"FunctionName": f"f{n}"} for n in range(51)]

    with pytest.raises(InvalidInput, match="51 log groups"):
        await all_of(insights, *(f"f{n}" for n in range(51)))
    assert not aws_stub.requests("logs:StartQuery")


async def test_a_query_that_is_given_up_while_it_is_being_started_is_stopped(
    aws_stub: AwsStub, insights: Insights
) -> None:
    """Its id comes when nobody waits for it any more: what scans on costs money all the same."""
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}, delay_s=0.3))
    waiting = asyncio.ensure_future(all_of(insights, "resize"))
    async with asyncio.timeout(10):
        while not aws_stub.requests("logs:StartQuery"):
            await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        while not aws_stub.requests("logs:StopQuery"):
            await asyncio.sleep(0.01)
    assert json.loads(aws_stub.requests("logs:StopQuery")[0].body) == {"queryId": "q-1"}
    assert len(aws_stub.requests("logs:StartQuery")) == 1
