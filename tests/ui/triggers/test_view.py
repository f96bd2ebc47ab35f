"""What the Triggers tab promises, at the keys, on an account."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from tests.fixtures.aws_parts import STREAM, StubParts
from tests.fixtures.aws_stub import AwsStub, denied
from tests.ui.desk import Desk
from tests.ui.on_stub import at_the_stub

QUEUE_ID, STREAM_ID = (str(UUID(int=number)) for number in (1, 2))
PATTERN = '{"body":{"status":["failed"]}}'


def filled(stub: AwsStub, **tags: str) -> StubParts:
    """A function that reads a queue and, by an alias, a stream; a bucket may invoke it, and anybody its URL."""
    parts = StubParts(stub, **tags)
    parts.version("1")
    parts.alias("live", "1")
    parts.mapping(QUEUE_ID, LastProcessingResult="PROBLEM: throttled")
    parts.mapping(STREAM_ID, STREAM, "live", State="Disabled", ParallelizationFactor=2)
    allowed = {
        "Sid": "uploads",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::uploads"}},
    }
    anybody = {"Sid": "url", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl"}
    parts.policies = {"": json.dumps({"Statement": [allowed, anybody]})}
    parts.urls = [{"FunctionUrl": "https://x.on.aws/", "AuthType": "NONE", "FunctionArn": "a:b:c:d:e:f:resize"}]
    return parts


async def show(desk: Desk) -> None:
    """Go to the tab, alone on the screen, once it is read."""
    await desk.press("E", "z")
    await desk.sees("sqs orders", "kinesis clicks", where="#edit")


async def test_everything_that_makes_it_run_is_on_one_screen(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Mappings, the settings of the one under the cursor, who may invoke it, its URLs; read when looked at."""
    filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        assert aws_stub.requests("lambda:GetPolicy") == []
        await show(desk)
        await desk.sees("Parallelization factor", "batches of one shard", where="#edit")
        await desk.press("down")
        await desk.sees("Maximum concurrency", "2 to 1,000, or none", "PROBLEM: throttled", where="#edit")
        shown = desk.area("#edit")
        assert "Parallelization" not in shown
        for text in ("Disabled", "live", "s3.amazonaws.com", "s3:::uploads", "anybody", "call its URL", "open to all"):
            assert text in shown
        await desk.press("G", "y")
        await desk.sees("Sent to the terminal's clipboard: 17 bytes")


