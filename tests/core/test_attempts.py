"""Attempts and their lines, read from the log of a function that serves others meanwhile."""

from __future__ import annotations

from lambdatui.core.attempts import attempts_of, lines_of, text_of
from lambdatui.core.invocation_log import is_whole
from lambdatui.core.logs import LogEvent
from tests.backends.aws.log_book import ended, json_ended, json_started, raised, started

MINE, OTHER = "11111111-aaaa", "22222222-bbbb"


def events(*messages: str, stream: str = "one", start_ms: int = 1000) -> list[LogEvent]:
    return [
        LogEvent(f"{stream}-{number}", start_ms + number, start_ms + number, stream, message)
        for number, message in enumerate(messages)
    ]


def test_an_attempt_is_what_its_lines_say() -> None:
    """In both formats: failed by an error or a status, succeeded only where the log has a word for it."""
    cases = {
        (started(MINE), ended(MINE)): (None, ""),
        (started(MINE), raised("ValueError: no"), ended(MINE)): (False, "ValueError: no"),
        (started(MINE), ended(MINE, "Status: timeout\t")): (False, "timeout"),
        (started(MINE), f"2026-11-23T12:00:00.000Z {MINE} Task timed out after 3.00 seconds\n", ended(MINE)): (
            False,
            "Task timed out after 3.00 seconds",
        ),
        (started(MINE), "[ERROR]\t2026-11-23T12:00:00.000Z\tid\tcaught\n", ended(MINE)): (None, ""),
        (json_started(MINE), json_ended(MINE)): (True, ""),
        (json_started(MINE), json_ended(MINE, "error", "Runtime.ExitError")): (False, "Runtime.ExitError"),
    }
    for messages, (succeeded, error) in cases.items():
        [attempt] = attempts_of(events(*messages), MINE)
        assert (attempt.succeeded, attempt.error) == (succeeded, error), messages
        assert attempt.report is not None


def test_attempts_of_others_are_not_ours() -> None:
    """A retry in another environment is ours; another request in the same one is not."""
    log = events(started(OTHER), ended(OTHER), started(MINE), ended(MINE))
    log += events(json_started(MINE), stream="two", start_ms=5000)
    first, second = attempts_of(log, MINE)
    assert (first.stream, first.started_ms, first.version) == ("one", 1002, "$LATEST")
    assert (second.stream, second.ended_ms, second.version) == ("two", None, "7")


def test_the_lines_of_one_invocation_are_picked_out() -> None:
    """Its INIT with it, its neighbours' not; where an environment serves several, what says whose it is."""
    log = events(
        "the end of another\n",
        ended(OTHER),
        "INIT_START Runtime Version: python:3.13\n",
        started(MINE),
        "hello\r\n",
        f"[INFO]\t2026-11-23T12:00:00.000Z\t{OTHER}0000000-0000-0000-000000\tnot mine\n",
        ended(MINE),
        "later\n",
    )
    text = text_of(lines_of(log, MINE))
    assert text.splitlines()[:3] == ["INIT_START Runtime Version: python:3.13", started(MINE).strip(), "hello"]
    assert text.splitlines()[-1].startswith("REPORT")
    assert "later" not in text
    assert "another" not in text


def test_an_end_of_a_log_is_whole_with_its_start_and_its_report() -> None:
    """Else the rest is asked for; a cut START, or one that a line merely quotes, is none."""
    whole = started(MINE) + "hello\n" + ended(MINE)
    assert is_whole(whole, MINE)
    assert is_whole("INIT_START Runtime\n" + whole, MINE)
    assert is_whole(json_started(MINE) + "\n" + json_ended(MINE) + "\n", MINE)
    assert not is_whole(whole[8:], MINE)
    assert not is_whole(started(MINE) + "hello\n", MINE)
    assert not is_whole(f"found {MINE}\n" + ended(MINE), MINE)
    assert not is_whole("", MINE)
    assert not is_whole(whole, "")
