"""Reads the parts that a function's configuration is spread over on AWS, concurrently; each may be refused alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text
from lambdatui.core.errors import CredentialsExpired, Denied, NotFound, WorkbenchError
from lambdatui.core.functions import FunctionSummary


class Part(Enum):
    """What one call reads."""

    FUNCTION = "lambda:GetFunctionConfiguration"
    CONCURRENCY = "lambda:GetFunctionConcurrency"
    EVENT_INVOKE = "lambda:GetFunctionEventInvokeConfig"
    RECURSION = "lambda:GetFunctionRecursionConfig"
    RUNTIME = "lambda:GetRuntimeManagementConfig"
    TAGS = "lambda:ListTags"
    LOG_GROUP = "logs:DescribeLogGroups"


_BY_NAME = (Part.FUNCTION, Part.CONCURRENCY, Part.EVENT_INVOKE, Part.RECURSION, Part.RUNTIME)
Answer = Mapping[str, Any] | WorkbenchError


@dataclass(frozen=True, slots=True)
class Parts:
    """What was read of one function: an answer each, or why there is none. What was not asked for is not there."""

    name: str
    answers: Mapping[Part, Answer] = field(default_factory=dict)
    arn: str = ""
    log_group: str = ""

    def answer(self, part: Part) -> Mapping[str, Any]:
        """The answer of a part, empty when there is none."""
        answer = self.answers.get(part)
        return answer if isinstance(answer, Mapping) else {}

    def trouble(self, part: Part) -> str:
        """Why a part could not be read, in a few words: the missing permission where it is that; "" when it could."""
        answer = self.answers.get(part)
        if isinstance(answer, Denied) and answer.permission:
            return f"needs {answer.permission}"
        return answer.title if isinstance(answer, WorkbenchError) else ""

    @property
    def updating(self) -> bool:
        """Whether Lambda still works on an earlier change, or on making the function."""
        function = self.answer(Part.FUNCTION)
        return function.get("LastUpdateStatus") == "InProgress" or function.get("State") == "Pending"


async def read_parts(
    session: Session, name: str, wanted: Collection[Part], known: Callable[[str], FunctionSummary | None]
) -> Parts:
    """The wanted parts; `known` tells what the list said of the function, for where its own settings are denied.

    Raises:
        NotFound: no function of that name.
        CredentialsExpired: nobody is signed in any more.
        WorkbenchError: the function's own settings can't be read for another reason than a missing permission.
    """
    calls = [part for part in _BY_NAME if part in wanted or part is Part.FUNCTION]
    answers: dict[Part, Answer] = dict(
        zip(calls, await asyncio.gather(*(_answer(session, part, FunctionName=name) for part in calls)), strict=True)
    )
    for part, answer in answers.items():
        fatal = isinstance(answer, CredentialsExpired) or (part is Part.FUNCTION and not isinstance(answer, Denied))
        if isinstance(answer, WorkbenchError) and fatal:
            raise answer
    parts = _named(name, answers, known(name))
    # These two are asked for by what the function's own settings say.
    later = {
        Part.TAGS: {"Resource": parts.arn} if parts.arn else None,
        Part.LOG_GROUP: {"logGroupNamePrefix": parts.log_group},
    }
    asked = [(part, given) for part, given in later.items() if part in wanted and given is not None]
    more = await asyncio.gather(*(_answer(session, part, **given) for part, given in asked))
    answers.update({part: answer for (part, _), answer in zip(asked, more, strict=True)})
    if Part.TAGS in wanted and not parts.arn:
        answers[Part.TAGS] = answers[Part.FUNCTION]
    return parts


def _named(name: str, answers: Mapping[Part, Answer], summary: FunctionSummary | None) -> Parts:
    function = answers[Part.FUNCTION]
    says = function if isinstance(function, Mapping) else {}
    group = text(mapping(says.get("LoggingConfig")).get("LogGroup"))
    return Parts(
        name,
        answers,
        arn=text(says.get("FunctionArn")) or (summary.arn if summary else ""),
        log_group=group or (summary.log_group if summary else "") or f"/aws/lambda/{name}",
    )


async def _answer(session: Session, part: Part, **parameters: Any) -> Answer:
    service, _, operation = part.value.partition(":")
    try:
        answer = mapping(await session.call(service, operation, **parameters))
    except NotFound as error:
        # Nothing was ever set: the defaults hold. That there is no such function, the function's own settings tell.
        return error if part is Part.FUNCTION else {}
    except WorkbenchError as error:
        return error
    if part is Part.LOG_GROUP:
        groups = answer.get("logGroups")
        wanted = parameters["logGroupNamePrefix"]
        found = (mapping(group) for group in (groups if isinstance(groups, list) else []))
        return next((group for group in found if group.get("logGroupName") == wanted), {})
    return answer
