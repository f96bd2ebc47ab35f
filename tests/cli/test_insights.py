"""`lambdatui insights`, as a script sees it: rows on stdout, what they cost on stderr, and the exit code."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Lambdatui
from tests.fixtures.aws_stub import AwsStub, Reply, refusal


def answers(status: str, *rows: dict[str, str], scanned: float = 0.0) -> Reply:
    """What GetQueryResults says."""
    cells = [[{"field": field, "value": value} for field, value in row.items()] for row in rows]
    return Reply(body={"status": status, "results": cells, "statistics": {"bytesScanned": scanned}})


@pytest.fixture
def aws(on_stub: Lambdatui, aws_stub: AwsStub) -> Lambdatui:
    """Runs a command line on an account with three functions, where each query finds two rows."""
    aws_stub.functions = [{"FunctionName": name} for name in ("order-created", "order-paid", "resize")]
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    rows = [{"@message": "one, two", "ms": "12.5", "@ptr": "p1"}, {"@message": "\x1b[31mred", "ms": "7", "@ptr": "p2"}]
    aws_stub.answer("logs:GetQueryResults", answers("Complete", *rows, scanned=2e9))
    return on_stub


def test_rows_are_a_table_csv_or_json_and_their_cost_is_told_beside_them(aws: Lambdatui) -> None:
    """Nothing but rows is on stdout; the pointers that only machines read are in none of them."""
    ran = aws("insights", "resize", "--query", "fields @message, ms", "--csv")
    assert (ran.code, ran.out) == (0, '@message,ms\n"one, two",12.5\nred,7\n')
    assert "2 rows, 2,000.0 MB scanned (about $0.010)" in ran.err
    assert aws("insights", "resize", "--query", "q", "--json").records[0] == {"@message": "one, two", "ms": "12.5"}
    assert aws("insights", "resize", "--query", "q").out == "one, two  12.5\nred       7\n"


def test_globs_and_names_are_queried_together(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Each function once; a glob that matches none is told, and nothing is sent."""
    assert aws("insights", "order-*", "resize", "order-paid", "--canned", "errors", "--since", "2h").code == 0
    (sent,) = [json.loads(seen.body) for seen in aws_stub.requests("logs:StartQuery")]
    assert sent["logGroupNames"] == [f"/aws/lambda/{name}" for name in ("order-created", "order-paid", "resize")]
    assert sent["endTime"] - sent["startTime"] == 7_200

    ran = aws("insights", "bill-*", "resize", "--canned", "errors")
    assert (ran.code, ran.out) == (3, "")
    assert "No function matches bill-*" in ran.err
    assert len(aws_stub.requests("logs:StartQuery")) == 1


def test_who_has_no_log_group_is_left_out_and_named(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """On stderr; the rows of the others are on stdout, and the exit code is 0."""
    aws_stub.answer("logs:StartQuery", refusal("ResourceNotFoundException", "none"), Reply(body={"queryId": "q-1"}))
    groups = [{"logGroupName": "/aws/lambda/order-created"}]
    aws_stub.answer("logs:DescribeLogGroups", Reply(body={"logGroups": groups}))
    ran = aws("insights", "order-*", "--query", "q")
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert "without order-paid: no log group yet" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--canned", "errors", "--query", "q"), 2, "either --query or --canned"),
        ((), 2, "either --query or --canned"),
        (("--query", "  "), 2, "The query is empty"),
        (("--canned", "errors", "--since", "soon"), 2, "not a point in time"),
        (("--canned", "errors", "--since", "5m", "--until", "10m"), 2, "--until is before --since"),
    ],
)
def test_what_can_not_be_meant_is_told(
    aws: Lambdatui, aws_stub: AwsStub, words: tuple[str, ...], code: int, told: str
) -> None:
    """Exit code 2, and no query."""
    ran = aws("insights", "resize", *words)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert not aws_stub.requests("logs:StartQuery")


def test_a_query_that_can_not_be_read_shows_where(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """AWS's words, and the line with a caret under the place."""
    wrong = refusal("MalformedQueryException", "unexpected symbol found ! at line 2 and position 7")
    aws_stub.answer("logs:StartQuery", wrong)
    ran = aws("insights", "resize", "--query", "fields @message\n| sort! x")
    assert (ran.code, ran.out) == (2, "")
    words, line, caret = ran.err.splitlines()
    assert "at line 2 and position 7" in words
    assert line.index("!") == caret.index("^")


def test_secrets_are_covered_as_the_settings_say_and_as_asked(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """In lines, and whole where the name of the column says so; in a table, in CSV and in JSON."""
    row = {"@message": "login password=hunter2", "config.password": "hunter2 and more", "n": "12"}
    aws_stub.answer("logs:GetQueryResults", answers("Complete", row))
    ask = ("insights", "resize", "--query", "q")
    assert aws(*ask, "--json").records == [row]
    for form in ((), ("--csv",), ("--json",)):
        ran = aws(*ask, *form, "--mask")
        assert "hunter2" not in ran.out
        assert ("password=••••" in ran.out, "more" in ran.out, "12" in ran.out) == (True, False, True)


def test_csv_runs_nothing_in_a_spreadsheet(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """What would be a formula begins with an apostrophe; numbers stay numbers, and JSON holds what was logged."""
    rows = [{"@message": "=cmd()|1", "n": "-1.5e3"}, {"@message": "@SUM(1)", "n": "+1+1"}, {"@message": "a=b", "n": ""}]
    aws_stub.answer("logs:GetQueryResults", answers("Complete", *rows))
    ran = aws("insights", "resize", "--query", "q", "--csv")
    assert ran.out == "@message,n\n'=cmd()|1,-1.5e3\n'@SUM(1),'+1+1\na=b,\n"
    assert aws("insights", "resize", "--query", "q", "--json").records == rows


def test_a_query_that_did_not_end_well_is_no_success(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """Its rows are printed, and the exit code says that they are not all."""
    aws_stub.answer("logs:GetQueryResults", answers("Timeout", {"@message": "one"}))
    ran = aws("insights", "resize", "--canned", "newest")
    assert ran.out == "one\n"
    assert ran.code not in (0, 2)
    assert "ended as “Timeout”" in ran.err


def test_show_prints_the_query_and_runs_nothing(aws: Lambdatui, aws_stub: AwsStub) -> None:
    """What a canned query is can be read, and kept."""
    ran = aws("insights", "resize", "--canned", "cost", "--show")
    assert (ran.code, "estimatedUSD" in ran.out) == (0, True)
    assert aws_stub.seen == []


def test_the_local_runner_has_none_and_says_what_to_do(lambdatui: Lambdatui) -> None:
    """Locally the log is searched by another command."""
    ran = lambdatui("insights", "greet", "--canned", "errors")
    assert ran.code != 0
    assert "lambdatui tail --grep" in ran.err
