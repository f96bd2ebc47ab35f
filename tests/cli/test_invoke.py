"""`invoke`: the answer alone on stdout, the story on stderr, the outcome in the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambdatui.core.invocation import InvocationType
from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget


def test_the_answer_is_alone_on_stdout(lambdatui: Lambdatui, target: MemoryTarget, tmp_path: Path) -> None:
    """Byte for byte what the function answered; the figures are on stderr; without -e the event is {}."""
    assert lambdatui("invoke", "greet").out == "{}"
    (tmp_path / "e.json").write_text('{"a":  1.0}\n')
    ran = lambdatui("invoke", "greet", "-e", str(tmp_path / "e.json"))
    assert (ran.code, ran.out) == (0, '{"a":  1.0}\n')
    assert ran.err == "ok · 12.4 ms · billed 13 ms · 61 of 256 MB · cold +151 ms · ≈$0.00000025\n"
    assert target.closed == 2


def test_a_function_that_fails_is_exit_code_1_and_its_error_is_the_answer(lambdatui: Lambdatui) -> None:
    """A failed function still answers; stderr tells type, message and frames, without its escape sequences."""
    ran = lambdatui("invoke", "fails")
    assert ran.code == 1
    assert json.loads(ran.out)["errorType"] == "ValueError"
    assert ran.err.splitlines()[1:] == ["  ValueError: no photo", '    File "a.py", line 1']


@pytest.mark.parametrize(("function", "code"), [("busy", 4), ("lost", 4), ("nope", 3)])
def test_what_never_answered_has_its_own_exit_code(lambdatui: Lambdatui, function: str, code: int) -> None:
    """Throttled and lost answers are 4, never the 3 that says that nothing ran; stdout stays empty."""
    ran = lambdatui("invoke", function)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("error: ")


def test_a_throttle_tells_the_reason_of_the_service(lambdatui: Lambdatui) -> None:
    """The service's own word is shown."""
    assert "ReservedFunctionConcurrentInvocationLimitExceeded" in lambdatui("invoke", "busy").err


def test_waiting_ends_when_the_user_says_so(lambdatui: Lambdatui) -> None:
    """--timeout stops the waiting with exit code 4."""
    ran = lambdatui("invoke", "slow", "--timeout", "0.05")
    assert (ran.code, ran.out) == (4, "")
    assert "No answer from slow within 0.05 s" in ran.err


