"""The values that a template's nodes come to, and what keeps one from coming to anything."""

from __future__ import annotations

import re
from typing import TypeAlias

from lambdatui.backends.local.project.nodes import Mapping, Node, Scalar, Sequence


class NoValue:
    """What `AWS::NoValue` comes to: the property is as if it were not there."""


NO_VALUE = NoValue()
Value: TypeAlias = bool | int | float | str | NoValue | list["Value"] | dict[str, "Value"] | None

_CALLS = frozenset(
    {"Ref", "Condition"}
    | {
        f"Fn::{name}"
        for name in (
            *("And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAZs", "GetAtt", "GetStackOutput", "If"),
            *("ImportValue", "Join", "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
        )
    }
)


_CANONICAL = re.compile(r"0|-?[1-9][0-9]{0,17}")  # int() of a million digits takes minutes


class Unresolvable(Exception):
    """A value that the template alone does not determine. Holds the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason


def call_of(node: Node) -> tuple[str, Node] | None:
    """The intrinsic function that `node` calls, by its long name, and its argument; None when it is a plain value."""
    if node.tag:
        name = node.tag.lstrip("!")
        name = name if name in ("Ref", "Condition") else f"Fn::{name}"
        match node:
            case Scalar():
                return name, Scalar(node.text, node.kind, "", node.line)
            case Sequence():
                return name, Sequence("", node.line, node.items)
            case Mapping():
                return name, Mapping("", node.line, node.pairs)
    if isinstance(node, Mapping) and len(node.pairs) == 1:
        key, argument = node.pairs[0]
        if isinstance(key, Scalar) and key.text in _CALLS:
            return key.text, argument
    return None


def plain_value(node: Scalar) -> Value:
    """What a scalar without a tag holds. `0123` and `yes` stay text, as a variable would have them."""
    match node.kind:
        case "null":
            return None
        case "bool" if node.text.lower() in ("true", "false"):
            return node.text.lower() == "true"
        case "int" if _CANONICAL.fullmatch(node.text):
            return int(node.text)
        case _:
            return node.text


def as_text(value: Value, line: int) -> str | None:
    """`value` as text; None where it is null or AWS::NoValue.

    Raises:
        Unresolvable: it is a list or a mapping.
    """
    match value:
        case None | NoValue():
            return None
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case _:
            raise Unresolvable(line, "a single value is needed here, not a list or a mapping")


def comparable(value: Value) -> object:
    """`value` as Fn::Equals compares it: CloudFormation knows numbers and booleans as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, list | dict) else str(value)
