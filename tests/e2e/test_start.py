"""Starting: the honest first frame, keys typed ahead, and whatever can be wrong with how it was started."""

from __future__ import annotations

import json
import signal
import subprocess
import termios
from pathlib import Path

import pytest

from tests.e2e.desk import COMMAND, LIVE, Desk, assert_given_back, choose, quit_with, wait_live

pytestmark = pytest.mark.terminal


def test_the_second_start_shows_the_last_known_list_and_takes_keys_that_were_typed_ahead(desk: Desk) -> None:
    """The kept picture says that it is the last known list; what is typed meanwhile is not echoed, and not lost."""
    with desk.start() as first:
        assert "6 functions" in first.text
        first.wait_until(lambda: bool(desk.files("*-120x40")), "kept frame")
        quit_with(first, "q")
    with desk.open() as second:
        second.wait_for("^p Palette")
        picture = second.text
        second.write(b"/echo\ri")
        assert "last known list" in picture
        assert "starting" in picture
        assert " undertaker " in picture
        assert not LIVE.search(picture)
        wait_live(second)
        second.wait_for("200 ok")
        assert "▌echo" in second.text
        second.wait_for("echo heard ['colour']")
        assert b"\x1b[?1049h" in second.output
        assert second.output.count(b"\x1b[?1049h") == 1, "entering the screen again would show as a flash"
        assert b"^[" not in second.output
        quit_with(second, "q")


def test_an_invocation_typed_ahead_goes_to_the_function_that_was_meant(desk: Desk) -> None:
    """Keys that arrive together are answered in turn: "/echo", Enter, `i` invokes echo, and nothing else."""
    with desk.start() as terminal:
        terminal.write(b"/echo\ri")
        terminal.wait_for("200 ok")
        terminal.wait_for("heard")
        assert '"colour": "blue"' in terminal.text
        terminal.press("escape")
        terminal.wait_for("undertaker")
        terminal.write(b"jji")
        terminal.wait_for("ValueError")
        assert "▌refuses" in terminal.text
        quit_with(terminal, "q")


@pytest.mark.parametrize(("number", "codes"), [(signal.SIGINT, (130, 0)), (signal.SIGTERM, (143,))])
def test_ended_while_it_starts_it_leaves_a_clean_terminal(
    desk: Desk, number: signal.Signals, codes: tuple[int, ...]
) -> None:
    """Whoever changes their mind during the first frame gets their terminal back, and no traceback."""
    with desk.start() as first:
        first.wait_until(lambda: bool(desk.files("*-120x40")), "kept frame")
        quit_with(first, "q")
    with desk.open() as second:
        second.wait_until(lambda: b"\x1b[?1049h" in second.output, "first frame")
        if number is signal.SIGINT:
            second.press("ctrl+c", "q")  # the live screen, should it have come first, leaves with q
        else:
            second.signal(number)
        second.wait_exit()
        assert second.exit_code in codes
        assert b"Traceback" not in second.output
        assert_given_back(second)
        after = termios.tcgetattr(second.descriptor)
        assert after[3] & termios.ECHO


