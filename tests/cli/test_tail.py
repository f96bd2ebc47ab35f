"""`tail`: events in time order, filtered, for eyes and for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.cli.times import show_time, span_ms
from lambdatui.core.moments import moment_ms
from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget

AT = 1_763_906_531_023
"""2025-11-23T14:02:11.023Z"""
NOW = datetime(2025, 11, 23, 14, 2, 11, tzinfo=UTC)


ONCE = ("--no-follow", "--json")


def soon() -> str:
    """A moment to come: the log is followed until then."""
    return (datetime.now(UTC) + timedelta(milliseconds=200)).isoformat()


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
def leaking(target: MemoryTarget) -> MemoryTarget:
    """A target whose log has a password in an escape sequence's company, and in an error."""
    target.log("greet", "START RequestId: aaaaaaaa Version: $LATEST\n", AT)
    target.log("greet", "login password=\x1b[31mhunter2\x1b[0m\r  token: abcdefgh\n", AT + 1)
    target.log(
        "greet", "[ERROR] RuntimeError: login failed password=hunter2\rTraceback (most recent call last):", AT + 2
    )
    report = "REPORT RequestId: aaaaaaaa\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 512 MB\t"
    target.log("greet", f"{report}Max Memory Used: 61 MB\tStatus: error\tError Type: RuntimeError\n", AT + 3)
    return target


