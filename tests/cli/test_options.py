"""The fast lane reads the same options as click."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.cli import start
from lambdatui.cli.headless import group
from lambdatui.cli.main import main
from lambdatui.cli.options import COMMANDS, TargetOptions, parse_workbench, without_ambiguity
from lambdatui.cli.session import Asked
from tests.cli.conftest import child_environment

WORDS = st.sampled_from(
    [
        "--local",
        "--demo",
        "--aws",
        "--profile",
        "--region=r",
        "--read-only",
        "--config",
        "--theme",
        "--local=x",
        "--config=y",
        "--demo=1",
        "--wrong",
        "word",
    ]
)
FIELDS = TargetOptions.__slots__


def values(options: TargetOptions) -> tuple[object, ...]:
    """All that was asked for."""
    return tuple(getattr(options, field) for field in FIELDS)


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=5))
def test_click_and_the_fast_lane_understand_the_same(words: list[str]) -> None:
    """Where the fast lane opens the workbench, click reads the same; where click would refuse, it steps aside."""
    asked = Asked()
    try:
        context = group.make_context("lambdatui", without_ambiguity(words), obj=asked, resilient_parsing=False)
        with context:
            command = [*context._protected_args, *context.args]
        by_click = None if command else values(asked.target_options())
    except click.UsageError:
        by_click = None
    quick = parse_workbench(words)
    assert (None if quick is None else values(quick)) == by_click


@pytest.mark.parametrize(
    "words",
    [
        ["ls"],
        ["--local", "ls"],
        ["--demo", "tail", "fn"],
        ["--help"],
        ["--version"],
        ["-h"],
        ["nonsense"],
        ["--local", "a", "b"],
    ],
)
def test_commands_and_mistakes_are_left_to_click(words: list[str]) -> None:
    """A command, --help, --version or anything wrong never opens the workbench."""
    assert parse_workbench(words) is None


def test_the_word_after_local_is_its_path_unless_it_is_a_command() -> None:
    """`--local api` names a folder; `--local` alone, or in front of an option, is the current folder."""
    for words, path in (
        (["--local", "api"], "api"),
        (["--local"], "."),
        (["--local", "--read-only"], "."),
        (["--local=ls"], "ls"),
    ):
        options = parse_workbench(words)
        assert options is not None
        assert options.local == path


def test_a_plain_lambdatui_opens_the_workbench(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a command, the words and the options go to the workbench, and its exit code comes back."""
    seen: list[tuple[object, ...]] = []

    def opened(words: list[str], options: TargetOptions) -> int:
        seen.append((words, options.local, options.read_only, options.theme))
        return 7

    monkeypatch.setattr(start, "open_workbench", opened)
    assert main(["--local", "api", "--read-only", "--theme", "terminal"]) == 7
    assert seen == [(["--local", "api", "--read-only", "--theme", "terminal"], "api", True, "terminal")]


def test_tab_never_opens_the_workbench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A shell asks for completions without words: it is answered, on every Tab."""
    monkeypatch.setenv("_LAMBDATUI_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "lambdatui ")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert main([]) == 0
    assert [line.removeprefix("plain,") for line in capsys.readouterr().out.splitlines()] == list(COMMANDS)


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["--version"], ("textual", "boto3", "yaml", "sqlite3", "lambdatui.backends.local", "lambdatui.storage")),
        (["--help"], ("textual", "boto3", "yaml", "sqlite3", "lambdatui.backends.local", "lambdatui.storage")),
    ],
)
def test_version_and_help_import_nothing_heavy(words: list[str], heavy: tuple[str, ...], tmp_path: Path) -> None:
    """What needs no screen and no target loads neither."""
    program = f"import sys; from lambdatui.cli.main import main; main({words!r}); print(*sys.modules, file=sys.stderr)"
    child = subprocess.run(
        [sys.executable, "-c", program], env=child_environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert "lambdatui" in child.stdout
    assert not set(child.stderr.split()) & set(heavy)


def test_deciding_imports_no_parser(tmp_path: Path) -> None:
    """Until the workbench is asked to open, not even click, dataclasses or typing are loaded."""
    program = (
        "import sys; before = set(sys.modules); import lambdatui.cli.main; print(*sorted(set(sys.modules) - before))"
    )
    child = subprocess.run(
        [sys.executable, "-c", program],
        env=child_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert [name for name in child.stdout.split() if not name.startswith("lambdatui")] == ["__future__"]
