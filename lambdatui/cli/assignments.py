"""`memory=512 env.KEY=v` and `--unset env.KEY` become changes of a configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lambdatui.core.configuration import Change, Configuration, Value, definition_of, environment_warning
from lambdatui.core.errors import InvalidInput, Unsupported

_LEVELS = ("log_level", "system_log_level")
"""Locked while the format is Text, and free in the same breath that makes it JSON."""

_MAY_BE_EMPTY = ("environment", "tag")


@dataclass(frozen=True, slots=True)
class Edit:
    """The changes that are left once those that are so already are dropped, and what the server may object to."""

    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()


def wanted_values(assignments: Sequence[str], unset: Sequence[str]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The new value of each key, None for those to unset, and the warnings about them.

    Raises:
        InvalidInput: not KEY=VALUE, no such setting, a value that can't be meant, none, or a key named twice.
    """
    values: dict[str, Value] = {}
    warnings = []
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise InvalidInput(f"“{assignment}” is not KEY=VALUE", "Write memory=512, env.STAGE=test or reserved=none.")
        _refuse_repetition(key, values)
        definition = definition_of(key)
        if not text.strip() and definition.kind not in _MAY_BE_EMPTY and key != "description":
            refuse_nothing(key)
        parsed = definition.parse(text)
        values[key] = parsed.value
        if parsed.warning:
            warnings.append(f"{definition.label} {definition.show(parsed.value)}: {parsed.warning}")
    for key in unset:
        _refuse_repetition(key, values)
        definition_of(key)
        values[key] = None
    if not values:
        raise InvalidInput("Nothing to set", "Write KEY=VALUE, such as memory=512, or --unset env.KEY.")
    return values, tuple(warnings)


def refuse_nothing(key: str) -> None:
    """Refuse `KEY=`: more often a variable of the shell that is not set than the wish to remove something.

    Raises:
        InvalidInput: always; the detail says how to write that it is meant.
    """
    raise InvalidInput(f"{key}= has no value", f"Is it to be removed, or to go back to its default? --unset {key}")


def edit_of(configuration: Configuration, values: dict[str, Value], warnings: tuple[str, ...]) -> Edit:
    """The changes that lead from `configuration` to `values`.

    Raises:
        Unsupported: this target can't change one of the settings; the detail is its reason.
    """
    changes = []
    for key, wanted in values.items():
        new = wanted
        obstacle = configuration.obstacle(key)
        if obstacle and not (key in _LEVELS and values.get("log_format") == "JSON"):
            raise Unsupported(f"{definition_of(key).label} can't be changed here", obstacle)
        entry = configuration.entry(key)
        old = entry.value if entry is not None else None
        if new is None and entry is not None and entry.reset is not None:
            new = entry.reset.new  # the default by its value, where it is known
        if old != new:
            changes.append(Change(key, old, new))
    too_large = environment_warning(configuration, changes)
    return Edit(tuple(changes), (*warnings, too_large) if too_large else warnings)


def _refuse_repetition(key: str, values: dict[str, Value]) -> None:
    if key in values:
        raise InvalidInput(f"{key} is given twice")
