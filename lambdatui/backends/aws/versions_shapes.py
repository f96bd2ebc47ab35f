"""What AWS's answers say about versions and aliases, one reader an answer. Unknown values never break anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdatui.backends.aws.shapes import mapping, moment, text, whole
from lambdatui.core.versions import LATEST, Alias, FunctionUrl, Provisioned, Version


def version_of(answer: Mapping[str, Any]) -> Version | None:
    """One of `aws lambda list-versions-by-function`, and `publish-version`; None when it has no number."""
    number = text(answer.get("Version"))
    if not number:
        return None
    snap = mapping(answer.get("SnapStart"))
    wanted = text(snap.get("ApplyOn"))
    snap_start = text(snap.get("OptimizationStatus")) if wanted not in ("", "None") and number != LATEST else ""
    return Version(
        number,
        description=text(answer.get("Description")),
        modified_at=moment(answer.get("LastModified")),
        code_sha256=text(answer.get("CodeSha256")),
        code_size_bytes=whole(answer.get("CodeSize")),
        state=text(answer.get("State")),
        state_reason=text(answer.get("StateReason")),
        snap_start=snap_start,
        revision_id=text(answer.get("RevisionId")),
        arn=text(answer.get("FunctionArn")),
    )


def alias_of(answer: Mapping[str, Any]) -> Alias:
    """One of `aws lambda list-aliases`, and `get-alias`."""
    weights = mapping(mapping(answer.get("RoutingConfig")).get("AdditionalVersionWeights"))
    return Alias(
        text(answer.get("Name")),
        text(answer.get("FunctionVersion")),
        tuple((text(version), float(share)) for version, share in weights.items() if isinstance(share, int | float)),
        text(answer.get("Description")),
        text(answer.get("RevisionId")),
        text(answer.get("AliasArn")),
    )


def provisioned_of(answer: Mapping[str, Any], qualifier: str = "") -> Provisioned | None:
    """One of `aws lambda list-provisioned-concurrency-configs`, and `get-provisioned-concurrency-config`."""
    requested = whole(answer.get("RequestedProvisionedConcurrentExecutions"))
    qualifier = qualifier or qualifier_of(answer.get("FunctionArn"))
    if requested is None or not qualifier:
        return None
    return Provisioned(
        qualifier,
        requested,
        whole(answer.get("AllocatedProvisionedConcurrentExecutions")) or 0,
        whole(answer.get("AvailableProvisionedConcurrentExecutions")) or 0,
        text(answer.get("Status")),
        text(answer.get("StatusReason")),
    )


def url_of(answer: Mapping[str, Any]) -> FunctionUrl | None:
    """One of `aws lambda list-function-url-configs`; None when it has no address."""
    url = text(answer.get("FunctionUrl"))
    if not url:
        return None
    qualifier = qualifier_of(answer.get("FunctionArn"))
    return FunctionUrl(qualifier, url, text(answer.get("AuthType")), text(answer.get("InvokeMode")))


def qualifier_of(arn: object) -> str:
    """The version or alias at the end of a function's ARN, `$LATEST` when it has none."""
    parts = text(arn).split(":")
    return parts[7] if len(parts) > 7 and parts[7] else LATEST
