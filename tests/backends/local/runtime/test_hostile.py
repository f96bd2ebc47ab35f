"""Handlers that misbehave: each gets a clear answer, and the next invocation works."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from lambdatui.core.invocation import Completed, Outcome, failure_of, outcome_of
from tests.backends.local.runtime.conftest import Bench, is_alive, until

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")


def hostile(misdeed: str, imports: str = "import os, sys, time") -> str:
    """A handler that does `misdeed` when the event says so, and answers "fine" else."""
    body = textwrap.indent(textwrap.dedent(misdeed).strip(), " " * 8)
    return f"{imports}\ndef handler(event, context):\n    if event.get('bad'):\n{body}\n    return 'fine'\n"


async def misbehave(bench: Bench, misdeed: str, **settings: object) -> Completed:
    """Run the misdeed, then check that the next invocation works."""
    spec = bench.spec(hostile(misdeed), **settings)
    completed = await bench.run(spec, b'{"bad": true}')
    after = await bench.run(spec)
    assert (after.payload, after.function_error) == (b'"fine"', "")
    return completed


async def test_a_timeout_is_answered_in_awss_words(bench: Bench) -> None:
    """At the deadline everything is killed, and the answer, the log and the report say so as AWS does."""
    completed = await misbehave(bench, "time.sleep(60)", timeout_s=1)
    assert completed.function_error == "Unhandled"
    assert json.loads(completed.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {completed.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert outcome_of(completed) is Outcome.TIMED_OUT
    assert completed.report is not None
    assert (completed.report.status, completed.report.duration_ms) == ("timeout", 1000)
    assert re.search(rf"Z {completed.request_id} Task timed out after 1\.00 seconds\n", completed.log_tail)
    assert "\tStatus: timeout\t" in completed.log_tail


async def test_a_handler_that_ignores_sigterm_is_ended(bench: Bench) -> None:
    """No handler can refuse the end."""
    misdeed = """
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("pid", os.getpid())
        while True: time.sleep(1)
    """
    completed = await misbehave(bench, misdeed, timeout_s=1)
    pid = int(re.findall(r"pid (\d+)", completed.log_tail)[0])
    assert outcome_of(completed) is Outcome.TIMED_OUT
    assert not is_alive(pid)


async def test_a_grandchild_in_another_session_is_ended(bench: Bench) -> None:
    """A daemon that left group, session and parent is found by its environment, and killed."""
    misdeed = """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                print("daemon", os.getpid(), flush=True)
                while True: time.sleep(1)
            os._exit(0)
        time.sleep(60)
    """
    completed = await misbehave(bench, misdeed, timeout_s=1)
    pid = int(re.findall(r"daemon (\d+)", completed.log_tail)[0])
    await until(lambda: not is_alive(pid))


@pytest.mark.parametrize(
    ("misdeed", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit(5)", "Runtime exited with error: exit status 5"),
        ("sys.exit()", "Runtime exited without providing a reason"),
        ("os.abort()", "Runtime exited with error: signal: aborted"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
async def test_an_exit_is_told_with_its_reason(bench: Bench, misdeed: str, reason: str) -> None:
    """A handler that ends its process is Runtime.ExitError, with the status or the signal."""
    completed = await misbehave(bench, misdeed)
    assert json.loads(completed.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {completed.request_id} Error: {reason}",
    }
    assert f"{reason}\nRuntime.ExitError\n" in completed.log_tail
    assert "\tStatus: error\tError Type: Runtime.ExitError\t" in completed.log_tail


async def test_too_much_memory_ends_the_environment(bench: Bench) -> None:
    """Above its memory a function is killed; the report shows what was measured, not what was configured."""
    misdeed = """
        hoard = []
        while True:
            hoard.append(bytearray(8_000_000))
            time.sleep(0.01)
    """
    completed = await misbehave(bench, misdeed, timeout_s=20)
    assert outcome_of(completed) is Outcome.OUT_OF_MEMORY
    assert failure_of(completed.payload).error_message.endswith("Runtime exited with error: signal: killed")
    assert completed.report is not None
    assert completed.report.max_memory_used_mb > 128


async def test_a_short_peak_counts(bench: Bench) -> None:
    """Memory that was taken and given back between two looks was taken: it ends the environment as well."""
    completed = await misbehave(bench, "x = bytearray(300_000_000); del x; return 'got away'")
    assert outcome_of(completed) is Outcome.OUT_OF_MEMORY


async def test_memory_of_children_counts(bench: Bench) -> None:
    """What a function's own children hold is the function's memory."""
    misdeed = """
        import subprocess
        hoard = "import time; x = bytearray(300_000_000); time.sleep(60)"
        subprocess.run([sys.executable, "-c", hoard])
    """
    completed = await misbehave(bench, misdeed, timeout_s=20)
    assert outcome_of(completed) is Outcome.OUT_OF_MEMORY


async def test_a_fork_that_returns_does_not_answer_twice(bench: Bench) -> None:
    """A forked copy that comes back from the handler ends quietly; the parent's answer counts."""
    completed = await misbehave(bench, "pid = os.fork(); return 'child' if pid == 0 else 'parent'")
    assert completed.payload == b'"parent"'


