"""Reads what AWS's list of functions does not tell: the state of one, everything about one, the account's limit."""

from __future__ import annotations

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import detail_of, mapping, summary_of, whole
from lambdatui.core.errors import Unreachable
from lambdatui.core.functions import FunctionDetail, FunctionSummary
from lambdatui.core.inspection import AccountConcurrency, Section


class AwsInspector:
    """Implements `Inspector`. Remembers nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def glance(self, name: str) -> FunctionDetail:
        """See `Inspector.glance`."""
        answer = await self._session.call("lambda", "GetFunction", self._session.once, FunctionName=name)
        summary = summary_of(mapping(answer.get("Configuration"))) or FunctionSummary(name)
        return detail_of(answer, summary)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See `Inspector.sections`."""
        del name
        return ()

    async def account(self) -> AccountConcurrency:
        """See `Inspector.account`. `aws lambda get-account-settings`."""
        limits = mapping((await self._session.call("lambda", "GetAccountSettings")).get("AccountLimit"))
        limit = whole(limits.get("ConcurrentExecutions"))
        unreserved = whole(limits.get("UnreservedConcurrentExecutions"))
        if limit is None or unreserved is None:
            raise Unreachable("The account's limit can't be read", "The answer has no AccountLimit.")
        return AccountConcurrency(limit, unreserved)
