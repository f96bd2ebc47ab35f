"""What else could be opened, and how it is found again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lambdatui.core.target import TargetKind

MOST_RECENT = 12
"""So many targets are remembered."""


@dataclass(frozen=True, slots=True)
class Address:
    """How a target is found again: `path` is a project's folder, the rest is AWS's.

    `profile` is "" for the keys of the environment. `region` is "" where it is still to be chosen.
    """

    kind: TargetKind
    path: str = ""
    profile: str = ""
    region: str = ""
    endpoint_url: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to choose."""
        return self.kind is not TargetKind.AWS or bool(self.region)

    def in_region(self, region: str) -> Address:
        """The same in another region."""
        return replace(self, region=region)


@dataclass(frozen=True, slots=True)
class Offer:
    """One target that could be opened. `note` explains it; `origin` says why it is offered: "recent", "profile"."""

    address: Address
    title: str
    note: str
    origin: str
    production: bool = False
    read_only: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class RegionOffer:
    """One region, with its name in words; `note` says why it stands where it stands."""

    code: str
    words: str = ""
    note: str = ""


def recent_first(address: Address, known: tuple[Address, ...]) -> tuple[Address, ...]:
    """`known` with `address` in front, each once, the oldest of too many left out."""
    return (address, *(other for other in known if other != address))[:MOST_RECENT]
