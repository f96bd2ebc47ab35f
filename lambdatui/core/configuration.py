"""The configuration of a function as it stands, a change of it, and the promise of a store that makes changes.

A setting has one key everywhere: the configuration pane, `lambdatui set FN memory=512`, files of overrides.
Keys of environment variables are `env.NAME`, those of tags `tag.NAME`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

from lambdatui.core.configuration_kinds import Definition, Parsed, Value
from lambdatui.core.configuration_table import COMMON, DEFINITIONS, MEMORY, RESERVED, TIMEOUT, definition_of
from lambdatui.core.functions import Unknown
from lambdatui.core.limits import ENVIRONMENT_BYTES

__all__ = [
    "COMMON",
    "DEFINITIONS",
    "MEMORY",
    "RESERVED",
    "TIMEOUT",
    "Change",
    "Configuration",
    "ConfigurationStore",
    "Definition",
    "Entry",
    "Parsed",
    "Progress",
    "Step",
    "Value",
    "definition_of",
    "environment_warning",
    "unheard",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One setting, old → new. None as `new` removes it (an environment variable) or goes back to the default."""

    key: str
    old: Value
    new: Value

    @property
    def inverse(self) -> Change:
        """The change that undoes this one."""
        return Change(self.key, self.new, self.old)

    def show(self, *, masked: bool = False) -> str:
        """The diff in one line: "Memory 256 MB → 512 MB". `masked` hides the values of environment variables."""
        definition = definition_of(self.key)
        if masked and definition.kind == "environment":
            hidden = ["not set" if value is None else "••••" for value in (self.old, self.new)]
            return f"{definition.label} {hidden[0]} → {hidden[1]}"
        return f"{definition.label} {definition.show(self.old)} → {definition.show(self.new)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as it stands. `origin` says where the value comes from: "template.yaml:12", "default", "edited here".

    `locked` is the reason why it can't be changed on this target, "" when it can. `hides` is what an edit stands in
    front of ("template.yaml:12 has 256 MB"), "" when there is nothing. `reset` is the change that removes it or goes
    back to its default, None when there is nothing to take back. `note` is what else is known of the value.
    """

    definition: Definition
    value: Value
    origin: str
    locked: str = ""
    hides: str = ""
    reset: Change | None = None
    note: str = ""

    @property
    def secret(self) -> bool:
        """Whether the value is masked until asked for."""
        return self.definition.kind == "environment" and not isinstance(self.value, Unknown)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of one function, as read at `revision_id`.

    `cautions` are sentences that whoever changes something should have read. `families` are the prefixes of the keys
    that can be added: "env", and on AWS "tag".
    """

    function_name: str
    revision_id: str
    entries: tuple[Entry, ...]
    cautions: tuple[str, ...] = ()
    families: tuple[str, ...] = ("env",)

    def entry(self, key: str) -> Entry | None:
        """One setting; None when it is not there."""
        return next((entry for entry in self.entries if entry.definition.key == key), None)

    def value(self, key: str) -> Value:
        """The value of one setting; None when it is not there."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    def outcome(self, change: Change) -> Change:
        """`change` with the value that stands now, after it was made; where that can't be read, the one asked for."""
        family = change.key.partition(".")[0]
        if isinstance(self.value(change.key), Unknown) or isinstance(self.value(family), Unknown):
            return change
        return Change(change.key, change.old, self.value(change.key))

    def obstacle(self, key: str) -> str:
        """Why the setting `key` can't be changed here, "" when it can: also for a variable or tag that is not there."""
        entry = self.entry(key)
        if entry is not None:
            return entry.locked
        family, dot, _ = key.partition(".")
        if not dot or family not in self.families:
            return "This target has no such setting."
        unread = self.entry(family)
        return unread.locked if unread is not None else ""


def environment_warning(configuration: Configuration, changes: Iterable[Change]) -> str:
    """What Lambda may object to when all variables are taken together after `changes`, "" when nothing."""
    variables = {
        entry.definition.key: entry.value for entry in configuration.entries if entry.definition.kind == "environment"
    }
    changed = {change.key: change.new for change in changes if change.key.startswith("env.")}
    if not changed:
        return ""
    sizes = (
        len(f"{key.removeprefix('env.')}{value}".encode("utf-8", "replace"))
        for key, value in {**variables, **changed}.items()
        if isinstance(value, str)
    )
    size = sum(sizes)
    if size <= ENVIRONMENT_BYTES:
        return ""
    return f"{size:,} B of variables in all, {ENVIRONMENT_BYTES:,} at most: the server may refuse it"


class Step(Enum):
    """Where a change is on its way; the value is what a person reads."""

    READING = "reading what stands now"
    SENDING = "sending"
    BUSY = "another update is in progress: waiting for its end, nothing is sent yet"
    THROTTLED = "throttled by AWS: asking again in a moment"
    SETTLING = "sent: waiting until it took effect"
    LOOKING = "the answer was lost: looking whether it arrived"

    @property
    def sent(self) -> bool:
        """Whether the change may be on its way already: who stops waiting does not stop it."""
        return self in (Step.SENDING, Step.SETTLING, Step.LOOKING)


Progress: TypeAlias = Callable[[Step], None]
"""Hears of each step as it begins, on the event loop."""


def unheard(step: Step) -> None:
    """A `Progress` that nobody hears."""


class ConfigurationStore(Protocol):
    """Reads and changes the settings of functions."""

    async def read(self, function_name: str) -> Configuration:
        """Every setting, with the revision that it was read at. What may not be read is `Unknown`, and locked.

        Raises:
            NotFound: no function of that name.
        """
        ...

    async def apply(
        self, function_name: str, changes: tuple[Change, ...], revision_id: str, progress: Progress = unheard
    ) -> Configuration:
        """Make all `changes`, wait until they took effect, and return what the server says then.

        They are checked together before the first is sent, and made together where the target has one call for them.
        Environment variables are merged by key. Applying what is already so changes nothing. No request is repeated
        whose answer was lost: what stands is read and compared instead.
        Raises:
            Conflict: a setting in `changes` is no longer at its `old` value; `mine` and `theirs` hold both.
            InvalidInput: the server refuses a value.
            Unsupported: the target can't change that setting.
            PartlyApplied: some changes stand, and not all is well; `applied` holds their keys.
        """
        ...
