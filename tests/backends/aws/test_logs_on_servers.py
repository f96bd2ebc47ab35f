"""The log of functions, read from servers that stand in for AWS: what they do otherwise than AWS harms nothing."""

from __future__ import annotations

from pathlib import Path

from lambdatui.core.logs import LogBatch, TailQuery
from tests.fixtures.aws_account import Account


async def test_pages_of_a_server_that_counts_its_events(moto: Account, tmp_path: Path) -> None:
    """Ids of any length, several streams, one millisecond for hundreds: each line once, in the order of its stream."""
    moto.deploy("f")
    group, began_ms = "/aws/lambda/f", 1_795_000_000_000
    for stream in ("one", "two"):
        lines = [f"{stream} {number:03}" for number in range(300)]
        moto.write_log(group, lines, stream, [began_ms + number // 150 for number in range(300)])
    backend = moto.open(tmp_path)
    query = TailQuery(("f",), since_ms=0, follow=False)
    updates = [update async for update in backend.logs.tail(query)]
    await backend.close()
    events = [event for update in updates if isinstance(update, LogBatch) for event in update.events]
    for stream in ("one", "two"):
        told = [event.message for event in events if event.message.startswith(stream)]
        assert told == [f"{stream} {number:03}" for number in range(300)]
    assert len(events) == 600
    stamps = [event.timestamp_ms for event in events]
    assert stamps == sorted(stamps)


async def test_the_newest_lines_of_a_server_that_counts_its_events(moto: Account, tmp_path: Path) -> None:
    """The last ones, in order."""
    moto.deploy("f")
    moto.write_log("/aws/lambda/f", [f"line {number}" for number in range(120)])
    backend = moto.open(tmp_path)
    query = TailQuery(("f",), newest=500, follow=False)
    updates = [update async for update in backend.logs.tail(query)]
    await backend.close()
    events = [event for update in updates if isinstance(update, LogBatch) for event in update.events]
    assert [event.message for event in events] == [f"line {number}" for number in range(120)]
