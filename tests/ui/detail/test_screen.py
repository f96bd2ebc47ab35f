"""The detail of one function, by its key."""

from __future__ import annotations

from pathlib import Path

from tests.fixtures.aws_stub import AwsStub, Reply, denied
from tests.ui.account import account, function
from tests.ui.conftest import OpenWorkbench


async def test_each_section_stands_by_itself(aws_stub: AwsStub, tmp_path: Path) -> None:
    """`d` reads all at once: what is late or denied says so in its place, the rest is there; `r` reads again."""
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:pay"
    aws_stub.functions = [function("pay", FunctionArn=arn, Runtime="python3.8")]
    aws_stub.answer("lambda:GetFunctionRecursionConfig", denied("lambda:GetFunctionRecursionConfig"))
    mapping = {"UUID": "u", "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:orders", "State": "Enabled"}
    aws_stub.answer("lambda:ListEventSourceMappings", Reply(delay_s=60), Reply(body={"EventSourceMappings": [mapping]}))
    async with account(aws_stub.url, tmp_path, (110, 60)) as desk:
        await desk.sees("1 function")
        await desk.press("d")
        await desk.sees(arn, "python3.8 · deprecated since 2024-10-14", "needs lambda:GetFunctionRecursionConfig")
        await desk.sees("reading …")
        await desk.press("r")
        await desk.sees("sqs orders")
        await desk.press("y")
        await desk.sees("clipboard")
        await desk.press("escape")
        await desk.until(lambda: "Recursion" not in desk.text)


async def test_a_local_function_has_a_detail_too(open_workbench: OpenWorkbench) -> None:
    """What the list and the settings tell, with where each comes from; values of the environment stay masked."""
    async with open_workbench(size=(120, 50)) as desk:
        await desk.press("d")
        await desk.sees("Says hello", "256 MB  (template.yaml", "••••••••")
        assert "hunter2" not in desk.text
