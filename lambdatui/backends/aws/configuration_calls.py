"""Changes as the calls that make them: which call holds which setting, and what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lambdatui.backends.aws.configuration_parts import Part, Parts
from lambdatui.backends.aws.configuration_places import default_of, value_of, variables_of
from lambdatui.backends.aws.shapes import mapping
from lambdatui.core.configuration import Change, Value
from lambdatui.core.functions import Reserved

Parameters: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation that makes some changes; `parameters` are what it is sent, from what stands and the new values."""

    service: str
    operation: str
    holds: Callable[[Change], bool]
    parameters: Callable[[Parts, Mapping[str, Value]], Parameters]
    settles: bool = False
    """Whether Lambda takes its time to put it into effect."""


_FIELDS: Mapping[str, Callable[[Value], Parameters]] = {
    "memory": lambda value: {"MemorySize": value},
    "timeout": lambda value: {"Timeout": value},
    "ephemeral": lambda value: {"EphemeralStorage": {"Size": value}},
    "description": lambda value: {"Description": value or ""},
    "handler": lambda value: {"Handler": value or ""},
    "layers": lambda value: {"Layers": list(value) if isinstance(value, tuple) else []},
    "snap_start": lambda value: {"SnapStart": {"ApplyOn": value}},
    "tracing": lambda value: {"TracingConfig": {"Mode": value}},
    "dlq": lambda value: {"DeadLetterConfig": {"TargetArn": value or ""}},
}


def _update(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    """`aws lambda update-function-configuration`: it replaces environment, layers and logging whole: merged here."""
    request: Parameters = {"FunctionName": parts.name}
    if revision := parts.answer(Part.FUNCTION).get("RevisionId"):
        request["RevisionId"] = revision
    for key, value in new.items():
        if key in _FIELDS:
            request.update(_FIELDS[key](value))
    if any(key in _LOGGING for key in new):
        request["LoggingConfig"] = _logging(parts, new)
    changed = {key.removeprefix("env."): value for key, value in new.items() if key.startswith("env.")}
    if changed:
        merged = {**variables_of(parts), **changed}
        request["Environment"] = {"Variables": {name: value for name, value in merged.items() if value is not None}}
    return request


_LOGGING = {
    "log_format": "LogFormat",
    "log_level": "ApplicationLogLevel",
    "system_log_level": "SystemLogLevel",
    "log_group": "LogGroup",
}


def _logging(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    now = mapping(parts.answer(Part.FUNCTION).get("LoggingConfig"))
    logging = {field: now[field] for field in _LOGGING.values() if now.get(field)}
    logging.update({_LOGGING[key]: value for key, value in new.items() if key in _LOGGING})
    if logging.get("LogFormat") != "JSON":
        # Text has no levels, and Lambda refuses them.
        logging = {field: value for field, value in logging.items() if not field.endswith("Level")}
    return {field: value for field, value in logging.items() if value}


def _reserve(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    value = new["reserved"]
    executions = value.executions if isinstance(value, Reserved) else 0
    return {"FunctionName": parts.name, "ReservedConcurrentExecutions": executions}


def _unreserve(parts: Parts, _new: Mapping[str, Value]) -> Parameters:
    return {"FunctionName": parts.name}


def _event_invoke(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    """`aws lambda update-function-event-invoke-config`: what is left out stays, but both destinations go together."""
    request: Parameters = {"FunctionName": parts.name}
    for key, field in (("retries", "MaximumRetryAttempts"), ("event_age", "MaximumEventAgeInSeconds")):
        if key in new:
            request[field] = new[key]
    if "on_success" in new or "on_failure" in new:
        destinations = {}
        for key, field in (("on_success", "OnSuccess"), ("on_failure", "OnFailure")):
            arn = new[key] if key in new else value_of(key, parts)
            destinations[field] = {"Destination": arn} if isinstance(arn, str) and arn else {}
        request["DestinationConfig"] = destinations
    return request


def _recursion(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    return {"FunctionName": parts.name, "RecursiveLoop": new["recursion"]}


def _runtime(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    value = new["runtime_update"]
    if isinstance(value, str) and value.startswith("arn:"):
        return {"FunctionName": parts.name, "UpdateRuntimeOn": "Manual", "RuntimeVersionArn": value}
    return {"FunctionName": parts.name, "UpdateRuntimeOn": value}


def _tag(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    return {"Resource": parts.arn, "Tags": {key.removeprefix("tag."): value for key, value in new.items()}}


def _untag(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    return {"Resource": parts.arn, "TagKeys": [key.removeprefix("tag.") for key in new]}


def _retain(parts: Parts, new: Mapping[str, Value]) -> Parameters:
    return {"logGroupName": parts.log_group, "retentionInDays": new["retention"]}


def _forget_nothing(parts: Parts, _new: Mapping[str, Value]) -> Parameters:
    return {"logGroupName": parts.log_group}


_EVENT_INVOKE = ("retries", "event_age", "on_failure", "on_success")
_ELSEWHERE = ("reserved", "recursion", "runtime_update", "retention", *_EVENT_INVOKE)

CALLS: Sequence[Call] = (
    # The one that AWS guards with a revision is first: what it refuses, nothing has been done beside.
    Call(
        "lambda", "UpdateFunctionConfiguration",
        lambda change: change.key not in _ELSEWHERE and not change.key.startswith("tag."), _update, settles=True,
    ),
    Call(
        "lambda", "PutFunctionConcurrency",
        lambda change: change.key == "reserved" and isinstance(change.new, Reserved), _reserve,
    ),
    Call("lambda", "DeleteFunctionConcurrency", lambda change: change.key == "reserved", _unreserve),
    Call("lambda", "UpdateFunctionEventInvokeConfig", lambda change: change.key in _EVENT_INVOKE, _event_invoke),
    Call("lambda", "PutFunctionRecursionConfig", lambda change: change.key == "recursion", _recursion),
    Call("lambda", "PutRuntimeManagementConfig", lambda change: change.key == "runtime_update", _runtime),
    Call(
        "lambda", "TagResource", lambda change: change.key.startswith("tag.") and change.new is not None, _tag,
    ),
    Call("lambda", "UntagResource", lambda change: change.key.startswith("tag."), _untag),
    Call(
        "logs", "PutRetentionPolicy", lambda change: change.key == "retention" and change.new is not None, _retain,
    ),
    Call("logs", "DeleteRetentionPolicy", lambda change: change.key == "retention", _forget_nothing),
)  # fmt: skip


def call_of(change: Change) -> Call:
    """The first that holds the change makes it."""
    return next(call for call in CALLS if call.holds(change))


def goal_of(change: Change, parts: Parts) -> Value:
    """The value to reach: None and "" mean the default, and that a variable or tag is removed."""
    family, dot, _ = change.key.partition(".")
    if dot and family in ("env", "tag"):
        return change.new
    return default_of(change.key, parts) if change.new in (None, "") else change.new
