"""What all headless commands share: the options for the target and the output, and how their help looks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import click

from lambdatui.cli.options import A_VALUE, NOTHING, OPTIONS, Option
from lambdatui.cli.session import Asked, Session, run_to_end


class HeadlessCommand(click.Command):
    """A command that takes the shared options, and shows its examples as they are written."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), shared: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        if shared:
            self.params += [*target_options(), *output_options()]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, a line each."""
        write_lines("Examples", self.examples, formatter)
        super().format_epilog(ctx, formatter)


def headless(
    name: str, *, examples: Sequence[str] = (), **attributes: Any
) -> Callable[[Callable[..., Coroutine[Any, Any, int]]], click.Command]:
    """Make a command of a coroutine function that takes a `Session` first and returns the exit code."""

    def decorate(function: Callable[..., Coroutine[Any, Any, int]]) -> click.Command:
        def callback(**values: Any) -> int:
            asked = click.get_current_context().ensure_object(Asked)
            return run_to_end(function(Session.of(asked), **values))

        callback.__doc__ = function.__doc__
        callback.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        return click.command(name, cls=HeadlessCommand, examples=examples, **attributes)(callback)

    return decorate


def target_options(*, workbench: bool = False) -> list[click.Parameter]:
    """The options of `options.OPTIONS` as click has them; with `workbench` also those that only the screen needs."""
    return [_click_option(option) for option in OPTIONS if workbench or option.headless]


def output_options() -> list[click.Parameter]:
    """--json and --color."""
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_remember("json"),
            help="Print JSON: one object, or one object a line.",
        ),
        click.Option(
            ["--color/--no-color"],
            default=None,
            expose_value=False,
            callback=_remember("color"),
            help="Colour or none; by default colour on a terminal, and none where NO_COLOR is set.",
        ),
    ]


def write_lines(title: str, lines: Sequence[str], formatter: click.HelpFormatter) -> None:
    """A section of the help whose lines stay as they are."""
    if lines:
        with formatter.section(title):
            for line in lines:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")


def _click_option(option: Option) -> click.Option:
    shared: dict[str, Any] = {
        "help": option.help,
        "expose_value": False,
        "callback": _remember(option.field),
        "metavar": option.metavar or None,
    }
    if option.takes == NOTHING:
        return click.Option([option.flag, option.field], is_flag=True, default=None, **shared)
    if option.takes == A_VALUE:
        return click.Option([option.flag, option.field], **shared)
    return click.Option([option.flag, option.field], is_flag=False, flag_value=option.bare, **shared)


def _remember(field: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        # Options may stand before or after the command's name: what was not given must not overwrite what was.
        if value not in (None, False) or (field == "color" and value is False):
            ctx.ensure_object(Asked).chosen[field] = value

    return keep
