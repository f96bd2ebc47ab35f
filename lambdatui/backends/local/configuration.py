"""Reads and changes the settings of local functions; changes are kept beside the project, never in its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.functions import ProjectFunctions
from lambdatui.backends.local.overrides import EDITED, Edits, setting, with_edits
from lambdatui.backends.local.validation import check
from lambdatui.blocking import call_blocking
from lambdatui.core.configuration import (
    COMMON,
    Change,
    Configuration,
    Entry,
    Progress,
    Value,
    definition_of,
    unheard,
)
from lambdatui.core.errors import Conflict, Unsupported
from lambdatui.core.limits import RESERVED_ENVIRONMENT_KEYS

_READ_ONLY = "the target is read-only"


class LocalConfiguration:
    """Implements `ConfigurationStore` over a project's overrides. Takes effect with the next invocation."""

    def __init__(self, functions: ProjectFunctions, concurrency_limit: int, *, read_only: bool = False) -> None:
        self._functions = functions
        self._concurrency_limit = concurrency_limit
        self._read_only = read_only

    async def read(self, function_name: str) -> Configuration:
        """See `ConfigurationStore.read`. The order is that of `COMMON`, then the environment by name."""
        discovered, spec = await self._functions.both(function_name)
        keys = (*COMMON, *(f"env.{name}" for name in _names(spec)))
        return Configuration(spec.name, revision_of(spec), tuple(self._entry(spec, discovered, key) for key in keys))

    async def apply(
        self,
        function_name: str,
        changes: tuple[Change, ...],
        revision_id: str,  # noqa: ARG002  # the port's; see below
        progress: Progress = unheard,  # noqa: ARG002  # it takes effect at once
    ) -> Configuration:
        """See `ConfigurationStore.apply`.

        `revision_id` alone is no conflict: who changed another setting meanwhile is not in the way.
        """
        if self._read_only and changes:
            raise Unsupported("Settings can't be changed", f"{_READ_ONLY.capitalize()}.")
        discovered, _ = await self._functions.both(function_name)
        names = await self._functions.names()
        await call_blocking(self._apply, discovered, changes, names)
        return await self.read(function_name)

    def _apply(self, discovered: FunctionSpec, changes: tuple[Change, ...], names: tuple[str, ...]) -> None:
        with self._functions.overrides.exclusive() as all_edits:
            edits = dict(all_edits.get(discovered.name, {}))
            before = with_edits(discovered, edits)
            changed: list[str] = []
            for change in changes:
                _refuse_unknown(change.key)
                now, new = setting(before, change.key), _goal(change, discovered)
                if now == new and not _goes_back(change, edits):
                    continue
                if not _is_at(change, now, edits):
                    _refuse(change, now, before.origins)
                _edit(edits, change.key, new, discovered)
                changed.append(change.key)
            after = with_edits(discovered, edits)
            check(after, changed, self._functions.root, names, self._concurrency_limit)
            if edits:
                all_edits[discovered.name] = edits
            else:
                all_edits.pop(discovered.name, None)

    def _entry(self, spec: FunctionSpec, discovered: FunctionSpec, key: str) -> Entry:
        locked = ""
        if self._read_only:
            locked = _READ_ONLY
        elif key == "log_level" and spec.log_format != "JSON":
            locked = "only the JSON log format has levels"
        definition, origin = definition_of(key), spec.origins.get(key, "default")
        hides = ""
        if origin == EDITED and key in discovered.origins:
            # The value of a variable may be a secret: its place alone is told.
            value = "another value" if definition.kind == "environment" else definition.show(setting(discovered, key))
            hides = f"{discovered.origins[key]} has {value}"
        now = setting(spec, key)
        takes_back = not locked and (origin == EDITED or definition.kind == "environment")
        reset = Change(key, now, None) if takes_back else None
        return Entry(definition, now, origin, locked, hides, reset)


def revision_of(spec: FunctionSpec) -> str:
    """A name for the state of all settings: the same while none of them changes."""
    values = [(key, repr(setting(spec, key))) for key in COMMON]
    values += sorted((name, repr(value)) for name, value in spec.environment.items())
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refuse_unknown(key: str) -> None:
    definition = definition_of(key)
    if definition.aws_only:
        raise Unsupported(f"{definition.label} can't be changed here", "The local runner has no such setting.")


def _names(spec: FunctionSpec) -> Iterable[str]:
    return sorted(name for name in spec.environment if name not in RESERVED_ENVIRONMENT_KEYS)


def _goal(change: Change, discovered: FunctionSpec) -> Value:
    """The value to reach: None means "removed" for a variable, "as discovered" for another setting."""
    if change.new is None and not change.key.startswith("env."):
        return setting(discovered, change.key)
    return None if change.new == "" and not change.key.startswith("env.") else change.new


def _goes_back(change: Change, edits: Edits) -> bool:
    """Whether the change only ends an edit that hides an equal value."""
    return change.new is None and not change.key.startswith("env.") and change.key in edits


def _is_at(change: Change, now: Value, edits: Edits) -> bool:
    if change.old is None and not change.key.startswith("env."):
        return now is None or change.key not in edits  # the inverse of "back to the default"
    return now == (None if change.old == "" and not change.key.startswith("env.") else change.old)


def _refuse(change: Change, now: Value, origins: Mapping[str, str]) -> None:
    definition = definition_of(change.key)
    hidden = definition.kind == "environment"
    mine = "••••" if hidden and change.new is not None else definition.show(change.new)
    theirs = "••••" if hidden and now is not None else definition.show(now)
    raise Conflict(
        f"{definition.label} changed since it was read",
        f"It is {theirs} now ({origins.get(change.key, 'default')}), not what this change began from.",
        "Read the settings again, then change.",
        mine=mine,
        theirs=theirs,
    )


def _edit(edits: Edits, key: str, new: Value, discovered: FunctionSpec) -> None:
    if new == setting(discovered, key):
        edits.pop(key, None)
    elif new is None and not key.startswith("env."):
        edits[key] = ""
    else:
        edits[key] = new
