"""What a Lambda function is, as far as a list and a glance need it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from lambdatui.core.errors import WorkbenchError


@dataclass(frozen=True, slots=True)
class Unreserved:
    """The function shares the account's concurrency (or the local cap) with all others."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """At most `executions` run at once; 0 stops the function."""

    executions: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Could not be read; `reason` says why. Never the same as unreserved or 0."""

    reason: str


Concurrency: TypeAlias = Unreserved | Reserved | Unknown


@dataclass(frozen=True, slots=True)
class FunctionSummary:
    """One row of the list. Units: memory in MB, timeout in seconds, code size in bytes.

    `runtime` is an open string ("python3.13", "provided.al2023", "" for images). `origin` says where it is
    defined, such as "template.yaml:12". `problem` is the reason why it can't be invoked, "" when it can.
    `place` is where it is when several places are listed together, and the end of its name then: "NAME@eu-west-1".
    """

    name: str
    runtime: str = ""
    handler: str = ""
    memory_mb: int = 128
    timeout_s: int = 3
    description: str = ""
    architecture: str = "x86_64"
    package_type: str = "Zip"
    code_size_bytes: int | None = None
    last_modified_at: datetime | None = None
    log_group: str = ""
    log_format: str = "Text"
    arn: str = ""
    origin: str = ""
    problem: str = ""
    layer_count: int = 0
    place: str = ""

    @property
    def own_name(self) -> str:
        """Its name on AWS, without the place."""
        return self.name.removesuffix(f"@{self.place}") if self.place else self.name


@dataclass(frozen=True, slots=True)
class FunctionPage:
    """A part of the list; `problems` are those parts of the source that could not be read."""

    functions: tuple[FunctionSummary, ...]
    problems: tuple[WorkbenchError, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDetail:
    """What is fetched for one function on demand.

    `state` is AWS's word (Active, Pending, Inactive, Failed), and `last_update` how the last change went (Successful,
    InProgress, Failed). `code_location` is a folder, file or image URI.
    """

    summary: FunctionSummary
    state: str
    reserved: Concurrency
    state_reason: str = ""
    code_location: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    last_update: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """The list is out of date. `reason` is a sentence for the user; `functions` are those touched, () for all."""

    reason: str
    functions: tuple[str, ...] = ()


class FunctionCatalogue(Protocol):
    """Lists the functions of one target."""

    def pages(self) -> AsyncIterator[FunctionPage]:
        """Every function, a page at a time, in the order of the service. Never silently a part of the list.

        Source: Lambda ListFunctions, 50 a page; locally, discovery in the project's folder.
        Raises:
            WorkbenchError: a page could not be fetched; what came before stays valid.
        """
        ...

    async def detail(self, name: str) -> FunctionDetail:
        """State, concurrency and tags of one function.

        Source: Lambda GetFunction.
        Raises:
            NotFound: no function of that name.
        """
        ...

    def changes(self) -> AsyncIterator[CatalogueChange]:
        """What changed outside of the workbench, as it happens (a source file, a template). Ends when cancelled;
        ends at once where the target does not tell."""
        ...
