"""What `Q` promises: a query over logs, what it costs, its rows, and nothing lost on the way."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from textual.widgets import DataTable, TextArea

from lambdatui.wiring import TargetChoice
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, refusal
from tests.ui.targets.conftest import OpenDesk, aws_stub, open_desk

__all__ = ["aws_stub", "open_desk"]

PROD = TargetChoice(profile="prod", aws=True)


def results(status: str, *messages: str, scanned: float = 0.0) -> Reply:
    """What GetQueryResults says."""
    rows = [
        [{"field": "durationMs", "value": f"{1000 + n}.5"}, {"field": "@message", "value": message}]
        for n, message in enumerate(messages)
    ]
    figures = {"bytesScanned": scanned, "recordsMatched": float(len(messages)), "recordsScanned": 1e6}
    return Reply(body={"status": status, "results": rows, "statistics": figures})


async def test_a_canned_query_runs_and_its_rows_are_opened_copied_and_saved(
    open_desk: OpenDesk, aws_stub: AwsStub, tmp_path: Path
) -> None:
    """What it scanned and about what that costs stand above the rows; the query is there again the next time."""
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    aws_stub.answer(
        "logs:GetQueryResults",
        results("Running", "[/first] row", scanned=1e9),
        results("Complete", "[/first] row", "second row", scanned=2e9),
    )
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("Q")
        await desk.sees("Logs Insights · charge · last hour", "No query was run yet")
        await desk.press("ctrl+o")
        await desk.type("slow")
        await desk.press("enter")
        await desk.sees("sort durationMs desc")
        await desk.press("f5")
        await desk.sees("complete", "2 rows", "2.0 GB scanned, about $0.010", "1,000.50", "[/first] row", "second row")
        sent = json.loads(aws_stub.requests("logs:StartQuery")[0].body)
        assert sent["logGroupNames"] == ["/aws/lambda/charge"]
        assert sent["endTime"] - sent["startTime"] == 3_600

        await desk.press("down", "enter")
        await desk.sees("Row", "1001.5")
        await desk.press("escape", "y")
        assert json.loads(desk.app.clipboard) == {"durationMs": "1001.5", "@message": "second row"}
        path = tmp_path / "rows.csv"
        await desk.press("ctrl+s", "ctrl+u")
        await desk.type(str(path))
        await desk.press("enter")
        await desk.until(path.exists, "the file")
        assert path.read_text() == "durationMs,@message\n1000.5,[/first] row\n1001.5,second row\n"

        await desk.press("escape", "Q")
        await desk.sees("sort durationMs desc")


async def test_escape_stops_what_runs_and_a_refusal_is_told_in_place(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """A stopped query scans no further, and keeps its rows; one that can't be read stays, the cursor at the place."""
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    aws_stub.answer("logs:GetQueryResults", results("Running", "so far"))
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("Q", "f5")
        await desk.sees("so far", "esc stops it")
        await desk.press("escape")
        await desk.sees("stopped", "so far")
        await desk.until(lambda: bool(aws_stub.requests("logs:StopQuery")), "StopQuery")

        wrong = "unexpected symbol | at line 2 and position 3"
        aws_stub.answer("logs:StartQuery", refusal("MalformedQueryException", wrong))
        await desk.press("f5")
        await desk.sees(wrong, "fields @timestamp", "  ^")
        assert desk.app.screen.query_one(TextArea).cursor_location == (1, 2)
        await desk.type("here")
        await desk.sees("| herefilter level")


