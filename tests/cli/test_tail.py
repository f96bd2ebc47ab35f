"""`tail`: events in time order, filtered, for eyes and for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.cli.times import milliseconds_of, show_time
from lambdatui.core.errors import InvalidInput
from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget

AT = 1_763_906_531_023
"""2025-11-23T14:02:11.023Z"""
NOW = datetime(2025, 11, 23, 14, 2, 11, tzinfo=UTC)


@pytest.fixture
def logged(target: MemoryTarget) -> MemoryTarget:
    """A target with four events in its logs."""
    target.log("greet", "INFO one\n", AT)
    target.log("fails", "ERROR two\r  File a.py\r  File b.py\n", AT + 1)
    target.log("greet", "\x1b[31mINFO three\x1b]52;c;aGk=\x07\n", AT + 2)
    target.log("greet", "[/foo] four", AT + 3)
    return target


def test_events_have_time_and_message(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """One function: time and message; escape sequences never reach the terminal, markup is plain text."""
    ran = lambdatui("tail", "greet", "--no-follow", "--utc")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "2025-11-23T14:02:11.023Z INFO one",
        "2025-11-23T14:02:11.025Z INFO three",
        "2025-11-23T14:02:11.026Z [/foo] four",
    ]
    assert ran.err == ""


def test_several_functions_are_named_and_tracebacks_indented(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """With several functions each line has its function; the lines of one event stay together."""
    assert lambdatui("tail", "greet", "fails", "--no-follow", "--utc", "-n", "3").out.splitlines() == [
        "2025-11-23T14:02:11.024Z fails ERROR two",
        "      File a.py",
        "      File b.py",
        "2025-11-23T14:02:11.025Z greet INFO three",
        "2025-11-23T14:02:11.026Z greet [/foo] four",
    ]


@pytest.mark.parametrize(
    ("words", "messages"),
    [
        (("--filter", "INFO"), ["one", "three"]),
        (("--filter", "info"), []),
        (("--filter", "?two ?four"), ["two", "four"]),
        (("--grep", "t(wo|hree)"), ["two", "three"]),
        (("--grep", "INFO", "--invert"), ["two", "four"]),
        (("--filter", "INFO", "--grep", "one"), ["one"]),
        (("--filter", "INFO", "--grep", "one", "--invert"), ["three"]),
        (("--errors",), ["two"]),
        (("--since", "2025-11-23T14:02:11.025Z"), ["three", "four"]),
        (("--since", "2025-11-23", "--until", "2025-11-23T14:02:11.024Z"), ["one", "two"]),
        (("-n", "1"), ["four"]),
    ],
)
def test_filters_choose_events(
    lambdatui: Lambdatui, logged: MemoryTarget, words: tuple[str, ...], messages: list[str]
) -> None:
    """--filter, --grep, --invert, --since, --until and --newest mean what the help says."""
    records = lambdatui("tail", "greet", "fails", "--no-follow", "--json", *words).records
    found = [word for record in records for word in ("one", "two", "three", "four") if word in str(record["message"])]
    assert found == messages


def test_json_keeps_the_event_as_it_was(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """An object an event, keys stable, the message untouched but safe: escapes are written as JSON escapes."""
    ran = lambdatui("tail", "greet", "--no-follow", "--json", "--grep", "three")
    assert ran.record == {
        "eventId": "2",
        "timestamp": AT + 2,
        "ingestionTime": AT + 2,
        "logStreamName": "stream-0",
        "message": "\x1b[31mINFO three\x1b]52;c;aGk=\x07\n",
        "function": "greet",
    }
    assert "\x1b" not in ran.out


def test_a_glob_stands_for_the_functions_that_match_it(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """And one that matches none is told."""
    assert len(lambdatui("tail", "g*", "fai[lx]s", "--no-follow", "--json").records) == 4
    ran = lambdatui("tail", "nothing-*", "--no-follow")
    assert (ran.code, ran.out) == (3, "")
    assert "nothing-*" in ran.err


def test_colour_is_for_terminals(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """None in a pipe; with --color the error is red, the time dim and each function has a colour of its own."""
    assert "\x1b" not in lambdatui("tail", "greet", "fails", "--no-follow").out
    out = lambdatui("tail", "greet", "fails", "--no-follow", "--color", "--utc").out.splitlines()
    assert out[0].startswith("\x1b[2m2025-11-23T14:02:11.023Z \x1b[0m\x1b[36mgreet")
    assert "\x1b[31mERROR two\x1b[0m" in out[1]


@pytest.fixture
def invoked(target: MemoryTarget) -> MemoryTarget:
    """A target whose log tells of four invocations in two environments: two ended, one failed, one runs."""
    lines = [
        ("INIT_START Runtime Version: python:3.13\n", "one"),
        ("START RequestId: aaaa Version: $LATEST\n", "one"),
        ("working\n", "one"),
        ("START RequestId: bbbb Version: $LATEST\n", "two"),
        ("other\n", "two"),
        ("END RequestId: aaaa\n", "one"),
        (
            "REPORT RequestId: aaaa\tDuration: 12.40 ms\tBilled Duration: 164 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: 61 MB\tInit Duration: 151.20 ms\t\n",
            "one",
        ),
        (
            "REPORT RequestId: bbbb\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: 61 MB\tStatus: timeout\t\n",
            "two",
        ),
        ("START RequestId: cccc Version: $LATEST\n", "two"),
    ]
    for number, (message, stream) in enumerate(lines):
        target.log("greet", message, AT + number, stream)
    return target


def test_one_invocation_is_its_lines_from_init_to_report(lambdatui: Lambdatui, invoked: MemoryTarget) -> None:
    """Those that do not name it too; none of another one that ran at the same time."""
    records = lambdatui("tail", "greet", "--no-follow", "--json", "--request-id", "aaaa").records
    words = [str(record["message"]).split()[0] for record in records]
    assert words == ["INIT_START", "START", "working", "END", "REPORT"]


def test_invocations_are_one_row_each(lambdatui: Lambdatui, invoked: MemoryTarget) -> None:
    """By their start, with status, figures and the estimate; what runs is there too."""
    records = lambdatui("tail", "greet", "--no-follow", "--invocations", "--json").records
    assert [(record["requestId"], record["status"]) for record in records] == [
        ("aaaa", "ok"),
        ("bbbb", "timed out"),
        ("cccc", "running"),
    ]
    first = records[0]
    assert (first["durationMs"], first["billedDurationMs"], first["initDurationMs"]) == (12.4, 164, 151.2)
    assert (first["maxMemoryUsedMB"], first["memorySizeMB"]) == (61, 512)
    assert 0 < first["costUsd"] < 0.0001
    assert records[2]["durationMs"] is None
    lines = lambdatui("tail", "greet", "--no-follow", "--invocations", "--utc").out.splitlines()
    assert "ok" in lines[0]
    assert "61 of 512 MB" in lines[0]
    assert "cold +151 ms" in lines[0]
    failed = lambdatui("tail", "greet", "--no-follow", "--invocations", "--errors", "--json").records
    assert [record["requestId"] for record in failed] == ["bbbb"]


def test_an_end_in_the_past_does_not_follow(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """--until a past moment ends by itself."""
    assert lambdatui("tail", "greet", "--until", "2025-11-23T14:02:11.023Z").code == 0


def test_an_end_to_come_is_waited_for(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """What the source brings until it has ended is there; the command cuts nothing off, and ends with it."""
    until = (datetime.now(UTC) + timedelta(milliseconds=200)).isoformat()
    ran = lambdatui("tail", "greet", "--until", until, "--json")
    assert (ran.code, len(ran.records), ran.err) == (0, 3, "")


@pytest.mark.parametrize(
    "words",
    [
        ("--grep", "("),
        ("--invert",),
        ("--since", "yesterdayish"),
        ("--until", "x"),
        ("-n", "-1"),
        ("--invocations", "--grep", "x"),
        ("--invocations", "--filter", "x"),
    ],
)
def test_wrong_filters_are_exit_code_2(lambdatui: Lambdatui, words: tuple[str, ...]) -> None:
    """A pattern or a time that can't be meant is refused."""
    ran = lambdatui("tail", "greet", "--no-follow", *words)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("now", NOW.timestamp() * 1000),
        ("30s", NOW.timestamp() * 1000 - 30_000),
        ("10m", NOW.timestamp() * 1000 - 600_000),
        ("2H", NOW.timestamp() * 1000 - 7_200_000),
        ("2025-11-23T14:02:11.023Z", AT),
        ("2025-11-23T15:02:11.023+01:00", AT),
    ],
)
def test_times_are_read(text: str, milliseconds: float) -> None:
    """Ages count back from now; ISO 8601 names a moment."""
    assert milliseconds_of(text, NOW) == milliseconds


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_any_text_is_a_time_or_an_error(text: str) -> None:
    """Whatever is typed, it is a moment or a refusal that shows it; never a traceback."""
    try:
        milliseconds_of(text, NOW)
    except InvalidInput as error:
        told = error.title
    else:
        told = text
    assert text in told


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_shown_time_is_read_back(timestamp_ms: int) -> None:
    """What a line shows can be copied into --since."""
    assert milliseconds_of(show_time(timestamp_ms, utc=True), NOW) == timestamp_ms
