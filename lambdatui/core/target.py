"""What the workbench looks at, and the parts that serve it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

# The first frame shows a target before any port is needed: making all the ports' dataclasses takes 25 ms.
if TYPE_CHECKING:
    from lambdatui.core.configuration import ConfigurationStore
    from lambdatui.core.functions import FunctionCatalogue
    from lambdatui.core.invocation import Invoker
    from lambdatui.core.logs import LogSource


class TargetKind(Enum):
    """The word that the header shows."""

    LOCAL = "local"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Target:
    """What the workbench looks at.

    `key` is a name that is safe in a path and the same at every start: state is kept under it. `label` is what
    the header shows ("./examples"); `path` is the project's folder; `note` says why this target was chosen when
    the user did not say.
    """

    kind: TargetKind
    key: str
    label: str
    path: str
    read_only: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Backend:
    """The ports of one open target. `close` ends everything that it started, children included."""

    target: Target
    catalogue: FunctionCatalogue
    invoker: Invoker
    logs: LogSource
    configuration: ConfigurationStore
    close: Callable[[], Awaitable[None]]