@pytest.mark.parametrize("words", [(), ("--json",), ("--invocations",), ("--invocations", "--json")])
def test_secrets_are_covered_where_that_is_asked_for(
    lambdatui: Lambdatui, leaking: MemoryTarget, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """By the setting or the option, which wins; in lines, rows and objects alike, and what is filtered by is not."""
    shown = lambdatui("tail", "greet", "--no-follow", *words)
    assert "hunter2" in shown.out
    assert "hunter2" not in lambdatui("tail", "greet", "--no-follow", "--mask", *words).out
    monkeypatch.setenv("LAMBDATUI_LOGS_MASK_SECRETS", "true")
    covered = lambdatui("tail", "greet", "--no-follow", *words)
    assert "hunter2" not in covered.out
    assert "abcdefgh" not in covered.out
    assert "login" in covered.out
    assert lambdatui("tail", "greet", "--no-follow", "--no-mask", *words).out == shown.out
    if "--invocations" not in words:
        assert lambdatui("tail", "greet", "--no-follow", "--grep", "hunter2", *words).out.count("login") == 2


@pytest.fixture
def invoked(target: MemoryTarget) -> MemoryTarget:
    """A target whose log tells of four invocations in two environments: two ended, one failed, one runs."""
    began_ms = round(datetime.now(UTC).timestamp() * 1000)
    lines = [
        ("INIT_START Runtime Version: python:3.13\n", "one"),
        ("START RequestId: aaaaaaaa Version: $LATEST\n", "one"),
        ("working\n", "one"),
        ("START RequestId: bbbbbbbb Version: $LATEST\n", "two"),
        ("other\n", "two"),
        ("END RequestId: aaaaaaaa\n", "one"),
        (
            "REPORT RequestId: aaaaaaaa\tDuration: 12.40 ms\tBilled Duration: 164 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: 61 MB\tInit Duration: 151.20 ms\t\n",
            "one",
        ),
        (
            "REPORT RequestId: bbbbbbbb\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: 61 MB\tStatus: timeout\t\n",
            "two",
        ),
        ("START RequestId: cccccccc Version: $LATEST\n", "two"),
    ]
    for number, (message, stream) in enumerate(lines):
        target.log("greet", message, began_ms + number, stream)
    return target


def test_one_invocation_is_its_lines_from_init_to_report(lambdatui: Lambdatui, invoked: MemoryTarget) -> None:
    """Those that do not name it too; none of another one that ran at the same time."""
    records = lambdatui("tail", "greet", "--no-follow", "--json", "--request-id", "aaaaaaaa").records
    words = [str(record["message"]).split()[0] for record in records]
    assert words == ["INIT_START", "START", "working", "END", "REPORT"]


def test_a_request_id_may_be_its_beginning(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """Eight characters, as the workbench shows them, in capitals or not; of fewer nobody knows whose they are."""
    ids = ("8f1f6a52-4c5b-4f0e-9d65-6a1d3c3f7d0b", "8f1f6a53-4c5b-4f0e-9d65-6a1d3c3f7d0b")
    for number, request_id in enumerate(ids):
        target.log("greet", f"START RequestId: {request_id} Version: $LATEST\n", AT + 2 * number)
        target.log("greet", f"line {number}\n", AT + 2 * number + 1)
    for typed in ("8f1f6a52", "8F1F6A52-4C", ids[0]):
        messages = [record["message"] for record in lambdatui("tail", "greet", *ONCE, "--request-id", typed).records]
        assert [message.split()[0] for message in messages] == ["START", "line"]
        assert messages[1] == "line 0\n"
        rows = lambdatui("tail", "greet", *ONCE, "--invocations", "--request-id", typed).records
        assert [row["requestId"] for row in rows] == [ids[0]]
    ran = lambdatui("tail", "greet", *ONCE, "--request-id", "8f1f6a5")
    assert (ran.code, ran.out) == (2, "")
    assert "8 characters" in ran.err


@pytest.mark.parametrize("follow", [(), ("--no-follow",)])
def test_how_far_the_newest_reach_is_told_where_hardly_any_was_meant(
    lambdatui: Lambdatui, logged: MemoryTarget, follow: tuple[str, ...]
) -> None:
    """Once, on stderr: that nothing was found does not mean that there is nothing."""
    words = ("--utc", *follow) if follow else ("--utc", "--until", soon())
    told = "looked at 2 events since 2025-11-23T14:02:11.025Z; --since looks further\n"
    assert lambdatui("tail", "greet", "fails", "-n", "2", "--errors", *words).err == told
    assert lambdatui("tail", "greet", "fails", "-n", "2", "--grep", "four", "--json", *words).err == told
    assert lambdatui("tail", "greet", "fails", "-n", "2", "--errors", "--invocations", *words).err == told


@pytest.mark.parametrize(
    "words",
    [
        ("-n", "2"),
        ("-n", "2", "--grep", "r"),
        ("-n", "5", "--errors"),
        ("-n", "0", "--errors"),
        ("-n", "2", "--filter", "nothing"),
        ("-n", "2", "--grep", "nothing", "--since", "2025-11-23"),
    ],
)
def test_nothing_is_told_where_no_older_event_could_have_been_shown(
    lambdatui: Lambdatui, logged: MemoryTarget, words: tuple[str, ...]
) -> None:
    """All that was looked at is there, all there is was looked at, or somebody said since when."""
    assert lambdatui("tail", "greet", "--no-follow", *words).err == ""


def test_what_grep_found_stands_out_in_colour_only(
    lambdatui: Lambdatui, logged: MemoryTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In reverse, in the colour of its line, and never beyond the end of it."""
    words = ("tail", "fails", "--no-follow", "--utc", "--grep", r"two\s+File|b\.py")
    assert lambdatui(*words, "--color").out.splitlines() == [
        "\x1b[2m2025-11-23T14:02:11.024Z\x1b[0m \x1b[31mERROR \x1b[7mtwo\x1b[27m\x1b[0m",
        "    \x1b[7m  File\x1b[27m a.py",
        "      File \x1b[7mb.py\x1b[27m",
    ]
    plain = lambdatui(*words).out
    assert "\x1b" not in plain
    assert "\x1b[7m" not in lambdatui("tail", "fails", "--no-follow", "--color", "--grep", "x", "--invert").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert lambdatui(*words).out == plain


def test_invocations_are_one_row_each(lambdatui: Lambdatui, invoked: MemoryTarget) -> None:
    """By their start, with status, figures and the estimate; what runs is there too."""
    records = lambdatui("tail", "greet", "--no-follow", "--invocations", "--json").records
    assert [(record["requestId"], record["status"]) for record in records] == [
        ("aaaaaaaa", "ok"),
        ("bbbbbbbb", "timed out"),
        ("cccccccc", "running"),
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
    assert [record["requestId"] for record in failed] == ["bbbbbbbb"]


def test_an_invocation_without_an_end_does_not_run_for_ever(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """Longer than any may run it is without report."""
    target.log("greet", "START RequestId: aaaaaaaa Version: $LATEST\n", AT)
    assert lambdatui("tail", "greet", "--no-follow", "--invocations", "--json").record["status"] == "no report"


def test_an_end_in_the_past_does_not_follow(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """--until a past moment ends by itself."""
    assert lambdatui("tail", "greet", "--until", "2025-11-23T14:02:11.023Z").code == 0


def test_an_end_to_come_is_waited_for(lambdatui: Lambdatui, logged: MemoryTarget) -> None:
    """What the source brings until it has ended is there; the command cuts nothing off, and ends with it."""
    ran = lambdatui("tail", "greet", "--until", soon(), "--json")
    assert (ran.code, len(ran.records), ran.err) == (0, 3, "")


@pytest.mark.parametrize(
    "words",
    [
        ("--grep", "("),
        ("--invert",),
        ("--since", "yesterdayish"),
        ("--until", "x"),
        ("--since", "5m", "--until", "10m"),
        ("-n", "-1"),
        ("--invocations", "--grep", "x"),
        ("--invocations", "--filter", "x"),
    ],
)
def test_wrong_filters_are_exit_code_2(lambdatui: Lambdatui, words: tuple[str, ...]) -> None:
    """A pattern or a time that can't be meant is refused."""
    ran = lambdatui("tail", "greet", "--no-follow", *words)
    assert (ran.code, ran.out) == (2, "")


TODAY = datetime(2025, 11, 23).astimezone()


def at(hour: int, minute: int, *, days: int = 0) -> int:
    """That time of the day on which it is noon, in the zone of this machine."""
    return round((TODAY + timedelta(days, hours=hour, minutes=minute)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (None, None, (None, None)),
        ("14:00", "15:00", (at(14, 0, days=-1), at(15, 0, days=-1))),
        ("11:00", "11:30", (at(11, 0), at(11, 30))),
        ("11:00", "13:00", (at(11, 0), at(13, 0))),
        ("23:50", "0:10", (at(23, 50, days=-1), at(0, 10))),
        ("1h30m", "now", (at(10, 30), at(12, 0))),
        ("2d", "13:00", (at(12, 0, days=-2), at(13, 0))),
        (None, "13:00", (None, at(13, 0))),
        (None, "11:00", (None, at(11, 0))),
    ],
)
def test_times_of_day_make_a_span(since: str | None, until: str | None, span: tuple[int | None, int | None]) -> None:
    """The beginning is the last such time; the end the first one after it, or today's."""
    assert span_ms(since, until, TODAY + timedelta(hours=12)) == span


@settings(deadline=None, max_examples=200)
@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_shown_time_is_read_back(timestamp_ms: int) -> None:
    """What a line shows can be copied into --since."""
    assert moment_ms(show_time(timestamp_ms, utc=True), NOW) == timestamp_ms
