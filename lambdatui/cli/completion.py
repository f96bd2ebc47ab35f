"""`lambdatui completion`: the script that makes a shell complete commands, functions and events."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from lambdatui.cli.command import HeadlessCommand
from lambdatui.cli.exits import Exit
from lambdatui.cli.options import COMPLETION_VARIABLE
from lambdatui.cli.session import Asked

_CLASSES: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
_INSTALL = {
    "bash": 'add to ~/.bashrc:  eval "$(lambdatui completion bash)"',
    "zsh": 'add to ~/.zshrc:  eval "$(lambdatui completion zsh)"',
    "fish": "lambdatui completion fish > ~/.config/fish/completions/lambdatui.fish",
}


@click.command(
    "completion",
    cls=HeadlessCommand,
    short_help="Print the completion script of a shell.",
    examples=tuple(_INSTALL.values()),
    shared=False,
)
@click.argument("shell", type=click.Choice(list(_INSTALL)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script that completes commands, options, functions and events in SHELL."""
    output = ctx.ensure_object(Asked).output()
    output.line(_CLASSES[shell](ctx.find_root().command, {}, "lambdatui", COMPLETION_VARIABLE).source())
    if output.for_eyes:
        output.say(_INSTALL[shell], "dim")
    return Exit.OK
