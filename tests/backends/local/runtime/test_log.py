"""What an invocation leaves in the log: AWS's lines, in order, as they are printed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence

from lambdatui.core.logs import LogEvent
from lambdatui.core.report import parse_platform_report, parse_report
from tests.backends.local.runtime.conftest import Bench, until

TALK = """
import logging, sys
logging.getLogger().setLevel("INFO")
def handler(event, context):
    print("one")
    logging.info("two\\nlines")
    sys.stderr.write("three\\n")
    print("four")
"""


async def test_text_format_is_awss(bench: Bench) -> None:
    """INIT_START, START, the handler's own lines in the order of writing, END, REPORT."""
    completed = await bench.run(bench.spec(TALK))
    request_id = completed.request_id
    init, start, *own, end, report = bench.log.messages
    assert init.startswith("INIT_START Runtime Version: local-python:3.11\tRuntime Version ARN: arn:aws:lambda:")
    assert start == f"START RequestId: {request_id} Version: $LATEST"
    assert (own[0], own[2], own[3]) == ("one", "three", "four")
    assert re.fullmatch(rf"\[INFO\]\t[0-9T:.-]{{23}}Z\t{request_id}\ttwo\nlines", own[1])
    assert end == f"END RequestId: {request_id}"
    parsed = parse_report(report)
    assert parsed is not None
    assert completed.report is not None
    assert (parsed.request_id, parsed.billed_ms) == (request_id, completed.report.billed_ms)
    assert completed.log_tail == "".join(f"{message}\n" for message in bench.log.messages)


async def test_json_format_is_awss(bench: Bench) -> None:
    """Platform events are JSON records; print stays what it is; logging becomes JSON with the request id."""
    completed = await bench.run(bench.spec(TALK, log_format="JSON", log_level="INFO"))
    messages = bench.log.messages
    assert [json.loads(m)["type"] for m in messages if '"platform.' in m] == [
        "platform.initStart",
        "platform.start",
        "platform.runtimeDone",
        "platform.report",
    ]
    logged = json.loads(next(m for m in messages if '"two' in m))
    assert (logged["level"], logged["message"], logged["requestId"]) == ("INFO", "two\nlines", completed.request_id)
    assert "one" in messages
    report = parse_platform_report(messages[-1])
    assert report is not None
    assert report.init_ms is not None


async def test_event_ids_are_unique_and_sort_by_time(bench: Bench) -> None:
    """Every event has its own id, of AWS's shape; streams are named as on AWS."""
    for name in ("f", "g"):
        await bench.run(bench.spec(TALK, name=name))
    ids = [event.event_id for event in bench.log.events]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d{56}", event_id) for event_id in ids)
    by_id = sorted(bench.log.events, key=lambda event: event.event_id)
    assert [e.timestamp_ms for e in by_id] == sorted(e.timestamp_ms for e in bench.log.events)
    streams = {event.stream for event in bench.log.events}
    assert len(streams) == 2
    assert all(re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream) for stream in streams)


async def test_lines_arrive_while_the_handler_runs(bench: Bench) -> None:
    """A reader does not wait for the end of the invocation."""
    spec = bench.spec("import time\ndef handler(event, context): print('early'); time.sleep(30)", timeout_s=30)
    task = asyncio.ensure_future(bench.run(spec))
    await until(lambda: "early" in bench.log.messages)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_invocation_returns_after_its_log_is_stored(bench: Bench) -> None:
    """When the answer is there, so is the whole log, in few batches."""
    await bench.run(bench.spec("def handler(event, context):\n  for i in range(2000): print(i)"))
    assert [m for m in bench.log.messages if m.isdigit()] == [str(i) for i in range(2000)]
    assert bench.log.messages[-1].startswith("REPORT")
    assert len(bench.log.batches) < 20


async def test_a_full_disk_costs_log_lines_not_invocations(bench: Bench) -> None:
    """A sink that can't write is counted in the log as soon as it can again."""
    keep = bench.log.extend
    broken = [True]

    def extend(function_name: str, events: Sequence[LogEvent]) -> None:
        if broken[0]:
            raise OSError(28, "No space left on device")
        keep(function_name, events)

    bench.log.extend = extend  # type: ignore[method-assign]
    spec = bench.spec("def handler(event, context): return 1")
    assert (await bench.run(spec)).payload == b"1"
    broken[0] = False
    assert (await bench.run(spec)).payload == b"1"
    await until(lambda: any("could not be stored" in message for message in bench.log.messages))


async def test_a_handlers_error_is_one_event(bench: Bench) -> None:
    """A traceback is one event: its lines stay together."""
    completed = await bench.run(bench.spec("def handler(event, context): raise ValueError('no')"))
    error = next(m for m in bench.log.messages if m.startswith("[ERROR]"))
    assert error.startswith("[ERROR] ValueError: no\nTraceback (most recent call last):\n\u00a0\u00a0File")
    assert completed.report is not None
    assert (completed.report.status, completed.report.error_type) == ("error", "ValueError")
    assert "Status:" not in bench.log.messages[-1]
