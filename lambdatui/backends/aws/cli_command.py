"""A call as a command line of the AWS CLI, ready to paste into a shell."""

from __future__ import annotations

import functools
import json
import shlex
from collections.abc import Iterator

from botocore import xform_name
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import create_loader

from lambdatui.core.actions import MARK, Action, Shown
from lambdatui.core.target import AwsPlace

_NOT_OFFERED = frozenset({"lambda:InvokeWithResponseStream"})
"""The AWS CLI leaves operations out whose answer is a stream of events."""


def cli_command(action: Action, place: AwsPlace, profile: str) -> str:
    """The command line; a comment where the AWS CLI has no such command."""
    if action.name in _NOT_OFFERED:
        return f"# the aws command has no {xform_name(action.operation, '-')}"
    words = ["aws", action.service, xform_name(action.operation, "-")]
    words += _options(action)
    if action.name == "lambda:Invoke":
        words.append("answer.json")
    for option, value in (("--profile", profile), ("--region", place.region), ("--endpoint-url", place.endpoint_url)):
        words += [option, shlex.quote(value)] if value else []
    return " ".join(words)


def _options(action: Action) -> Iterator[str]:
    tokens, limit = _paging(action.service, action.operation)
    for name, value in action.parameters.items():
        option = "--" + xform_name(name, "-")
        if name in tokens:
            continue  # the AWS CLI follows the pages by itself
        if name == limit:
            yield f"--page-size {value}"
        elif action.name == "lambda:Invoke" and name == "Payload":
            yield "--payload fileb://event.json"  # as it is, in both versions of the AWS CLI
        elif isinstance(value, bool):
            yield option if value else "--no-" + option.removeprefix("--")
        else:
            word = _word(value)
            # A value that begins with a dash would be taken for an option.
            yield f"{option}={word}" if word.startswith(("-", "'-")) else f"{option} {word}"


def _word(value: Shown) -> str:
    if isinstance(value, list) and value and all(isinstance(item, str | int | float) for item in value):
        return " ".join(shlex.quote(str(item)) for item in value)
    if isinstance(value, list | dict):
        return shlex.quote(json.dumps(value, ensure_ascii=False))
    return shlex.quote(MARK if value is None else str(value))


@functools.cache
def _paging(service: str, operation: str) -> tuple[frozenset[str], str]:
    """The parameters that say which page, and the one that says how large."""
    try:
        model = create_loader().load_service_model(service, "paginators-1")["pagination"].get(operation, {})
    except (DataNotFoundError, UnknownServiceError):
        model = {}
    token = model.get("input_token", [])
    return frozenset([token] if isinstance(token, str) else token), str(model.get("limit_key", ""))