def test_the_log_of_the_invocation_goes_to_stderr(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """--logs prints START, lines and REPORT of this invocation, nothing older, before the summary."""
    target.log("greet", "an old line", 1)
    ran = lambdatui("invoke", "greet", "--logs")
    assert ran.out == "{}"
    lines = ran.err.splitlines()
    assert [line.split()[0] for line in lines] == ["START", "hello", "REPORT", "ok"]


def test_secrets_in_the_log_of_the_invocation_are_covered(
    lambdatui: Lambdatui, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the settings say so."""
    assert "hunter2" in lambdatui("invoke", "leaks", "--logs").err
    monkeypatch.setenv("LAMBDATUI_LOGS_MASK_SECRETS", "true")
    err = lambdatui("invoke", "leaks", "--logs").err
    assert "token=" in err
    assert "hunter2" not in err


def test_json_is_one_object_with_everything(lambdatui: Lambdatui) -> None:
    """--json: outcome, payload, report and cost in one object with stable keys."""
    record = lambdatui("invoke", "fails", "--json").record
    assert list(record) == [
        "function",
        "invocation_type",
        "request_id",
        "status_code",
        "outcome",
        "function_error",
        "executed_version",
        "payload",
        "payload_text",
        "report",
        "cost_usd",
        "started_at",
        "elapsed_ms",
        "log_tail",
    ]
    assert record["outcome"] == "function error"
    assert record["payload"]["errorType"] == "ValueError"
    assert record["report"]["init_ms"] == 151.0
    assert record["started_at"].endswith("Z")


def test_a_dry_run_runs_nothing(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """--dry-run asks for permission only."""
    ran = lambdatui("invoke", "greet", "--dry-run", "--json")
    assert ran.record == {
        "function": "greet",
        "invocation_type": "DryRun",
        "request_id": "request-1",
        "permitted": True,
    }
    assert [request.invocation_type for request in target.invoked] == [InvocationType.DRY_RUN]


def test_an_async_event_is_followed_to_its_end(lambdatui: Lambdatui) -> None:
    """--async tells each step on stderr, and prints the answer of the attempt that succeeded."""
    ran = lambdatui("invoke", "flaky", "--async")
    assert (ran.code, ran.out) == (0, "{}")
    steps = ran.err.splitlines()
    assert steps[0] == "accepted · request id request-1"
    assert steps[3] == "attempt 1 of 2 failed: ValueError · again in 0.0 s"
    assert steps[5] == "delivered at attempt 2"


def test_an_async_event_that_is_discarded_is_a_failure(lambdatui: Lambdatui) -> None:
    """After the last attempt: exit code 1, and where the record went."""
    ran = lambdatui("invoke", "fails", "--async", "--json")
    assert ran.code == 1
    assert [record["state"] for record in ran.records] == [
        "accepted",
        "queued",
        "attempting",
        "waiting",
        "attempting",
        "discarded",
    ]
    assert ran.records[-1]["answer"]["invocation_type"] == "Event"
    assert "record sent to file:dead.jsonl" in ran.err


def test_the_log_of_every_attempt_is_shown(lambdatui: Lambdatui) -> None:
    """Both attempts of an async event carry its request id, and both are in --logs."""
    ran = lambdatui("invoke", "flaky", "--async", "--logs")
    assert sum(line.startswith("REPORT RequestId: request-1") for line in ran.err.splitlines()) == 2


def test_no_wait_returns_once_the_event_is_accepted(lambdatui: Lambdatui) -> None:
    """--no-wait prints nothing on stdout and says what happens to the event."""
    ran = lambdatui("invoke", "greet", "--async", "--no-wait")
    assert (ran.code, ran.out) == (0, "")
    assert "runs when the project is open next" in ran.err


@pytest.mark.parametrize(
    ("text", "told"),
    [(b'{"a": 1,\n "b" 2}', "e.json:2:6: not JSON"), (b"\xff", "not UTF-8"), (b'{"a": NaN}', "e.json:1:7: not JSON")],
)
def test_what_is_not_json_is_never_sent(
    lambdatui: Lambdatui, target: MemoryTarget, tmp_path: Path, text: bytes, told: str
) -> None:
    """A broken event is exit code 2 with line and column; nothing runs."""
    (tmp_path / "e.json").write_bytes(text)
    ran = lambdatui("invoke", "greet", "-e", str(tmp_path / "e.json"))
    assert ran.code == 2
    assert told in ran.err
    assert target.invoked == []


def test_what_is_too_large_is_never_sent(lambdatui: Lambdatui, target: MemoryTarget, tmp_path: Path) -> None:
    """An async event may have 1 MB; a larger one is exit code 2 and names both sizes."""
    (tmp_path / "e.json").write_text(json.dumps("x" * 1024 * 1024))
    ran = lambdatui("invoke", "greet", "--async", "-e", str(tmp_path / "e.json"))
    assert ran.code == 2
    assert "1,048,578 bytes" in ran.err
    assert "1,048,576 bytes" in ran.err
    assert target.invoked == []


def test_a_saved_event_goes_before_one_of_the_project(lambdatui: Lambdatui, tmp_path: Path) -> None:
    """A name means the function's own event first, then the project's; a path is always a file."""
    events = tmp_path / "events"
    (events / "greet").mkdir(parents=True)
    (events / "put.json").write_text('"project"')
    assert lambdatui("invoke", "greet", "-e", "put").out == '"project"'
    (events / "greet" / "put.json").write_text('"own"')
    assert lambdatui("invoke", "greet", "-e", "put").out == '"own"'
    assert lambdatui("invoke", "greet", "-e", f"{events}/put.json").out == '"project"'


def test_an_event_that_is_not_there_is_told_with_its_neighbours(lambdatui: Lambdatui, tmp_path: Path) -> None:
    """Neither a file nor a name: exit code 3 and the names that come near."""
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "photo-put.json").write_text("{}")
    ran = lambdatui("invoke", "greet", "-e", "photo-putt")
    assert ran.code == 3
    assert "No event and no file is named “photo-putt”" in ran.err
    assert "Near it: photo-put." in ran.err


def test_read_only_invokes_nothing(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """--read-only refuses invocations with exit code 2; a dry run is allowed."""
    assert lambdatui("--read-only", "invoke", "greet").code == 2
    assert lambdatui("invoke", "greet", "--read-only", "--dry-run").code == 0
    assert [request.invocation_type for request in target.invoked] == [InvocationType.DRY_RUN]


def test_every_invocation_is_in_the_history(lambdatui: Lambdatui, tmp_path: Path) -> None:
    """What was invoked from a script is in the history of the workbench."""
    lambdatui("invoke", "greet")
    lambdatui("invoke", "fails", "--async")
    (database,) = tmp_path.rglob("history.sqlite3")
    content = b"".join(path.read_bytes() for path in database.parent.glob("history.sqlite3*"))
    assert b"request-1" in content
    assert b"request-2" in content


@pytest.mark.parametrize(
    "words",
    [
        ("invoke",),
        ("invoke", "greet", "--async", "--dry-run"),
        ("invoke", "greet", "--timeout", "0"),
        ("invoke", "greet", "--timeout", "soon"),
        ("invoke", "greet", "--nonsense"),
        ("--demo", "invoke", "greet", "--local", "."),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_exit_code_2(lambdatui: Lambdatui, target: MemoryTarget, words: tuple[str, ...]) -> None:
    """A mistake on the command line sends nothing and says where the help is."""
    ran = lambdatui(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Error: " in ran.err
    assert target.invoked == []


def test_a_path_that_swallowed_the_function_is_explained(lambdatui: Lambdatui) -> None:
    """`invoke --local greet` takes greet for the PATH: the error says how to write it."""
    assert "--local takes the next word as its PATH" in lambdatui("invoke", "--local", "greet").err
