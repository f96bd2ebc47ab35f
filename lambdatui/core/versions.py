"""The published versions of a function, the aliases that lead to them, and the promise of a store that changes both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from lambdatui.core.reading import Made, Unread

if TYPE_CHECKING:
    from lambdatui.core.version_edits import VersionEdit

LATEST = "$LATEST"


@dataclass(frozen=True, slots=True)
class Version:
    """One version, `$LATEST` included. `state` and `snap_start` are AWS's words, open strings; "" is not known.

    `snap_start` is the snapshot's optimization status, "" where the version has none.
    """

    number: str
    description: str = ""
    modified_at: datetime | None = None
    code_sha256: str = ""
    code_size_bytes: int | None = None
    state: str = ""
    state_reason: str = ""
    snap_start: str = ""
    revision_id: str = ""
    arn: str = ""

    @property
    def settled(self) -> bool:
        """Whether it has become what it will be."""
        return self.state != "Pending"


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a version. `weights` are the versions beside it with their share of the invocations, 0 to 1."""

    name: str
    version: str
    weights: tuple[tuple[str, float], ...] = ()
    description: str = ""
    revision_id: str = ""
    arn: str = ""

    @property
    def target(self) -> str:
        """Where it leads, as one types it: "3", or "3 4:10%" when version 4 gets a tenth."""
        return " ".join([self.version, *(f"{version}:{share * 100:g}%" for version, share in self.weights)])

    def leads_to(self, version: str) -> bool:
        """Whether any invocation of the alias may run `version`."""
        return version == self.version or any(version == other for other, _ in self.weights)


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Environments kept ready for one version or alias. `status` is AWS's word: IN_PROGRESS, READY or FAILED."""

    qualifier: str
    requested: int
    allocated: int = 0
    available: int = 0
    status: str = ""
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Whether it has become what was asked for, or failed to."""
        return self.status != "IN_PROGRESS"


@dataclass(frozen=True, slots=True)
class FunctionUrl:
    """An HTTPS address of one qualifier. `auth_type` NONE lets anybody in whom the policy does not keep out."""

    qualifier: str
    url: str
    auth_type: str
    invoke_mode: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """All of one function as it was read: versions newest first, aliases by name; `unread` are the missing parts."""

    function_name: str
    versions: tuple[Version, ...] = ()
    aliases: tuple[Alias, ...] = ()
    provisioned: tuple[Provisioned, ...] = ()
    urls: tuple[FunctionUrl, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether AWS is done with everything that was asked of it."""
        return all(v.settled for v in self.versions) and all(part.settled for part in self.provisioned)

    @property
    def latest(self) -> Version | None:
        """The code and settings that the next version is made of."""
        return self.version(LATEST)

    def version(self, number: str) -> Version | None:
        """The version of that number."""
        return next((version for version in self.versions if version.number == number), None)

    def alias(self, name: str) -> Alias | None:
        """The alias of that name."""
        return next((alias for alias in self.aliases if alias.name == name), None)

    def provisioned_of(self, qualifier: str) -> Provisioned | None:
        """What is kept ready for a version or alias."""
        return next((part for part in self.provisioned if part.qualifier == qualifier), None)

    def url_of(self, qualifier: str) -> FunctionUrl | None:
        """The address of a version or alias."""
        return next((url for url in self.urls if url.qualifier == qualifier), None)

    def is_unread(self, part: str) -> bool:
        """Whether a part ("aliases") could not be read."""
        return any(missing.part == part for missing in self.unread)


class VersionStore(Protocol):
    """Reads and changes the versions and aliases of functions."""

    async def read(self, function_name: str) -> Versions:
        """Everything, whole; a part that may not be read is in `unread` with its error.

        Source: Lambda ListVersionsByFunction, ListAliases, ListProvisionedConcurrencyConfigs, ListFunctionUrlConfigs.
        Raises:
            NotFound: no function of that name.
            WorkbenchError: nobody is signed in, or AWS is not reached.
        """
        ...

    async def apply(self, function_name: str, edit: VersionEdit) -> Made[VersionEdit]:
        """Make one change, sent once. Waits first while AWS is busy with an earlier one.

        What takes AWS a while (provisioned concurrency, a new version) is under way when this returns: see `watch`.
        Raises:
            Conflict: it is not any more what `edit` says it was; `mine` and `theirs` hold both.
            InvalidInput: the server refuses it.
            NotFound: what it is about is gone.
        """
        ...

    def watch(self, read: Versions) -> AsyncIterator[Versions]:
        """`read` as it goes on, each time that something was looked at again; ends when all is settled.

        Cancelling it ends the looking; what AWS was asked for goes on.
        Raises:
            WorkbenchError: it can't be looked at any more.
        """
        ...
