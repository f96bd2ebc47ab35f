"""Everything that the workbench and the commands are given: the parts, and nothing about how they were made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

# Types only: what starts the workbench names this module before the first frame.
if TYPE_CHECKING:
    from lambdatui.core.events import DraftStore, EventStore
    from lambdatui.core.history import History
    from lambdatui.core.log_texts import ColdTexts
    from lambdatui.core.new_file import NewFile
    from lambdatui.core.remembered import FunctionListCache, Memory
    from lambdatui.core.target import Backend, Target
    from lambdatui.core.targets import Address, Offer, RegionOffer
    from lambdatui.settings import Settings


class Targets(Protocol):
    """What could be opened instead of the target at hand. Asks nobody: files are read, nothing is sent."""

    def offers(self) -> tuple[Offer, ...]:
        """Recent ones first, then AWS profiles, the project at hand, the examples. Blocks.

        Raises:
            WorkbenchError: AWS's own settings can't be read.
        """
        ...

    def regions(self, address: Address) -> tuple[RegionOffer, ...]:
        """Those that an account may be opened in: recent ones, the profile's own, then every one that is known. Blocks.

        Raises:
            WorkbenchError: AWS's own settings can't be read.
        """
        ...

    def open(self, address: Address) -> Services:
        """The parts that serve the target at `address`. Blocks.

        Raises:
            WorkbenchError: there is no such target any more.
        """
        ...

    def remember(self) -> None:
        """The target at hand is open: it is offered first from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that serve one target.

    `state_folder` is the target's own folder for what is kept about it. `clock` gives an aware time in UTC.
    `write_file` writes what the user asked for to a new file, atomically, and returns its path; it blocks.
    `open_backend` starts the target's backend; whoever calls it closes it. `close` ends what was opened besides.
    `new_file` begins a file that is too large to be held; None where none can be written.
    `log_texts` makes a place for the text of older log lines; None keeps them in memory.
    `targets` are what could be opened instead; None where nothing can.
    """

    settings: Settings
    target: Target
    events: EventStore
    drafts: DraftStore
    history: History
    functions: FunctionListCache
    memory: Memory
    state_folder: Path
    config_file: Path
    clock: Callable[[], datetime]
    write_file: Callable[[str, bytes], str]
    open_backend: Callable[[], Awaitable[Backend]]
    close: Callable[[], None]
    targets: Targets | None = None
    new_file: Callable[[str], NewFile] | None = None
    log_texts: Callable[[], ColdTexts] | None = None

    @property
    def theme(self) -> str:
        """The theme to start with: the one that the settings name, else the one chosen last, else the default."""
        if "theme" in self.settings.origins:
            return self.settings.theme
        return self.memory.load().theme or self.settings.theme
