"""The options that choose what is looked at, and the commands there are: one home for the fast lane and for click.

Imports nothing: the last known screen of the workbench is on the terminal only after this module. `dataclasses` and
`enum` alone would cost it 10 ms, which is why these classes are written out.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing to ask for it costs 4 ms
if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETION_VARIABLE = "_LAMBDATUI_COMPLETE"
"""Set by the shell's completion script: the command is asked what could come next."""

COMMANDS = ("ls", "show", "invoke", "tail", "insights", "set", "publish", "events", "completion")

# Whether an option is followed by a value.
NOTHING, A_VALUE, PERHAPS_A_VALUE = range(3)


class Option:
    """One option.

    `field` is where `TargetOptions` holds it; `takes` says whether a value follows, and `bare` is the value when it
    need not and does not. `headless` options are those of the commands too.
    """

    __slots__ = ("bare", "field", "flag", "headless", "help", "metavar", "takes")

    def __init__(
        self,
        flag: str,
        field: str,
        help: str,  # noqa: A002  # click's word
        takes: int = NOTHING,
        *,
        metavar: str = "",
        bare: str = "",
        headless: bool = True,
    ) -> None:
        self.flag = flag
        self.field = field
        self.help = help
        self.takes = takes
        self.metavar = metavar
        self.bare = bare
        self.headless = headless


class TargetOptions:
    """What was asked for on the command line; None where nothing was said. Not to be changed once made."""

    __slots__ = ("aws", "config", "demo", "endpoint_url", "local", "profile", "read_only", "region", "theme")

    def __init__(
        self,
        local: str | None = None,
        *,
        demo: bool = False,
        aws: bool = False,
        profile: str | None = None,
        region: str | None = None,
        endpoint_url: str | None = None,
        read_only: bool = False,
        config: str | None = None,
        theme: str | None = None,
    ) -> None:
        self.local = local
        self.demo = demo
        self.aws = aws
        self.profile = profile
        self.region = region
        self.endpoint_url = endpoint_url
        self.read_only = read_only
        self.config = config
        self.theme = theme

    @property
    def conflict(self) -> str:
        """The two options that name different targets, "" when there are none: "--demo and --local"."""
        on_aws = {
            "--aws": self.aws,
            "--profile": self.profile is not None,
            "--region": self.region is not None,
            "--endpoint-url": self.endpoint_url is not None,
        }
        targets = [("--demo", self.demo), ("--local", self.local is not None)]
        targets.append((next((flag for flag, given in on_aws.items() if given), ""), any(on_aws.values())))
        flags = [flag for flag, given in targets if given]
        return " and ".join(flags[:2]) if len(flags) > 1 else ""


OPTIONS = (
    Option(
        "--local",
        "local",
        "A project folder: its functions run on this machine. Without PATH, the folder you are in.",
        PERHAPS_A_VALUE,
        metavar="[PATH]",
        bare=".",
    ),
    Option("--demo", "demo", "Your own copy of the functions that ship with lambdatui."),
    Option("--aws", "aws", "Your AWS account: the profile and region that AWS's own settings name."),
    Option(
        "--profile", "profile", "An AWS profile; several, with commas, are opened together.", A_VALUE, metavar="NAME"
    ),
    Option("--region", "region", "An AWS region; several, with commas, are opened together.", A_VALUE, metavar="NAME"),
    Option("--endpoint-url", "endpoint_url", "Where AWS's API is served instead.", A_VALUE, metavar="URL"),
    Option("--read-only", "read_only", "Change nothing and invoke nothing."),
    Option("--config", "config", "The settings file to read.", A_VALUE, metavar="FILE"),
    Option("--theme", "theme", "The colours of the workbench.", A_VALUE, metavar="NAME", headless=False),
)
_BY_FLAG = {option.flag: option for option in OPTIONS}


def parse_workbench(words: Sequence[str]) -> TargetOptions | None:
    """The options of a plain `lambdatui`, or None when click has to look: a command, --help, or a mistake.

    The word after `--local` is its PATH unless it is an option or a command; `--local=PATH` takes any.
    """
    options = TargetOptions()
    waiting = list(reversed(words))
    while waiting:
        flag, equals, value = waiting.pop().partition("=")
        option = _BY_FLAG.get(flag)
        if option is None or (equals and option.takes == NOTHING):
            return None
        if option.takes == NOTHING:
            setattr(options, option.field, True)
        elif equals:
            setattr(options, option.field, value)
        elif option.takes == PERHAPS_A_VALUE and (
            not waiting or waiting[-1].startswith("-") or waiting[-1] in COMMANDS
        ):
            setattr(options, option.field, option.bare)
        elif waiting:
            setattr(options, option.field, waiting.pop())
        else:
            return None
    return None if options.conflict else options


def without_ambiguity(words: Sequence[str]) -> list[str]:
    """`words` as click is to read them: a bare `--local` in front of a command stands for the current folder."""
    plain = list(words)
    for index, word in enumerate(plain[:-1]):
        if word in COMMANDS:
            break
        option = _BY_FLAG.get(word)
        if option is not None and option.takes == PERHAPS_A_VALUE and plain[index + 1] in COMMANDS:
            plain[index] = f"{word}={option.bare}"
            break
    return plain
