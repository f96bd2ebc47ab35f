"""What AWS's answers say about functions, one reader an answer. Unknown fields and values never break anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lambdatui.core.functions import Concurrency, FunctionDetail, FunctionSummary, Reserved, Unreserved
from lambdatui.core.text import clean


def summary_of(answer: Mapping[str, Any]) -> FunctionSummary | None:
    """One of `aws lambda list-functions`; None when it has no name."""
    name = text(answer.get("FunctionName"))
    if not name:
        return None
    logging = mapping(answer.get("LoggingConfig"))
    architectures = answer.get("Architectures")
    layers = answer.get("Layers")
    architecture = text(architectures[0]) if isinstance(architectures, list) and architectures else ""
    return FunctionSummary(
        name,
        runtime=text(answer.get("Runtime")),
        handler=text(answer.get("Handler")),
        memory_mb=whole(answer.get("MemorySize")) or 128,
        timeout_s=whole(answer.get("Timeout")) or 3,
        description=text(answer.get("Description")),
        architecture=architecture or "x86_64",
        package_type=text(answer.get("PackageType")) or "Zip",
        code_size_bytes=whole(answer.get("CodeSize")),
        last_modified_at=moment(answer.get("LastModified")),
        log_group=text(logging.get("LogGroup")) or f"/aws/lambda/{name}",
        log_format=text(logging.get("LogFormat")) or "Text",
        arn=text(answer.get("FunctionArn")),
        layer_count=len(layers) if isinstance(layers, list) else 0,
    )


def detail_of(answer: Mapping[str, Any], summary: FunctionSummary) -> FunctionDetail:
    """`aws lambda get-function`. Where the code of a zip is, is a link that lets anyone read it: not kept.

    A function that a stack owns says so as its origin: an edit here drifts from it.
    """
    tags = {text(key): text(value) for key, value in mapping(answer.get("Tags")).items()}
    if stack := tags.get("aws:cloudformation:stack-name"):
        summary = replace(summary, origin=f"stack {stack}")
    configuration = mapping(answer.get("Configuration"))
    reasons = [text(configuration.get(key)) for key in ("StateReason", "LastUpdateStatusReason")]
    return FunctionDetail(
        summary,
        state=text(configuration.get("State")) or "Active",
        reserved=concurrency_of(answer.get("Concurrency")),
        state_reason=" ".join(reason for reason in reasons if reason),
        code_location=text(mapping(answer.get("Code")).get("ImageUri")),
        tags=tags,
        last_update=text(configuration.get("LastUpdateStatus")),
    )


def concurrency_of(answer: object) -> Concurrency:
    """`aws lambda get-function-concurrency`; nothing in it means unreserved."""
    executions = whole(mapping(answer).get("ReservedConcurrentExecutions"))
    return Unreserved() if executions is None else Reserved(executions)


def mapping(value: object) -> Mapping[str, Any]:
    """`value`, or an empty mapping when it is none."""
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str:
    """A line safe to show; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    # Nearly all are clean: for thousands of functions the short way takes a third of the time.
    if value.isprintable() and "  " not in value:
        return value.strip()
    return " ".join(clean(value).split())


def whole(value: object) -> int | None:
    """A whole number, None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment(value: object) -> datetime | None:
    """An aware time in UTC from AWS's "2026-01-31T12:00:00.000+0000", None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
