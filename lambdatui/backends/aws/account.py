"""Which account the credentials are for, and what it is called."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import text
from lambdatui.core.errors import WorkbenchError
from lambdatui.core.target import Identity


class AwsAccount:
    """Asks who is signed in, and remembers the account's id. Without permission there is no alias, nor a word of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._id = ""

    async def id(self) -> str:
        """The account's id.

        Raises:
            WorkbenchError: nobody is signed in, or AWS does not answer.
        """
        if not self._id:
            self._id = text((await self._session.call("sts", "GetCallerIdentity")).get("Account"))
        return self._id

    async def identity(self) -> AsyncGenerator[Identity, None]:
        """The id as soon as it is known, then with the alias if there is one.

        Raises:
            WorkbenchError: see `id`.
        """
        account = await self.id()
        yield Identity(account)
        try:
            answer = await self._session.call("iam", "ListAccountAliases", self._session.once)
        except WorkbenchError:
            return  # not permitted, or no way to IAM from here: the id is enough
        aliases = answer.get("AccountAliases")
        if isinstance(aliases, list) and aliases:
            yield Identity(account, text(aliases[0]))
