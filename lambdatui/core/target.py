"""What the workbench looks at, and the parts that serve it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

# The first frame shows a target before any port is needed: making all the ports' dataclasses takes 25 ms.
if TYPE_CHECKING:
    from lambdatui.core.actions import ActionLog
    from lambdatui.core.configuration import ConfigurationStore
    from lambdatui.core.failed_events import FailedEvents
    from lambdatui.core.functions import FunctionCatalogue
    from lambdatui.core.insights import Insights
    from lambdatui.core.inspection import Inspector
    from lambdatui.core.invocation import Invoker
    from lambdatui.core.invocation_log import InvocationLogs
    from lambdatui.core.layers import LayerShelf
    from lambdatui.core.logs import LogSource
    from lambdatui.core.sign_in import SignIn
    from lambdatui.core.triggers import TriggerStore
    from lambdatui.core.versions import VersionStore


class TargetKind(Enum):
    """The word that the header shows."""

    LOCAL = "local"
    DEMO = "demo"
    AWS = "aws"


@dataclass(frozen=True, slots=True)
class AwsPlace:
    """Where on AWS, as far as is known without asking it. `profile` and `endpoint_url` are "" when argv names none."""

    region: str
    profile: str = ""
    endpoint_url: str = ""


class Marks(NamedTuple):
    """How a target is to be opened; `read_only_origin` is who says so: "--read-only", "config.toml:3", or ""."""

    read_only: bool = False
    production: bool = False
    read_only_origin: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What the workbench looks at.

    `key` is a name that is safe in a path and the same at every start: state is kept under it. `label` is what
    the header shows ("./examples"); `path` is the folder of the functions' code: the project's, on AWS `/var/task`;
    `note` says why this target was chosen when the user did not say. `aws` is set on AWS only.
    `production` is whether the user marked the profile so: the screen says it in red, and each change asks for the
    function's name. `read_only_origin` is who says that it is read-only.
    """

    kind: TargetKind
    key: str
    label: str
    path: str
    read_only: bool = False
    note: str = ""
    aws: AwsPlace | None = None
    production: bool = False
    read_only_origin: str = ""
    parts: tuple[tuple[str, Target], ...] = ()
    """The places that are listed together, each with its label; () for one place alone."""

    def place_of(self, function_name: str) -> tuple[str, AwsPlace | None]:
        """What a function of the list is called where it is, and where that is: "orders" for "orders@us-east-1"."""
        name, _, label = function_name.rpartition("@")
        part = dict(self.parts).get(label)
        return (function_name, self.aws) if part is None else (name, part.aws)


class Identity(NamedTuple):
    """Whose functions these are; `alias` is "" where the account has none, or nobody may ask."""

    account: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Backend:
    """The ports of one open target. `close` ends everything that it started, children included.

    `versions`, `triggers` and `layers` are None on a target that has none; `inspector` where the list tells everything.
    `identity` tells whose functions these are, and tells it again when more is known; None when they are the user's.
    `sign_in` is None where nobody asks who one is, `actions` where nothing is sent anywhere.
    `invocation_logs` finds the log of one invocation, where its answer does not bring all of it. `failed_events` looks
    into the queue that keeps a function's failed events; None where there is none to look into.
    """

    target: Target
    catalogue: FunctionCatalogue
    invoker: Invoker
    logs: LogSource
    configuration: ConfigurationStore
    close: Callable[[], Awaitable[None]]
    identity: Callable[[], AsyncIterator[Identity]] | None = None
    invocation_logs: InvocationLogs | None = None
    failed_events: FailedEvents | None = None
    versions: VersionStore | None = None
    triggers: TriggerStore | None = None
    layers: LayerShelf | None = None
    inspector: Inspector | None = None
    sign_in: SignIn | None = None
    actions: ActionLog | None = None
    insights: Insights | None = None
