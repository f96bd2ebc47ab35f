"""`tail` over several regions: one order, one count, and every region that can't be read is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdatui.cli.headless import run
from tests.cli.conftest import Ran
from tests.fixtures.aws_account import keys
from tests.fixtures.aws_stub import AwsStub, Reply, Seen, denied

AT = 1_763_906_531_000


@pytest.fixture
def regions(aws_stub: AwsStub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AwsStub:
    """Two of one account: the events of the one lie between those of the other; in the second one may not be read."""
    for name, value in {**keys("123456789012"), "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    aws_stub.functions = [{"FunctionName": name} for name in ("orders", "secret")]

    def answer(seen: Seen) -> Reply:
        south = "/us-east-1/" in seen.headers.get("authorization", seen.headers.get("Authorization", ""))
        if south and json.loads(seen.body)["logGroupName"].endswith("secret"):
            return denied("logs:FilterLogEvents")
        stamps = [AT + 2 * number + south for number in range(5)]
        if "secret" in json.loads(seen.body)["logGroupName"]:
            stamps = []
        if json.loads(seen.body).get("startFromHead") is False:
            stamps.reverse()
        events = [
            {"eventId": f"{at}", "timestamp": at, "ingestionTime": at, "logStreamName": "s", "message": f"{at - AT}"}
            for at in stamps
        ]
        return Reply(body={"events": events}, delay_s=0.0 if south else 0.1)

    aws_stub.answer("logs:FilterLogEvents", answer)
    return aws_stub


@pytest.mark.parametrize(("words", "first"), [(("--since", "2025-11-23"), 0), (("-n", "4"), 6)])
def test_regions_are_one_tail_and_what_is_left_out_is_named(
    regions: AwsStub, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], first: int
) -> None:
    """In the order of time, -n of all together; a function that may not be read takes its region not along: code 3."""
    target = ("--region", "eu-west-1,us-east-1", "--endpoint-url", regions.url)
    code = run(("tail", "*", "--no-follow", "--json", *words, *target))
    ran = Ran(code, *capsys.readouterr())
    assert [record["message"] for record in ran.records] == [f"{number}" for number in range(first, 10)]
    assert {record["function"] for record in ran.records} == {"orders@eu-west-1", "orders@us-east-1"}
    assert ran.err.splitlines()[0] == "not read: secret@us-east-1: Not permitted: logs:FilterLogEvents"
    assert ran.code == 3