async def test_a_narrow_screen_keeps_what_counts(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """How to stop and to leave, and what was scanned; how many records matched is what goes."""
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    aws_stub.answer("logs:GetQueryResults", results("Running", "so far", scanned=2e9))
    async with open_desk(PROD, size=(80, 24)) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("Q", "f5")
        await desk.sees("running", "2.0 GB scanned, about $0.010 · esc stops it")
        assert "records matched" not in desk.text
        aws_stub.answer("logs:GetQueryResults", results("Complete", *map(str, range(40)), scanned=2e9))
        await desk.sees("complete in", "40 rows · 2.0 GB scanned, about $0.010", "esc Stop or close")
        assert desk.app.screen.query_one(DataTable).has_focus


async def test_secrets_are_covered_in_rows_read_copied_and_saved(
    open_desk: OpenDesk, aws_stub: AwsStub, tmp_path: Path
) -> None:
    """As they are in the log pane, whose M decides; M on the rows switches them here."""
    row = [
        {"field": "@message", "value": "login password=hunter2"},
        {"field": "password", "value": "hunter2"},
        {"field": "@ptr", "value": "p1"},
    ]
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    aws_stub.answer("logs:GetQueryResults", Reply(body={"status": "Complete", "results": [row]}))
    aws_stub.answer("logs:GetLogRecord", Reply(body={"logRecord": {"api_key": "hunter2", "level": "INFO"}}))
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("l", "M", "Q", "f5")
        await desk.sees("complete", "login password=••••", "secrets masked")
        assert "hunter2" not in desk.text
        await desk.press("enter")
        await desk.sees("api_key", "level", "INFO")
        assert "hunter2" not in desk.text
        await desk.press("escape", "y")
        assert json.loads(desk.app.clipboard) == {"@message": "login password=••••", "password": "••••"}
        path = tmp_path / "rows.csv"
        await desk.press("ctrl+s", "ctrl+u")
        await desk.type(str(path))
        await desk.press("enter")
        await desk.until(path.exists, "the file")
        assert path.read_text() == "@message,password\nlogin password=••••,••••\n"
        await desk.press("M")
        await desk.sees("login password=hunter2")
        assert "secrets masked" not in desk.text


async def test_a_query_that_takes_the_place_of_another_keeps_it(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """However late the other one ends: its rows and its end are of no interest any more."""
    release = threading.Event()

    def stopped(_: Seen) -> Reply:
        release.wait(10)
        return Reply(body={"success": True})

    def found(seen: Seen) -> Reply:
        first = json.loads(seen.body)["queryId"] == "q-1"
        return results("Running", "of the first") if first else results("Complete", "of the second")

    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}), Reply(body={"queryId": "q-2"}))
    aws_stub.answer("logs:GetQueryResults", found)
    aws_stub.answer("logs:StopQuery", stopped)
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("Q", "f5")
        await desk.sees("of the first")
        screen = desk.app.screen
        first = next(worker for worker in screen.workers if worker.group == "query")
        await desk.press("f5")
        await desk.sees("complete", "of the second")
        release.set()
        await desk.until(lambda: first.is_finished and first not in screen.workers, "the end of the first")
        await desk.sees("complete", "of the second")
        assert "of the first" not in desk.text


async def test_whatever_a_log_holds_is_shown_as_it_is(open_desk: OpenDesk, aws_stub: AwsStub) -> None:
    """Names of fields that look like markup, numbers that no float holds: rows, never a crash."""
    row = [{"field": "[/foo]", "value": "1e999"}, {"field": "order", "value": "12345678901234567890"}]
    aws_stub.answer("logs:StartQuery", Reply(body={"queryId": "q-1"}))
    aws_stub.answer("logs:GetQueryResults", Reply(body={"status": "Complete", "results": [row]}))
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("Q", "f5")
        await desk.sees("complete", "[/foo]", "1e999", "12345678901234567890")


async def test_a_function_that_never_ran_is_left_out_and_named_in_the_frame(
    open_desk: OpenDesk, aws_stub: AwsStub
) -> None:
    """The others are queried; where none ever ran the reason stands in the place of the rows."""
    missing = refusal("ResourceNotFoundException", "Log group does not exist for account ID 123456789012")
    aws_stub.answer("logs:StartQuery", missing, Reply(body={"queryId": "q-1"}), missing)
    aws_stub.answer("logs:DescribeLogGroups", Reply(body={"logGroups": [{"logGroupName": "/aws/lambda/charge"}]}))
    aws_stub.answer("logs:GetQueryResults", results("Complete", "of charge"))
    async with open_desk(PROD) as desk:
        await desk.sees("charge", where="#functions")
        await desk.press("ctrl+a", "Q", "f5")
        await desk.sees("complete", "of charge", "without refund: no log group yet")
        aws_stub.answer("logs:DescribeLogGroups", Reply(body={"logGroups": []}))
        await desk.press("f5")
        await desk.sees("None of the 2 log groups is there yet", "/aws/lambda/charge, /aws/lambda/refund")
        assert "without refund" not in desk.text
