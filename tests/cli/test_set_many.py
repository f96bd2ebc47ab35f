"""`set` of several functions: one question, an outcome each."""

from __future__ import annotations

from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget


def memory_of(lambdatui: Lambdatui, name: str) -> object:
    record = lambdatui("show", name, "--json").record
    return next(setting["value"] for setting in record["settings"] if setting["key"] == "memory")


def test_a_glob_changes_all_that_match(lambdatui: Lambdatui) -> None:
    """The difference of each on stderr, a line each on stdout; the others stay as they are."""
    ran = lambdatui("set", "f*,slow", "memory=512", "--yes")
    assert ran.code == 0
    assert ran.out.splitlines() == ["fails: changed", "flaky: changed", "slow: changed"]
    assert "fails: Memory 256 MB → 512 MB" in ran.err
    assert [memory_of(lambdatui, name) for name in ("fails", "flaky", "slow", "greet")] == [512, 512, 512, 256]
    again = lambdatui("set", "f*", "memory=512")
    assert (again.code, again.out) == (0, "")
    assert "fails: already so" in again.err


def test_a_dry_run_and_a_pipe_change_nothing(lambdatui: Lambdatui) -> None:
    """--dry-run tells what would be; without a terminal --yes is needed."""
    ran = lambdatui("set", "f*", "memory=512", "--dry-run", "--json")
    assert [record["applied"] for record in ran.records] == [False, False]
    assert lambdatui("set", "f*", "memory=512").code == 2
    assert memory_of(lambdatui, "fails") == 256


def test_a_name_that_is_not_there_changes_nothing(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """Half of what was named is not what was meant: exit code 3, nobody is changed."""
    del target
    ran = lambdatui("set", "fails,nobody", "memory=512", "--yes")
    assert (ran.code, ran.out) == (3, "")
    assert "nobody" in ran.err
    assert memory_of(lambdatui, "fails") == 256