async def test_a_mapping_is_turned_off_and_on_again(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`space` asks with the difference; the state is followed to its end; `u` turns it on."""
    parts = filled(aws_stub)
    parts.looks_in_progress = 3
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "space")
        await desk.sees("Disable sqs orders?", "State Enabled → Disabled", "what comes waits in its source")
        await desk.press("n", "space", "y")
        await desk.sees("sqs orders is Disabled")
        assert [json.loads(seen.body) for seen in aws_stub.requests("lambda:UpdateEventSourceMapping")] == [
            {"Enabled": False}
        ]
        await desk.press("u")
        await desk.sees("Enable sqs orders?")
        await desk.press("y")
        await desk.sees("Undone: sqs orders: State Disabled → Enabled")
        await desk.until(lambda: parts.mappings[QUEUE_ID]["State"] == "Enabled")


async def test_numbers_are_judged_as_one_types(aws_stub: AwsStub, tmp_path: Path) -> None:
    """With unit, limits, what the service wants besides, and the difference; `u` brings the old one back."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "enter", "enter")
        await desk.sees("sqs orders: Batch size", "1 to 10,000", where="#edit")
        await desk.press("ctrl+u", *"5x")
        await desk.sees("“5x” is not a whole number", where="#edit")
        await desk.press("ctrl+u", *"50")
        await desk.sees("10 → 50", "need a batching window of 1 s", where="#edit")
        await desk.press("enter")
        await desk.sees("sqs orders: Batch size 10 → 50")
        await desk.press("down", "down", "down", "enter", "ctrl+u", *"5", "enter")
        await desk.sees("Maximum concurrency not set → 5")
        await desk.press("u")
        await desk.sees("Undone: sqs orders: Maximum concurrency 5 → not set")
        await desk.until(lambda: parts.mappings[QUEUE_ID]["ScalingConfig"] == {})
        await desk.press("u")
        await desk.sees("Undone: sqs orders: Batch size 50 → 10")


async def test_filters_are_edited_as_json(aws_stub: AwsStub, tmp_path: Path) -> None:
    """What is wrong is said with its place and can't be applied; what would come and go is shown before."""
    parts = filled(aws_stub)
    parts.mappings[QUEUE_ID]["FilterCriteria"] = {"Filters": [{"Pattern": '{"body":{"old":["x"]}}'}]}
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "enter", "down", "down", "enter")
        await desk.sees("Filters of sqs orders", '"old"', "Nothing changes.")
        await desk.press("f7", "delete")
        await desk.paste('[{"body": {"status": "failed"}}]')
        await desk.sees("Pattern 1, body.status: not a list")
        await desk.press("ctrl+s")
        await desk.sees("Filters of sqs orders")
        await desk.press("f7", "delete")
        await desk.paste(f"[{PATTERN}]")
        await desk.sees("- {", f"+ {PATTERN}")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(aws_stub.requests("lambda:UpdateEventSourceMapping")))
        [sent] = aws_stub.requests("lambda:UpdateEventSourceMapping")
        assert json.loads(sent.body) == {"FilterCriteria": {"Filters": [{"Pattern": PATTERN}]}}
        await desk.sees(PATTERN, where="#edit")


async def test_a_conflict_shows_both(aws_stub: AwsStub, tmp_path: Path) -> None:
    """There is no revision: what stands is compared, and nothing is overwritten."""
    parts = filled(aws_stub)
    async with at_the_stub(aws_stub, tmp_path) as desk:
        await show(desk)
        await desk.press("down", "enter", "enter", "ctrl+u", *"8")
        parts.mappings[QUEUE_ID]["BatchSize"] = 7
        await desk.press("enter")
        await desk.sees("Batch size changed since it was read", "yours: 8", "now: 7")
        await desk.sees("7 → 8", where="#edit")
        assert aws_stub.requests("lambda:UpdateEventSourceMapping") == []


async def test_what_is_denied_is_named_and_the_rest_is_there(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Each part fails by itself; at 80x24 too."""
    filled(aws_stub)
    aws_stub.answer("lambda:GetPolicy", denied("lambda:GetPolicy"))
    aws_stub.answer("lambda:UpdateEventSourceMapping", denied("lambda:UpdateEventSourceMapping"))
    async with at_the_stub(aws_stub, tmp_path, size=(80, 24)) as desk:
        await desk.press("E")
        await desk.sees("sqs orders", "Not permitted: lambda:GetPolicy", where="#edit")
        await desk.press("space", "y")
        await desk.sees("Not permitted: lambda:UpdateEventSourceMapping")
        assert "On/off" in desk.footer


async def test_who_else_owns_the_function_is_said_before_a_change(aws_stub: AwsStub, tmp_path: Path) -> None:
    """Its stack would undo it; on production its name is typed in place of a mere `y`."""
    filled(aws_stub, **{"aws:cloudformation:stack-name": "photos"})
    async with at_the_stub(aws_stub, tmp_path, production=True) as desk:
        await show(desk)
        await desk.press("down", "enter", "enter", "ctrl+u", "8")
        await desk.sees("the CloudFormation stack photos owns this function", where="#edit")
        await desk.press("escape", "up", "space")
        await desk.sees("Production: sqs orders: State Enabled → Disabled", "type resize")
        await desk.press(*"resize", "enter")
        await desk.sees("sqs orders is Disabled")
