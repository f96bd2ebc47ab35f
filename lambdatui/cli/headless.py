"""The `lambdatui` command with click: the group, its help, and the one place where errors meet the shell."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

import click
from click.shell_completion import shell_complete

from lambdatui import __version__
from lambdatui.cli.command import target_options, write_lines
from lambdatui.cli.exits import EXPLANATION, Exit, Stopped, code_of
from lambdatui.cli.options import COMMANDS, COMPLETION_VARIABLE, without_ambiguity
from lambdatui.cli.output import Unwritten, writing
from lambdatui.cli.session import Asked, Composer, compose
from lambdatui.core.errors import WorkbenchError

PROGRAM = "lambdatui"


class Commands(click.Group):
    """Knows the names of the commands; imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """In the order of a working day, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command from the module of its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"lambdatui.cli.{cmd_name}").command
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Examples, exit codes."""
        write_lines(
            "Examples",
            (
                "lambdatui                                  the workbench on the project you are in",
                "lambdatui --demo                           the workbench on the shipped examples",
                "lambdatui ls --local ./api                 the functions of a project",
                "lambdatui invoke resize -e put --logs      answer on stdout, log lines on stderr",
                "lambdatui tail resize --since 10m          follow a function's log",
                "lambdatui set resize memory=512 --dry-run  what would change",
            ),
            formatter,
        )
        write_lines("Exit codes", [f"{code:>3}  {meaning}" for code, meaning in EXPLANATION], formatter)


@click.group(
    PROGRAM,
    cls=Commands,
    invoke_without_command=True,
    params=target_options(workbench=True),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context) -> int:
    """A keyboard-driven workbench for AWS Lambda: list, edit events, invoke, tail logs, turn the knobs.

    Without a command it opens on the terminal. Each command does one of its jobs without a screen: stdout is
    data only, everything else goes to stderr.
    """
    if ctx.invoked_subcommand is not None:
        return Exit.OK
    from lambdatui.cli.start import open_workbench  # noqa: PLC0415  # not before it is needed

    words: list[str] = ctx.meta["lambdatui.words"]
    return open_workbench(words, ctx.ensure_object(Asked).target_options())


def run(words: Sequence[str], composer: Composer = compose) -> int:
    """Run one headless command; returns its exit code, never raises for what the user can act on."""
    code: int
    asked = Asked(environment=os.environ, composer=composer)
    for stream in (sys.stdout, sys.stderr):
        # A lone surrogate, or a locale without UTF-8, is no reason to lose the rest.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        if instruction := os.environ.get(COMPLETION_VARIABLE):
            code = shell_complete(group, {"obj": asked}, PROGRAM, COMPLETION_VARIABLE, instruction)
        else:
            code = _run(words, asked)
        with writing():
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_output(sys.stdout, sys.stderr)
        return Exit.BROKEN_PIPE
    except Unwritten as unwritten:
        _forget_output(sys.stdout)
        asked.output().say(f"error: the output can't be written: {unwritten.reason}", "bad")
        return Exit.UNWRITTEN
    return code


def _run(words: Sequence[str], asked: Asked) -> int:
    try:
        with group.make_context(PROGRAM, without_ambiguity(words), obj=asked) as ctx:
            ctx.meta["lambdatui.words"] = list(words)
            return int(group.invoke(ctx))
    except click.exceptions.Exit as exited:
        return exited.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        if isinstance(error, click.MissingParameter) and "local" in asked.chosen:
            asked.output().say("--local takes the next word as its PATH: put it last, or write --local=PATH.")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        asked.output().say("interrupted")
        return Exit.INTERRUPTED
    except Stopped as stopped:
        return stopped.code
    except WorkbenchError as error:
        asked.output().complain(error)
        return code_of(error)
    except (BrokenPipeError, Unwritten):
        raise
    except Exception:  # noqa: BLE001  # a bug: loud, and with an exit code that says neither "ok" nor "it failed"
        traceback.print_exc()
        return Exit.BUG


def _forget_output(*streams: TextIO) -> None:
    # Nobody gets it any more: not a word, not even from the flush at the interpreter's end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
