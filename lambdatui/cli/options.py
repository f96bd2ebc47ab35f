"""The options that choose what is looked at, and the commands there are: one home for the fast lane and for click.

Plain Python on purpose: the workbench starts from here without importing click.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

COMMANDS = ("ls", "show", "invoke", "tail", "set", "events", "completion")


class Takes(Enum):
    """Whether an option is followed by a value."""

    NOTHING = "nothing"
    A_VALUE = "a value"
    PERHAPS_A_VALUE = "perhaps a value"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `field` is where `TargetOptions` holds it; `bare` is its value when none is given."""

    flag: str
    field: str
    help: str
    takes: Takes = Takes.NOTHING
    metavar: str = ""
    bare: str = ""
    headless: bool = True


OPTIONS = (
    Option(
        "--local",
        "local",
        "A project folder: its functions run on this machine. Without PATH, the folder you are in.",
        Takes.PERHAPS_A_VALUE,
        "[PATH]",
        ".",
    ),
    Option("--demo", "demo", "A fresh copy of the functions that ship with lambdatui."),
    Option("--read-only", "read_only", "Change nothing and invoke nothing."),
    Option("--config", "config", "The settings file to read.", Takes.A_VALUE, "FILE"),
    Option("--theme", "theme", "The colours of the workbench.", Takes.A_VALUE, "NAME", headless=False),
)
_BY_FLAG = {option.flag: option for option in OPTIONS}


@dataclass(frozen=True, slots=True)
class TargetOptions:
    """What was asked for on the command line; None where nothing was said."""

    local: str | None = None
    demo: bool = False
    read_only: bool = False
    config: str | None = None
    theme: str | None = None


def parse_workbench(words: Sequence[str]) -> TargetOptions | None:
    """The options of a plain `lambdatui`, or None when click has to look: a command, --help, or a mistake.

    The word after `--local` is its PATH unless it is an option or a command; `--local=PATH` takes any.
    """
    chosen: dict[str, str | bool] = {}
    waiting = list(reversed(words))
    while waiting:
        flag, equals, value = waiting.pop().partition("=")
        option = _BY_FLAG.get(flag)
        if option is None or (equals and option.takes is Takes.NOTHING):
            return None
        if option.takes is Takes.NOTHING:
            chosen[option.field] = True
        elif equals:
            chosen[option.field] = value
        elif waiting and not waiting[-1].startswith("-") and waiting[-1] not in COMMANDS:
            chosen[option.field] = waiting.pop()
        elif option.takes is Takes.PERHAPS_A_VALUE:
            chosen[option.field] = option.bare
        else:
            return None
    if "local" in chosen and "demo" in chosen:
        return None
    return TargetOptions(**chosen)  # type: ignore[arg-type]  # each field has the type that its option takes


def without_ambiguity(words: Sequence[str]) -> list[str]:
    """`words` as click is to read them: a bare `--local` in front of a command stands for the current folder."""
    return [
        f"{word}={_BY_FLAG[word].bare}"
        if word in _BY_FLAG
        and _BY_FLAG[word].takes is Takes.PERHAPS_A_VALUE
        and index + 1 < len(words)
        and words[index + 1] in COMMANDS
        and not any(earlier in COMMANDS for earlier in words[:index])
        else word
        for index, word in enumerate(words)
    ]
