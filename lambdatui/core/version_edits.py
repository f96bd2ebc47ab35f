"""What can be done to versions and aliases: each change with its difference, and what is typed for it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from lambdatui.core.errors import InvalidInput
from lambdatui.core.versions import LATEST, Alias

_NAME = re.compile(r"(?!\d+$)[A-Za-z0-9_-]{1,128}")
_SHARE = re.compile(r"(\S+?)[:=]([0-9]+(?:\.[0-9]+)?)%?")
DESCRIPTION_CHARACTERS = 256


@dataclass(frozen=True, slots=True)
class Publish:
    """Make a version of `$LATEST`, if it still is the code and the revision that were seen."""

    description: str
    code_sha256: str
    revision_id: str
    newest: str = ""


@dataclass(frozen=True, slots=True)
class DeleteVersion:
    """Delete one published version: its code and settings are gone for good."""

    number: str


@dataclass(frozen=True, slots=True)
class CreateAlias:
    """Make an alias."""

    alias: Alias


@dataclass(frozen=True, slots=True)
class UpdateAlias:
    """Point an alias elsewhere, or describe it anew, if it still is at the revision of `old`."""

    old: Alias
    new: Alias


@dataclass(frozen=True, slots=True)
class DeleteAlias:
    """Delete an alias, and with it its function URL and its provisioned concurrency."""

    alias: Alias


@dataclass(frozen=True, slots=True)
class SetProvisioned:
    """Keep `new` environments ready for a version or alias; None for as many as are needed."""

    qualifier: str
    old: int | None
    new: int | None


VersionEdit: TypeAlias = Publish | DeleteVersion | CreateAlias | UpdateAlias | DeleteAlias | SetProvisioned


@dataclass(frozen=True, slots=True)
class Difference:
    """A change as a person reads it: what it is about, old → new."""

    about: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.about} {self.old} → {self.new}" if self.old != self.new else self.about


def difference_of(edit: VersionEdit) -> Difference:
    """What `edit` changes."""
    match edit:
        case Publish(description=description, newest=newest):
            named = f" “{description}”" if description else ""
            return Difference(
                "Publish", f"newest is {newest}" if newest else "none", f"{LATEST} as a new version{named}"
            )
        case DeleteVersion(number):
            return Difference(f"Version {number}", "published", "deleted")
        case CreateAlias(alias):
            return Difference(f"Alias {alias.name}", "none", alias.target)
        case UpdateAlias(old, new) if old.description != new.description:
            return Difference(f"Alias {old.name}: description", old.description or "none", new.description or "none")
        case UpdateAlias(old, new):
            return Difference(f"Alias {old.name}", old.target, new.target)
        case DeleteAlias(alias):
            return Difference(f"Alias {alias.name}", alias.target, "deleted")
        case SetProvisioned(qualifier, before, after):
            return Difference(
                f"Provisioned concurrency of {qualifier}", show_provisioned(before), show_provisioned(after)
            )
        case _:
            assert_never(edit)


def rebased(edit: VersionEdit, now: Alias | None) -> VersionEdit:
    """`edit` of an alias that stands as it was seen, with the revision of now: only that moved on."""
    match edit:
        case UpdateAlias(old, new) if now is not None and _same(old, now):
            return UpdateAlias(now, replace(new, revision_id=now.revision_id, arn=now.arn))
        case DeleteAlias(alias) if now is not None and _same(alias, now):
            return DeleteAlias(now)
        case _:
            return edit


def show_provisioned(executions: int | None) -> str:
    """Requested executions; none where nothing is kept ready."""
    return "none" if executions is None else f"{executions:,}"


def parse_target(text: str, known: Sequence[str]) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Where an alias is to lead: "3", or "3 4:10%". `known` are the versions that there are, () when not known.

    Raises:
        InvalidInput: it can't be meant; the title says what may be typed.
    """
    version, *shares = text.replace(",", " ").split() or [""]
    if not version:
        raise InvalidInput("A version, such as 3, or 3 4:10%", "3 4:10% sends a tenth to version 4.")
    version = _known(version, known)
    weights = []
    for share in shares:
        match = _SHARE.fullmatch(share)
        if match is None:
            raise InvalidInput("VERSION:PERCENT, such as 4:10%", f"“{share}” is not.")
        other, percent = _known(match[1], known), float(match[2])
        if not 0 < percent < 100:
            raise InvalidInput("More than 0 % and less than 100 %", f"“{share}” is not.")
        if other == version:
            raise InvalidInput(f"Version {other} gets what is left", "Name another one for a share of the invocations.")
        weights.append((other, percent / 100))
    if len(weights) > 1:
        raise InvalidInput("An alias takes one version beside its own", f"There are {len(weights)}.")
    if weights and LATEST in (version, weights[0][0]):
        raise InvalidInput(f"{LATEST} can't share an alias with a version", "Publish it first.")
    return version, tuple(weights)


def parse_alias(text: str, known: Sequence[str], taken: Sequence[str]) -> Alias:
    """A new alias: "live 3", or "live 3 4:10%". `taken` are the names that there are.

    Raises:
        InvalidInput: it can't be meant; the title says what may be typed.
    """
    name, _, target = text.strip().partition(" ")
    if not name:
        raise InvalidInput("NAME VERSION, such as live 3", "live 3 4:10% sends a tenth to version 4.")
    if not _NAME.fullmatch(name):
        raise InvalidInput("A name has letters, digits, - and _", f"“{name}” is none, or is a number.")
    if name in taken:
        raise InvalidInput(f"There is an alias {name}", "Enter on its row changes it.")
    version, weights = parse_target(target, known)
    return Alias(name, version, weights)


def parse_provisioned(text: str) -> int | None:
    """How many environments are to be kept ready.

    Raises:
        InvalidInput: it is neither a number nor none.
    """
    word = text.strip().replace(",", "").lower()
    if word in ("", "0", "none", "-"):
        return None
    if not re.fullmatch(r"[0-9]{1,9}", word):
        raise InvalidInput("A number of executions, or none", f"“{text.strip()}” is neither.")
    return int(word)


def parse_description(text: str) -> str:
    """A description.

    Raises:
        InvalidInput: it is too long.
    """
    text = " ".join(text.split())
    if len(text) > DESCRIPTION_CHARACTERS:
        raise InvalidInput(f"{DESCRIPTION_CHARACTERS} characters at most", f"There are {len(text)}.")
    return text


def _same(one: Alias, other: Alias) -> bool:
    return (one.name, one.target, one.description) == (other.name, other.target, other.description)


def _known(version: str, known: Sequence[str]) -> str:
    version = LATEST if version.upper() in (LATEST, LATEST[1:]) else version
    if version != LATEST and not re.fullmatch(r"[0-9]{1,9}", version):
        raise InvalidInput("A version is a number", f"“{version}” is none.")
    if known and version not in known:
        numbers = [number for number in known if number != LATEST]
        there = f"Published are: {', '.join(numbers[:12])}" if numbers else "None is published: n publishes one"
        raise InvalidInput(f"There is no version {version}", f"{there}.")
    return version
