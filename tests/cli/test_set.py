"""`set`: the difference first, all changes or none, the result on stdout."""

from __future__ import annotations

import pytest

from lambdatui.core.configuration import Change
from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget


def value(lambdatui: Lambdatui, key: str) -> object:
    """The value of a setting of `greet` as it stands."""
    record = lambdatui("show", "greet", "--json", "--show-values").record
    return next((setting["value"] for setting in record["settings"] if setting["key"] == key), None)


def test_several_settings_change_at_once(lambdatui: Lambdatui) -> None:
    """The difference goes to stderr, what now stands to stdout; environment values are masked in both."""
    ran = lambdatui("set", "greet", "memory=512", "env.NEW=hush", "reserved=5", "--unset", "env.STAGE", "--yes")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "Memory 256 MB → 512 MB",
        "NEW not set → ••••",
        "Reserved concurrency unreserved → 5",
        "STAGE •••• → not set",
    ]
    assert "512 MB" in ran.out
    assert "hush" not in ran.out
    assert [value(lambdatui, key) for key in ("memory", "env.NEW", "reserved", "env.STAGE")] == [512, "hush", 5, None]


def test_values_are_shown_on_request(lambdatui: Lambdatui) -> None:
    """--show-values unmasks difference and result."""
    ran = lambdatui("set", "greet", "env.STAGE=n3w", "--yes", "--show-values")
    assert ran.err == "STAGE s3cret → n3w\n"
    assert "n3w" in ran.out


def test_a_dry_run_changes_nothing(lambdatui: Lambdatui) -> None:
    """--dry-run shows the difference and needs no --yes."""
    ran = lambdatui("set", "greet", "memory=512", "--dry-run", "--json")
    assert ran.code == 0
    assert ran.record["applied"] is False
    assert ran.record["changes"] == [{"key": "memory", "old": 256, "new": 512, "masked": False}]
    assert value(lambdatui, "memory") == 256


def test_in_a_pipe_nothing_changes_without_yes(lambdatui: Lambdatui) -> None:
    """Where nobody can be asked, --yes is needed: exit code 2, nothing written."""
    ran = lambdatui("set", "greet", "memory=512")
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err
    assert value(lambdatui, "memory") == 256


def test_what_is_so_already_is_no_change(lambdatui: Lambdatui) -> None:
    """Setting what stands is a success without a write, and asks nothing."""
    ran = lambdatui("set", "greet", "memory=256", "--unset", "env.NOT_THERE")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing to change" in ran.err


def test_a_conflict_shows_both_values(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """When somebody else was quicker nothing is written, and both values are on stderr: exit code 1."""
    target.rival = (Change("memory", 256, 1024),)
    ran = lambdatui("set", "greet", "memory=512", "timeout=9", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "yours: 512 MB" in ran.err
    assert "now:   1,024 MB" in ran.err
    assert value(lambdatui, "timeout") == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("memory",), "is not KEY=VALUE"),
        (("memory=many",), "128 to 10,240 MB"),
        (("memroy=512",), "No setting is named “memroy”"),
        (("env.AWS_REGION=x",), "reserved by Lambda"),
        (("memory=1", "memory=2"), "memory is given twice"),
        (("memory=512", "--unset", "memory"), "memory is given twice"),
        (("log_level=DEBUG",), "Text logs have no level"),
        (("retries=1",), "This target has no such setting"),
        ((), "Nothing to set"),
    ],
)
def test_what_can_not_be_meant_is_exit_code_2(lambdatui: Lambdatui, words: tuple[str, ...], told: str) -> None:
    """A wrong key or value says what may be written; nothing changes."""
    ran = lambdatui("set", "greet", *words, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert value(lambdatui, "memory") == 256


def test_a_value_outside_the_limits_is_warned_of_and_the_server_judges(lambdatui: Lambdatui) -> None:
    """We warn, and send it; the target's refusal is the error."""
    ran = lambdatui("set", "greet", "memory=20480", "--yes")
    assert ran.code == 2
    assert "warning: Memory 20,480 MB: outside 128 to 10,240 MB" in ran.err


def test_read_only_changes_nothing(lambdatui: Lambdatui) -> None:
    """--read-only shows the difference and refuses: exit code 2."""
    ran = lambdatui("set", "greet", "memory=512", "--yes", "--read-only")
    assert ran.code == 2
    assert "Read-only" in ran.err
    assert value(lambdatui, "memory") == 256


def test_an_equals_sign_may_stand_in_the_value(lambdatui: Lambdatui) -> None:
    """Only the first = divides; the rest is the value, blanks included."""
    lambdatui("set", "greet", "env.URL= a=b ", "--yes")
    assert value(lambdatui, "env.URL") == " a=b "