async def test_ten_megabytes_of_output_are_all_there(bench: Bench) -> None:
    """A handler that prints 10 MB loses none of it, and the answer holds the last 4 KB."""
    completed = await misbehave(bench, "for i in range(100_000): print(f'{i:06d}' + 'x' * 94)", timeout_s=30)
    lines = [message for message in bench.log.messages if message.endswith("xxx")]
    assert len(lines) == 100_000
    assert (lines[0][:6], lines[-1][:6]) == ("000000", "099999")
    assert len(completed.log_tail.encode()) <= 4096
    assert "REPORT RequestId" in completed.log_tail


async def test_one_line_of_ten_megabytes_is_cut_into_events(bench: Bench) -> None:
    """A line over 256 KB is cut, as CloudWatch Logs does; nothing is lost."""
    await misbehave(bench, "print('y' * 10_000_000)", timeout_s=30)
    pieces = [message for message in bench.log.messages if message.startswith("yyy")]
    assert sum(map(len, pieces)) == 10_000_000
    assert max(map(len, pieces)) <= 256 * 1024


async def test_binary_output_becomes_text(bench: Bench) -> None:
    """Bytes that are not UTF-8 are shown as U+FFFD."""
    await misbehave(bench, r"sys.stdout.buffer.write(b'\xff\xfe\x00caf\xc3\xa9\n')")
    assert "\ufffd\ufffd\x00café" in bench.log.messages


async def test_output_without_a_newline_is_shown(bench: Bench) -> None:
    """What is printed without a line end belongs to its own invocation, also when the process dies right after."""
    completed = await misbehave(bench, "print('last words', end=''); os._exit(1)")
    assert "last words\n" in completed.log_tail


async def test_carriage_returns_stay_inside_one_event(bench: Bench) -> None:
    """Events end at a newline only: a traceback with carriage returns is one event."""
    await misbehave(bench, r"print('one\rtwo')")
    assert "one\rtwo" in bench.log.messages


async def test_what_json_cannot_hold_is_a_marshal_error(bench: Bench) -> None:
    """A handler that returns a set is told so, and its environment stays warm."""
    completed = await misbehave(bench, "return {1, 2}")
    failure = failure_of(completed.payload)
    assert failure.error_type == "Runtime.MarshalError"
    assert failure.error_message == "Unable to marshal response: Object of type set is not JSON serializable"


async def test_an_answer_over_the_limit_is_refused(bench: Bench) -> None:
    """More than 6,291,556 bytes of answer are Function.ResponseSizeTooLarge."""
    completed = await misbehave(bench, "return 'z' * 6_291_556")
    assert json.loads(completed.payload) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }


async def test_an_answer_at_the_limit_passes(bench: Bench) -> None:
    """6,291,556 bytes are allowed."""
    completed = await bench.run(bench.spec("def handler(event, context): return 'z' * (6_291_556 - 2)"))
    assert (len(completed.payload), completed.function_error) == (6_291_556, "")


@pytest.mark.parametrize(
    ("source", "handler", "error_type", "message"),
    [
        ("import nothing_of_that_name", "app.handler", "Runtime.ImportModuleError", "Unable to import module 'app'"),
        ("def handler(:", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
        ("x = 1", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("x = 1", "app", "Runtime.MalformedHandlerName", "Bad handler 'app'"),
        ("raise KeyError('at import')", "app.handler", "KeyError", "'at import'"),
    ],
)
async def test_a_failed_init_says_why(bench: Bench, source: str, handler: str, error_type: str, message: str) -> None:
    """What goes wrong while the code is loaded is the function's error; INIT is tried twice, as on AWS."""
    completed = await bench.run(bench.spec(source, handler=handler))
    failure = failure_of(completed.payload)
    assert completed.function_error == "Unhandled"
    assert failure.error_type == error_type
    assert failure.error_message.startswith(message)
    reports = [line.split("\t")[1:] for line in bench.log.messages if line.startswith("INIT_REPORT")]
    assert reports == [
        [f"Phase: {phase}", "Status: error", f"Error Type: {error_type}"] for phase in ("init", "invoke")
    ]
    assert completed.report is not None
    assert (completed.report.cold, completed.report.max_memory_used_mb > 0) == (False, True)
    bench.write("def handler(event, context): return 'mended'")
    mended = await bench.run(bench.spec(handler="app.handler"))
    assert mended.payload == b'"mended"'


async def test_an_exit_during_init_is_told(bench: Bench) -> None:
    """A module that ends the process is Runtime.ExitError."""
    completed = await bench.run(bench.spec("import sys; sys.exit(7)"))
    assert failure_of(completed.payload).error_message.endswith("Error: Runtime exited with error: exit status 7")


async def test_an_init_that_hangs_is_tried_again_within_the_timeout(bench: Bench) -> None:
    """INIT has its own limit; what is left is the function's timeout."""
    bench.new_pool(init_timeout_s=0.3)
    completed = await bench.run(bench.spec("import time; time.sleep(60)", timeout_s=1))
    assert outcome_of(completed) is Outcome.TIMED_OUT
    reports = [line.split("\t")[1:] for line in bench.log.messages if line.startswith("INIT_REPORT")]
    assert reports == [["Phase: init", "Status: timeout"], ["Phase: invoke", "Status: timeout"]]


async def test_a_background_thread_that_prints_holds_nothing_up(bench: Bench) -> None:
    """An environment that keeps on writing between invocations still answers."""
    misdeed = """
        import threading
        def chatter():
            while True: print('chatter')
        threading.Thread(target=chatter, daemon=True).start()
        return 'started'
    """
    completed = await misbehave(bench, misdeed)
    assert completed.payload == b'"started"'
