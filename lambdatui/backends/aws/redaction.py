"""Leaves out of a call's parameters whatever may be a secret: what is not known to be harmless is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from lambdatui.core.actions import MARK, Shown
from lambdatui.core.text import clean

_LONGEST = 2_000
_SHORTEST_SECRET = 4
"""Shorter values are words such as "dev" or "1": without them a sentence says nothing any more."""
_MEASURED = re.compile(r"(String measured: ).*", re.DOTALL)
"""After it Lambda quotes the whole environment that is too large for it."""
# Texts that name or choose something. A new parameter is left out until it is put here.
_HARMLESS = frozenset(  # a text is read more easily than a list
    """
    Action AllowOrigins ApplicationLogLevel ApplyOn Architectures AuthType Destination DurableExecutionName EndPoint
    EventSourceArn FunctionName FunctionVersion Handler InvocationType InvokeMode KMSKeyArn LayerName Layers
    LocalMountPath LogFormat LogGroup LogType MasterRegion Mode Name PackageType Pattern Principal Qualifier Queues
    RecursiveLoop RegistryName Resource ResourceArn RevisionId Role RoleArn RoleSessionName Runtime
    RuntimeVersionArn SchemaName SchemaVersion SecurityGroupIds SerialNumber SourceAccount SourceArn
    StartingPosition StatementId SubnetIds SystemLogLevel TagKeys TargetArn Topics Type UUID UpdateRuntimeOn
    VersionNumber filterPattern logGroupIdentifier logGroupIdentifiers logGroupName logGroupNamePrefix logGroupNames
    logStreamName logStreamNamePrefix logStreamNames orderBy queryId queryLanguage queryString
    """.split()  # noqa: SIM905
)


def redacted(parameters: Mapping[str, Any], shape: Any) -> dict[str, Shown]:
    """The parameters of a call, by botocore's model of its input (None for none), fit to be shown."""
    members = shape.members if shape is not None else {}
    return {clean(name): _value(value, name, members.get(name)) for name, value in parameters.items()}


def _value(value: Any, name: str, shape: Any) -> Shown:
    if shape is not None and shape.type_name == "map" and isinstance(value, Mapping):
        # The names say what is there: of variables, of tags.
        return {clean(str(key)): _value(item, "", shape.value) for key, item in value.items()}
    if shape is None or shape.metadata.get("sensitive"):
        return MARK
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            return redacted(value, shape)
        case "list" if isinstance(value, list | tuple):
            return [_value(item, name, shape.member) for item in value]
        case "string" if isinstance(value, str) and name in _HARMLESS:
            return clean(value[:_LONGEST])
        case "integer" | "long" | "float" | "double" | "boolean" if isinstance(value, int | float):
            return value
        case _:
            return MARK


def without_secrets(said: str, parameters: Mapping[str, Any]) -> str:
    """What AWS says of a refused call, without the values of the environment that was sent: it quotes them."""
    environment = parameters.get("Environment")
    variables = environment.get("Variables") if isinstance(environment, Mapping) else None
    if not isinstance(variables, Mapping):
        return said
    said = _MEASURED.sub(rf"\g<1>{MARK}", said)
    for value in sorted(map(str, variables.values()), key=len, reverse=True):
        if len(value) >= _SHORTEST_SECRET:
            # As it is, as JSON has it, and as a sentence in one line has it.
            for form in {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
                said = said.replace(" ".join(clean(form).split()) or form, MARK)
    return said
