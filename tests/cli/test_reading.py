"""`ls` and `show`: what is there, for eyes and for programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdatui.cli.headless import run
from lambdatui.cli.table import columns
from lambdatui.core.errors import InvalidInput
from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import NAMES, MemoryTarget


def test_the_list_is_aligned_and_has_units(lambdatui: Lambdatui) -> None:
    """A line a function, memory in MB and timeout in seconds, columns lined up, no heading in a pipe."""
    ran = lambdatui("ls")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert [line.split()[0] for line in lines] == list(NAMES)
    assert {line.index("256 MB") for line in lines} == {lines[0].index("256 MB")}
    assert all(line.endswith(".py") for line in lines)
    assert ran.err == ""


def test_globs_choose_functions_by_name(lambdatui: Lambdatui) -> None:
    """`ls 'f*'` lists what matches any of the globs."""
    assert [line.split()[0] for line in lambdatui("ls", "f*", "gr?et").out.splitlines()] == ["fails", "flaky", "greet"]


def test_a_glob_that_matches_nothing_is_not_found(lambdatui: Lambdatui) -> None:
    """A script notices a name that went away: exit code 3, nothing on stdout."""
    ran = lambdatui("ls", "nope*")
    assert (ran.code, ran.out) == (3, "")
    assert "No function matches nope*" in ran.err


def test_json_is_an_object_a_line_with_stable_keys(lambdatui: Lambdatui) -> None:
    """Programs read one object a line; its keys are a promise."""
    records = lambdatui("ls", "--json").records
    assert [record["name"] for record in records] == list(NAMES)
    assert list(records[0]) == [
        "name",
        "runtime",
        "handler",
        "memory_mb",
        "timeout_s",
        "description",
        "architecture",
        "package_type",
        "code_size_bytes",
        "last_modified_at",
        "log_group",
        "log_format",
        "arn",
        "origin",
        "problem",
    ]


def test_what_could_not_be_read_is_told_and_the_rest_is_listed(lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """A broken template is a warning with file and line, the list goes on, and the exit code says so."""
    target.problems = (InvalidInput("template.yaml:7: not YAML", "a tab"),)
    ran = lambdatui("ls")
    assert len(ran.out.splitlines()) == len(NAMES)
    assert ran.err == "warning: template.yaml:7: not YAML\n  a tab\n"
    assert ran.code == 2


def test_the_listed_names_are_kept_for_the_next_tab(lambdatui: Lambdatui, target: MemoryTarget, tmp_path: Path) -> None:
    """`ls` keeps the whole list, whatever its globs, so that the shell can complete names without the target."""
    lambdatui("ls", "greet")
    assert [p for p in tmp_path.rglob("functions.json") if "slow" in p.read_text()]
    assert target.closed == 1


def test_show_has_settings_with_units_and_origins(lambdatui: Lambdatui) -> None:
    """Each setting with its unit and where it comes from; environment values masked."""
    ran = lambdatui("show", "greet")
    rows = [line.split("  ") for line in ran.out.splitlines()]
    settings = {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in rows if row[0]}
    assert ran.code == 0
    assert settings["Memory"] == ["256 MB", "default"]
    assert settings["Reserved concurrency"] == ["unreserved", "default"]
    assert settings["STAGE"] == ["••••", "template.yaml:3"]
    assert "locked: Text logs have no level" in ran.out
    assert "s3cret" not in ran.out + ran.err


@pytest.mark.parametrize("words", [("show", "greet", "--json"), ("set", "greet", "env.STAGE=n3w", "--json", "--yes")])
def test_secrets_are_masked_in_json_too_until_asked_for(lambdatui: Lambdatui, words: tuple[str, ...]) -> None:
    """An environment value never gets into a pipe by accident; --show-values prints it."""
    masked = lambdatui(*words)
    assert "s3cret" not in masked.out + masked.err
    assert "n3w" not in masked.out + masked.err
    (stage,) = [setting for setting in masked.record["settings"] if setting["key"] == "env.STAGE"]
    assert (stage["value"], stage["masked"]) == (None, True)
    shown = lambdatui("show", "greet", "--json", "--show-values").record
    (stage,) = [setting for setting in shown["settings"] if setting["key"] == "env.STAGE"]
    assert stage["value"] in ("s3cret", "n3w")
    assert shown["reserved_concurrency"] == "unreserved"


def test_an_unknown_function_is_told_with_its_neighbours(lambdatui: Lambdatui) -> None:
    """A typing error costs one look: the error names what comes near."""
    for words in (("show", "gret"), ("tail", "greet", "gret"), ("set", "gret", "memory=512"), ("invoke", "gret")):
        ran = lambdatui(*words)
        assert (ran.code, ran.out) == (3, "")
        assert "Near it: greet." in ran.err


def test_settings_that_are_wrong_exit_with_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A settings file with a wrong key is exit code 2, with file, line and key, never a traceback."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("thme = 1\n")
    assert run(["ls"], MemoryTarget().composer(tmp_path)) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: config.toml:1: thme")
    assert "Traceback" not in err


def test_a_bug_is_loud_and_has_its_own_exit_code(
    lambdatui: Lambdatui, target: MemoryTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug never looks like a failed function: traceback, and exit code 70."""
    monkeypatch.setattr(target, "detail", None)
    ran = lambdatui("show", "greet")
    assert ran.code == 70
    assert "TypeError" in ran.err


def test_columns_line_up() -> None:
    """Text to the left, numbers to the right, no blanks at the end."""
    assert columns([("a", "1", "x"), ("bbb", "22", "")], right={1}) == ["a     1  x", "bbb  22"]
    assert columns([]) == []
