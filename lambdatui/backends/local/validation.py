"""What the local runner refuses to be set to, as Lambda would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from lambdatui.backends.local.contracts import FunctionSpec
from lambdatui.backends.local.destinations import destination_of
from lambdatui.backends.local.overrides import setting
from lambdatui.core.configuration import COMMON, Value, definition_of
from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import Reserved, Unreserved
from lambdatui.core.limits import ENVIRONMENT_BYTES

_DESCRIPTION_CHARACTERS = 256


def check(spec: FunctionSpec, changed: Sequence[str], root: Path, names: Sequence[str], concurrency_limit: int) -> None:
    """Refuse the `changed` settings of `spec` that Lambda would refuse. `names` are the project's functions.

    Raises:
        InvalidInput: names the setting, what it may be, and why.
    """
    for key in changed:
        value = setting(spec, key)
        match key:
            case "reserved":
                _check_reserved(value, concurrency_limit)
            case "on_failure":
                _check_destination(spec, root, names)
            case "description":
                _check_text(key, value, lambda text: len(text) <= _DESCRIPTION_CHARACTERS)
            case "log_format" | "log_level":
                _check_text(key, value, COMMON[key].choices.__contains__)
            case _ if not key.startswith("env."):
                _check_number(key, value)
            case _:
                _check_variable(key, value)
    if any(key.startswith("env.") for key in changed):
        _check_environment(spec)


def _check_number(key: str, value: Value) -> None:
    definition = COMMON[key]
    low, high = definition.limits or (0, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidInput(f"{definition.label}: {definition.hint}", f"Lambda refuses {_shown(key, value)}.")


def _check_text(key: str, value: Value, accepts: Callable[[str], bool]) -> None:
    if value is not None and (not isinstance(value, str) or not accepts(value)):
        definition = COMMON[key]
        raise InvalidInput(f"{definition.label}: {definition.hint}", f"Lambda refuses {_shown(key, value)}.")


def _check_reserved(value: Value, limit: int) -> None:
    match value:
        case Unreserved():
            return
        case Reserved(executions) if executions <= limit:
            return
        case Reserved(executions):
            raise InvalidInput(
                f"Reserved concurrency: {limit} at most",
                f"{executions} is more than all functions together may run at once here.",
                "The limit is a setting of the local runner.",
            )
        case _:
            raise InvalidInput(f"Reserved concurrency: {COMMON['reserved'].hint}")


def _check_destination(spec: FunctionSpec, root: Path, names: Sequence[str]) -> None:
    destination = destination_of(spec.on_failure, root)
    if destination is None:
        return
    label = COMMON["on_failure"].label
    if isinstance(destination, Path):
        if not destination.parent.is_dir():
            raise InvalidInput(f"{label}: the folder {destination.parent} does not exist")
        if destination.is_dir():
            raise InvalidInput(f"{label}: {destination} is a folder, not a file")
    elif destination == spec.name:
        raise InvalidInput(f"{label}: a function can't be its own destination", "Its failures would come back to it.")
    elif destination not in names:
        raise InvalidInput(f"{label}: no function is named “{destination}”", f"There are: {', '.join(names)}.")


def _check_variable(key: str, value: Value) -> None:
    if value is not None and (not isinstance(value, str) or "\0" in value):
        raise InvalidInput(f"{definition_of(key).label}: a text without NUL characters is expected")


def _check_environment(spec: FunctionSpec) -> None:
    size = sum(len(f"{name}{value}".encode("utf-8", "surrogatepass")) for name, value in spec.environment.items())
    if size > ENVIRONMENT_BYTES:
        raise InvalidInput(
            f"Environment: {ENVIRONMENT_BYTES:,} bytes in all at most",
            f"The names and values of all variables together have {size:,}.",
        )


def _shown(key: str, value: Value) -> str:
    return f"“{definition_of(key).show(value)}”"
