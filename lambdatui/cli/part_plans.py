"""`alias.live=3 provisioned.live=5 trigger.orders.batch_size=10` become changes of a function's parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from lambdatui.cli.assignments import refuse_nothing
from lambdatui.core.errors import InvalidInput, Unsupported
from lambdatui.core.reading import Made
from lambdatui.core.target import Backend
from lambdatui.core.trigger_edits import MAPPING_SETTINGS, MappingValue, SetMapping, parse_filters, warning_of
from lambdatui.core.triggers import EventSourceMapping, Triggers
from lambdatui.core.version_edits import (
    CreateAlias,
    DeleteAlias,
    Difference,
    SetProvisioned,
    UpdateAlias,
    VersionEdit,
    difference_of,
    parse_alias,
    parse_provisioned,
    parse_target,
)
from lambdatui.core.versions import LATEST, Versions

FAMILIES = ("alias", "provisioned", "trigger")
_SWITCH = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`KEY=TEXT`, or KEY to be unset."""

    key: str
    text: str | None

    @property
    def family(self) -> str:
        """What the key is about: one of `FAMILIES` when it is for this module."""
        return self.key.partition(".")[0] if "." in self.key else ""

    @property
    def name(self) -> str:
        """What comes after the family."""
        return self.key.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that is left to make."""

    key: str
    difference: Difference
    apply: Callable[[], Awaitable[Made[VersionEdit] | Made[SetMapping]]]
    warning: str = ""


def parts_wanted(assignments: Sequence[str], unset: Sequence[str]) -> tuple[Wanted, ...]:
    """The assignments, when they are all for this module; () when none is.

    Raises:
        InvalidInput: some are and some are not, or a key is given twice, or without a value.
    """
    wanted = [Wanted(key, text) for key, _, text in (one.partition("=") for one in assignments)]
    if nothing := next((one.key for one in wanted if one.family in FAMILIES and not (one.text or "").strip()), ""):
        refuse_nothing(nothing)
    wanted += [Wanted(key, None) for key in unset]
    mine = [one for one in wanted if one.family in FAMILIES]
    if twice := next((one.key for one in mine if [other.key for other in mine].count(one.key) > 1), ""):
        raise InvalidInput(f"{twice} is given twice")
    if mine and len(mine) < len(wanted):
        other = next(one.key for one in wanted if one not in mine)
        raise InvalidInput(
            f"{mine[0].key} and {other} can't be changed in one command", "Give two: the first, then the other."
        )
    return tuple(mine)


def plan(
    backend: Backend, function: str, wanted: Wanted, versions: Versions | None, triggers: Triggers | None
) -> Planned | None:
    """The change that `wanted` means on what was read; None when it is so already.

    Raises:
        InvalidInput: it can't be meant; the title says what may be written.
    """
    if triggers is not None and backend.triggers is not None and wanted.family == "trigger":
        store = backend.triggers
        mapping, setting_edit = _mapping_edit(wanted, triggers)
        if setting_edit is None:
            return None
        return Planned(
            wanted.key,
            setting_edit.difference,
            lambda: store.apply(function, setting_edit),
            warning_of(mapping, setting_edit),
        )
    edit = _version_edit(wanted, versions or Versions(function))
    keeper = backend.versions
    if edit is None or keeper is None:
        return None
    return Planned(wanted.key, difference_of(edit), lambda: keeper.apply(function, edit))


def _version_edit(wanted: Wanted, read: Versions) -> VersionEdit | None:
    known = [version.number for version in read.versions]
    if wanted.family == "provisioned":
        return _provisioned_edit(wanted, read, known)
    alias = read.alias(wanted.name)
    if wanted.text is None:
        if alias is None:
            raise InvalidInput(f"There is no alias {wanted.name}")
        return DeleteAlias(alias)
    if alias is None:
        return CreateAlias(parse_alias(f"{wanted.name} {wanted.text}", known, ()))
    version, weights = parse_target(wanted.text, known)
    if (version, weights) == (alias.version, alias.weights):
        return None
    return UpdateAlias(alias, replace(alias, version=version, weights=weights))


def _provisioned_edit(wanted: Wanted, read: Versions, known: Sequence[str]) -> VersionEdit | None:
    if wanted.name == LATEST:
        raise InvalidInput(f"{LATEST} can't have provisioned concurrency", "Publish a version, or name an alias.")
    if known and wanted.name not in known and read.alias(wanted.name) is None and not read.is_unread("aliases"):
        raise InvalidInput(f"{wanted.name} is neither a version nor an alias")
    kept = read.provisioned_of(wanted.name)
    old, new = kept.requested if kept else None, parse_provisioned(wanted.text or "none")
    return None if old == new else SetProvisioned(wanted.name, old, new)


def _mapping_edit(wanted: Wanted, read: Triggers) -> tuple[EventSourceMapping, SetMapping | None]:
    source, _, key = wanted.name.rpartition(".")
    found = [one for one in read.mappings if source in (one.uuid, one.source, one.source_arn)]
    if len(found) != 1:
        there = ", ".join(f"{one.source} ({one.uuid})" for one in read.mappings) or "none"
        problem = f"{len(found)} event sources are named {source}" if found else f"No event source is named {source}"
        raise InvalidInput(problem, f"There are: {there}.")
    if key not in MAPPING_SETTINGS:
        raise InvalidInput(
            f"No setting of an event source is named {key}", f"There are: {', '.join(MAPPING_SETTINGS)}."
        )
    mapping, setting = found[0], MAPPING_SETTINGS[key]
    old = mapping.value(key)
    new: MappingValue
    if key == "enabled":
        if (wanted.text or "").lower() not in _SWITCH:
            raise InvalidInput("enabled is true or false", f"“{wanted.text}” is neither.")
        new = _SWITCH[(wanted.text or "").lower()]
    elif key == "filters":
        if mapping.filters_unread:
            raise Unsupported("The filters can't be read, so not changed", mapping.filters_unread)
        new = () if (wanted.text or "").strip().lower() == "none" else parse_filters(wanted.text or "")
    else:
        new = setting.parse(wanted.text if wanted.text is not None else "none")
    return mapping, None if old == new else SetMapping(mapping.uuid, mapping.name, key, old, new)
