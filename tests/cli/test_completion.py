"""Shell completion: what Tab offers, and that it starts nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Lambdatui
from tests.fixtures.memory_target import MemoryTarget

Tab = Callable[[str], list[str]]


@pytest.fixture
def tab(lambdatui: Lambdatui, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """Presses Tab in bash at the end of a line; what is offered."""

    def press(line: str) -> list[str]:
        with monkeypatch.context() as patch:
            patch.setenv("_LAMBDATUI_COMPLETE", "bash_complete")
            patch.setenv("COMP_WORDS", line)
            patch.setenv("COMP_CWORD", str(line.count(" ")))
            ran = lambdatui()
        assert (ran.code, ran.err) == (0, "")
        return [line.partition(",")[2] for line in ran.out.splitlines() if line]

    return press


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort"), ("zsh", "#compdef lambdatui"), ("fish", "complete --no-files")]
)
def test_each_shell_gets_its_script(lambdatui: Lambdatui, shell: str, sign: str) -> None:
    """`lambdatui completion SHELL` prints a script for that shell, on stdout alone."""
    ran = lambdatui("completion", shell)
    assert ran.code == 0
    assert sign in ran.out
    assert "_LAMBDATUI_COMPLETE" in ran.out
    assert ran.err == ""


def test_an_unknown_shell_is_exit_code_2(lambdatui: Lambdatui) -> None:
    """The error lists the shells there are."""
    ran = lambdatui("completion", "csh")
    assert ran.code == 2
    assert "'fish'" in ran.err


def test_functions_complete_from_the_last_known_list(tab: Tab, lambdatui: Lambdatui, target: MemoryTarget) -> None:
    """Names come from the list as it was last seen; the target is not opened for a Tab."""
    assert tab("lambdatui invoke f") == []
    lambdatui("ls")
    assert tab("lambdatui invoke f") == ["fails", "flaky"]
    assert tab("lambdatui tail greet s") == ["slow"]
    assert tab("lambdatui --read-only show gr") == ["greet"]
    assert target.closed == 1


def test_events_complete_for_the_function(tab: Tab, tmp_path: Path) -> None:
    """`-e` offers the function's events before the samples, and leaves paths to the shell."""
    folder = tmp_path / "events" / "greet"
    folder.mkdir(parents=True)
    (folder / "put-own.json").write_text("{}")
    assert tab("lambdatui invoke greet -e pu") == ["pu", "put-own"]
    assert tab("lambdatui events delete greet put") == ["put-own"]


def test_commands_and_options_complete(tab: Tab) -> None:
    """The command's own words."""
    assert tab("lambdatui s") == ["show", "set"]
    assert tab("lambdatui invoke greet --dr") == ["--dry-run"]


def test_settings_that_are_wrong_are_silent_on_tab(tab: Tab, tmp_path: Path) -> None:
    """Tab is no place for an error."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("wrong = ")
    assert tab("lambdatui invoke f") == []