def test_without_a_terminal_it_says_what_to_do(desk: Desk) -> None:
    """Into a pipe there is no workbench: exit code 2, and a sentence that leads to the commands."""
    done = subprocess.run(
        [COMMAND], check=False, env=desk.environment, cwd=desk.project, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "lambdatui needs a terminal. `lambdatui --help` lists the commands for scripts.\n"


@pytest.mark.parametrize(
    ("words", "toml", "says"),
    [
        (("--theme", "solarised"), "", ("--theme", "solarised", "lambdatui-dark")),
        (("--local", "nowhere"), "", ("--local nowhere", "no such folder")),
        ((), 'animations = true\ntheme = "drak"\n', ("config.toml:2", "theme", "drak")),
        ((), "[keymap]\n'invoke.snyc' = 'I'\n", ("config.toml:2", "invoke.snyc", "invoke.sync")),
        ((), "theme = \n", ("config.toml", "1")),
    ],
    ids=["unknown theme", "missing folder", "wrong value", "unknown binding", "not TOML"],
)
def test_a_wrong_start_is_told_in_a_sentence(
    desk: Desk, words: tuple[str, ...], toml: str, says: tuple[str, ...]
) -> None:
    """Exit code 2, the culprit by name, file, line and key; no traceback, and the terminal as it was."""
    if toml:
        desk.configure(toml)
    with desk.open(*words, columns=160) as terminal:
        terminal.wait_exit()
        assert terminal.exit_code == 2
        said = " ".join(terminal.text.split())
        for part in says:
            assert part in said
        assert "Traceback" not in said
        assert_given_back(terminal)


def test_a_wrong_setting_after_a_good_start_leaves_the_kept_picture(desk: Desk) -> None:
    """The picture of the last start is on the screen already when the settings turn out to be wrong."""
    with desk.start() as terminal:
        terminal.wait_until(lambda: bool(desk.files("*-120x40")), "kept frame")
        quit_with(terminal, "q")
    desk.configure("mouse = 3\n")
    with desk.open() as terminal:
        terminal.wait_exit()
        assert terminal.exit_code == 2
        assert b"\x1b[?1049h" in terminal.output
        assert_given_back(terminal)
        shown = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
        assert b"config.toml:1" in shown
        assert b"mouse" in shown


def test_a_broken_template_is_a_row_and_the_others_are_listed(desk: Desk) -> None:
    """A resource that can't be read is a row with its file and line; every other function still shows, and runs."""
    template = desk.project / "template.yaml"
    template.write_text(
        template.read_text() + "  Broken:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: !GetAtt [}\n"
    )
    (desk.project / "extra").mkdir()
    with desk.start() as terminal:
        terminal.wait_until(lambda: "template.yaml" in terminal.text, "problem's row")
        assert "Traceback" not in terminal.text
        terminal.press("G", "enter")
        terminal.wait_for("Problem")
        assert "template.yaml:" in terminal.text.replace("\n", "")
        terminal.press("escape")
        terminal.wait_gone("Problem")
        quit_with(terminal, "q")
    template.write_text(template.read_text().replace("Properties: {CodeUri: !GetAtt [}", "Properties: {CodeUri: 7}"))
    with desk.start() as terminal:
        terminal.wait_until(lambda: " echo " in terminal.text, "other functions")
        choose(terminal, "echo")
        terminal.press("i")
        terminal.wait_for("200 ok")
        quit_with(terminal, "q")


def test_two_workbenches_on_one_project_don_t_disturb_each_other(desk: Desk) -> None:
    """Both invoke; a setting changed in one is the other's too; each ends by itself."""
    with desk.start() as one, desk.start() as other:
        for terminal in (one, other):
            choose(terminal, "echo")
            terminal.press("i")
        for terminal in (one, other):
            terminal.wait_for("200 ok")
        one.write(b"m640\r")
        one.wait_for("640 MB")
        other.wait_until(lambda: "640 MB" in other.text, "the other's change")
        quit_with(one, "q")
        other.press("i")
        other.wait_for("of 640 MB")
        quit_with(other, "q")


def test_the_demo_is_the_user_s_own_copy(desk: Desk, tmp_path: Path) -> None:
    """Where there is no project the examples open, with a line that says so; they are below the user's data folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    with Desk(desk.home, empty).start() as terminal:
        terminal.wait_for("no project in this folder")
        terminal.wait_for("resize-image")
        choose_demo = terminal.text
        assert "demo  examples" in choose_demo
        terminal.write(b"/hello\ri")
        terminal.wait_for("Hello, world")
        quit_with(terminal, "q")
    assert json.loads((desk.home / ".local/share/lambdatui/demo/events/hello/default.json").read_text())
