"""Reads a resource policy: who may invoke the function, a statement each. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lambdatui.core.errors import InvalidInput
from lambdatui.core.text import clean
from lambdatui.core.triggers import Statement

_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:principalorgid", "lambda:eventsourcetoken")


def statements_of(policy: str, qualifier: str = "") -> tuple[Statement, ...]:
    """The statements of a policy document, one for each principal.

    Raises:
        InvalidInput: it is not the JSON of a policy.
    """
    try:
        document = json.loads(policy) if policy.strip() else {}
    except (ValueError, RecursionError):
        raise InvalidInput("The policy is not JSON", policy[:200]) from None
    listed = document.get("Statement", []) if isinstance(document, dict) else None
    statements = [listed] if isinstance(listed, dict) else listed
    if not isinstance(statements, list):
        raise InvalidInput("The policy has no list of statements", policy[:200])
    return tuple(
        statement for entry in statements if isinstance(entry, dict) for statement in _statements(entry, qualifier)
    )


def _statements(entry: dict[str, Any], qualifier: str) -> Iterator[Statement]:
    conditions = tuple(_conditions(entry.get("Condition")))
    source = next((value for name in _SOURCES for _, key, value in conditions if key.lower() == name), "")
    for principal in _principals(entry.get("Principal", entry.get("NotPrincipal"))):
        negated = "not " if "NotPrincipal" in entry else ""
        yield Statement(
            _line(entry.get("Sid", "")),
            _line(entry.get("Effect", "")),
            negated + principal,
            tuple(_line(action) for action in _listed(entry.get("Action", entry.get("NotAction", ())))),
            source,
            tuple(" ".join(condition) for condition in conditions),
            qualifier,
        )


def _principals(principal: object) -> Iterator[str]:
    """`"*"`, `{"Service": "s3.amazonaws.com"}`, `{"AWS": [..]}`; all of AWS is the same as all."""
    if isinstance(principal, dict):
        for value in principal.values():
            yield from (_line(one) for one in _listed(value))
    else:
        yield _line(principal if principal is not None else "")


def _conditions(condition: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(condition, dict):
        return
    for operator, keys in condition.items():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            yield _line(operator), _line(key), " or ".join(_line(one) for one in _listed(value))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _line(value: object) -> str:
    return " ".join(clean(str(value)).split())
