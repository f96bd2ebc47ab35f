"""What AWS's answers say about event source mappings. Unknown fields and values never break anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lambdatui.backends.aws.shapes import mapping, text, whole
from lambdatui.backends.aws.versions_shapes import qualifier_of
from lambdatui.core.triggers import EventSourceMapping

_FACTS = (
    ("Starting position", "StartingPosition", ""),
    ("Retry attempts", "MaximumRetryAttempts", ""),
    ("Maximum record age", "MaximumRecordAgeInSeconds", "s"),
    ("Tumbling window", "TumblingWindowInSeconds", "s"),
    ("Split a failed batch", "BisectBatchOnFunctionError", ""),
    ("Response types", "FunctionResponseTypes", ""),
    ("Topics", "Topics", ""),
    ("Queues", "Queues", ""),
)


def mapping_of(answer: Mapping[str, Any]) -> EventSourceMapping | None:
    """One of `aws lambda list-event-source-mappings`, and `get-event-source-mapping`; None when it has no id."""
    uuid = text(answer.get("UUID"))
    if not uuid:
        return None
    arn = text(answer.get("EventSourceArn"))
    service, source = _source_of(arn, answer)
    filters = mapping(answer.get("FilterCriteria")).get("Filters")
    unread = mapping(answer.get("FilterCriteriaError"))
    modified = answer.get("LastModified")
    return EventSourceMapping(
        uuid,
        arn,
        service,
        source,
        qualifier=qualifier_of(answer.get("FunctionArn")),
        state=text(answer.get("State")),
        state_reason=text(answer.get("StateTransitionReason")),
        batch_size=whole(answer.get("BatchSize")),
        window_s=whole(answer.get("MaximumBatchingWindowInSeconds")),
        filters=_patterns(filters),
        filters_unread=" ".join(part for key in ("ErrorCode", "Message") if (part := text(unread.get(key)))),
        maximum_concurrency=whole(mapping(answer.get("ScalingConfig")).get("MaximumConcurrency")),
        parallelization=whole(answer.get("ParallelizationFactor")),
        last_result=text(answer.get("LastProcessingResult")),
        last_modified_at=modified.astimezone(UTC) if isinstance(modified, datetime) else None,
        facts=tuple(_facts(answer, arn)),
    )


def _patterns(filters: object) -> tuple[str, ...]:
    entries = filters if isinstance(filters, list) else []
    patterns = (mapping(entry).get("Pattern") for entry in entries)
    return tuple(pattern for pattern in patterns if isinstance(pattern, str))


def _source_of(arn: str, answer: Mapping[str, Any]) -> tuple[str, str]:
    """The service and the name in an event source's ARN; self-managed Kafka has servers and no ARN."""
    parts = arn.split(":", 5)
    if len(parts) == 6:
        service, resource = parts[2], parts[5]
        names = resource.split("/") if "/" in resource else resource.split(":")
        return service, names[1] if len(names) > 1 else names[0]
    endpoints = mapping(mapping(answer.get("SelfManagedEventSource")).get("Endpoints"))
    servers = [text(server) for listed in endpoints.values() if isinstance(listed, list) for server in listed]
    return ("kafka", servers[0]) if servers else ("", arn)


def _facts(answer: Mapping[str, Any], arn: str) -> list[tuple[str, str]]:
    facts = [("Source", arn)] if arn else []
    for label, field, unit in _FACTS:
        if (shown := _shown(answer.get(field), unit)) != "":
            facts.append((label, shown))
    destination = text(mapping(mapping(answer.get("DestinationConfig")).get("OnFailure")).get("Destination"))
    if destination:
        facts.append(("On failure", destination))
    return [*facts, ("UUID", text(answer.get("UUID")))]


def _shown(value: object, unit: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case -1:
            return "no limit"
        case int():
            return f"{value:,} {unit}".strip()
        case list():
            return ", ".join(text(one) for one in value)
        case _:
            return text(value)
