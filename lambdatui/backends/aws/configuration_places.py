"""Where each setting stands in AWS's answers, and what it is when nobody set it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lambdatui.backends.aws.configuration_parts import Part, Parts
from lambdatui.backends.aws.shapes import concurrency_of, mapping, whole
from lambdatui.core.configuration import Value
from lambdatui.core.functions import Unknown, Unreserved


@dataclass(frozen=True, slots=True)
class Place:
    """The part that holds a setting, how it is read from it, and its default."""

    part: Part
    read: Callable[[Mapping[str, Any]], Value]
    default: Value = None


def _raw(*path: str) -> Callable[[Mapping[str, Any]], Value]:
    """A text at `path`, as it is: what is written back must be what was read."""

    def read(answer: Mapping[str, Any]) -> Value:
        for name in path[:-1]:
            answer = mapping(answer.get(name))
        value = answer.get(path[-1])
        return value if isinstance(value, str) and value else None

    return read


def _number(*path: str) -> Callable[[Mapping[str, Any]], Value]:
    def read(answer: Mapping[str, Any]) -> Value:
        for name in path[:-1]:
            answer = mapping(answer.get(name))
        return whole(answer.get(path[-1]))

    return read


def _layers(answer: Mapping[str, Any]) -> Value:
    layers = answer.get("Layers")
    arns = (mapping(layer).get("Arn") for layer in (layers if isinstance(layers, list) else []))
    return tuple(arn for arn in arns if isinstance(arn, str))


def _runtime_update(answer: Mapping[str, Any]) -> Value:
    pinned = answer.get("RuntimeVersionArn")
    if answer.get("UpdateRuntimeOn") == "Manual" and isinstance(pinned, str):
        return pinned
    return _raw("UpdateRuntimeOn")(answer)


PLACES: Mapping[str, Place] = {
    "memory": Place(Part.FUNCTION, _number("MemorySize"), 128),
    "timeout": Place(Part.FUNCTION, _number("Timeout"), 3),
    "ephemeral": Place(Part.FUNCTION, _number("EphemeralStorage", "Size"), 512),
    "description": Place(Part.FUNCTION, _raw("Description")),
    "handler": Place(Part.FUNCTION, _raw("Handler")),
    "layers": Place(Part.FUNCTION, _layers, ()),
    "snap_start": Place(Part.FUNCTION, _raw("SnapStart", "ApplyOn"), "None"),
    "runtime_update": Place(Part.RUNTIME, _runtime_update, "Auto"),
    "reserved": Place(Part.CONCURRENCY, concurrency_of, Unreserved()),
    "retries": Place(Part.EVENT_INVOKE, _number("MaximumRetryAttempts"), 2),
    "event_age": Place(Part.EVENT_INVOKE, _number("MaximumEventAgeInSeconds"), 21_600),
    "on_failure": Place(Part.EVENT_INVOKE, _raw("DestinationConfig", "OnFailure", "Destination")),
    "on_success": Place(Part.EVENT_INVOKE, _raw("DestinationConfig", "OnSuccess", "Destination")),
    "dlq": Place(Part.FUNCTION, _raw("DeadLetterConfig", "TargetArn")),
    "recursion": Place(Part.RECURSION, _raw("RecursiveLoop"), "Terminate"),
    "log_format": Place(Part.FUNCTION, _raw("LoggingConfig", "LogFormat"), "Text"),
    "log_level": Place(Part.FUNCTION, _raw("LoggingConfig", "ApplicationLogLevel")),
    "system_log_level": Place(Part.FUNCTION, _raw("LoggingConfig", "SystemLogLevel")),
    "log_group": Place(Part.FUNCTION, _raw("LoggingConfig", "LogGroup")),
    "retention": Place(Part.LOG_GROUP, _number("retentionInDays")),
    "tracing": Place(Part.FUNCTION, _raw("TracingConfig", "Mode"), "PassThrough"),
}


def part_of(key: str) -> Part:
    """The part that holds the setting `key`."""
    if key.startswith("env."):
        return Part.FUNCTION
    return Part.TAGS if key.startswith("tag.") else PLACES[key].part


def default_of(key: str, parts: Parts) -> Value:
    """What the setting is when nobody set it; None also for what has no default, such as a variable."""
    if key == "log_group":
        return f"/aws/lambda/{parts.name}"
    if key in ("log_level", "system_log_level"):
        return "INFO" if value_of("log_format", parts) == "JSON" else None
    place = PLACES.get(key)
    return place.default if place else None


def value_of(key: str, parts: Parts) -> Value:
    """The setting as AWS has it; `Unknown` when its part could not be read."""
    if trouble := unreadable(key, parts):
        return Unknown(trouble)
    family, dot, name = key.partition(".")
    if dot:
        found = (variables_of(parts) if family == "env" else tags_of(parts)).get(name)
        return found if isinstance(found, str) else None
    place = PLACES[key]
    value = place.read(parts.answer(place.part))
    return default_of(key, parts) if value is None else value


def unreadable(key: str, parts: Parts) -> str:
    """Why the setting can't be read, "" when it can."""
    if trouble := parts.trouble(part_of(key)):
        return trouble
    if key.partition(".")[0] == "env":
        error = mapping(mapping(parts.answer(Part.FUNCTION).get("Environment")).get("Error"))
        if error:
            code = error.get("ErrorCode")
            return f"Lambda can't decrypt it: {code}" if isinstance(code, str) and code else "Lambda can't decrypt it"
    return ""


def variables_of(parts: Parts) -> Mapping[str, Any]:
    """The environment, empty when there is none or it can't be read."""
    return mapping(mapping(parts.answer(Part.FUNCTION).get("Environment")).get("Variables"))


def tags_of(parts: Parts) -> Mapping[str, Any]:
    """The tags, empty when there are none or they can't be read."""
    return mapping(parts.answer(Part.TAGS).get("Tags"))
