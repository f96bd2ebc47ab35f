"""Who is signed in where, and what was sent to which place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from lambdatui.core.actions import Action, ActionLog
from lambdatui.core.errors import CredentialsExpired
from lambdatui.core.merging import Ended, merged
from lambdatui.core.sign_in import AskCode, SignIn
from lambdatui.core.target import Backend, Identity


class TogetherSignIn:
    """Implements `SignIn`: signed in is who is signed in everywhere."""

    def __init__(self, sign_ins: Sequence[SignIn]) -> None:
        self._sign_ins = {str(index): one for index, one in enumerate(sign_ins)}

    def ask_by(self, ask: AskCode) -> None:
        """See `SignIn.ask_by`."""
        for one in self._sign_ins.values():
            one.ask_by(ask)

    async def states(self) -> AsyncIterator[CredentialsExpired | None]:
        """See `SignIn.states`: the first place's that needs somebody."""
        known: dict[str, CredentialsExpired | None] = {}
        async for name, state in merged({name: one.states() for name, one in self._sign_ins.items()}):
            if not isinstance(state, Ended):
                known[name] = state
                yield next((error for error in known.values() if error is not None), None)

    def again(self) -> None:
        """See `SignIn.again`."""
        for one in self._sign_ins.values():
            one.again()

    async def renewed(self) -> None:
        """See `SignIn.renewed`."""
        waiting = [asyncio.ensure_future(one.renewed()) for one in self._sign_ins.values()]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)


class TogetherActions:
    """Implements `ActionLog`: the calls to all places, in the order in which they began."""

    def __init__(self, logs: Sequence[ActionLog]) -> None:
        self._logs = tuple(logs)

    @property
    def changes(self) -> int:
        """See `ActionLog.changes`."""
        return sum(log.changes for log in self._logs)

    def recent(self) -> tuple[Action, ...]:
        """See `ActionLog.recent`. Each place counts from 1: here the number tells the place too."""
        places = len(self._logs)
        actions = (
            replace(action, number=action.number * places + place)
            for place, log in enumerate(self._logs)
            for action in log.recent()
        )
        return tuple(sorted(actions, key=_began))

    def command(self, action: Action) -> str:
        """See `ActionLog.command`: with the region and profile of its place, also when it has ended meanwhile."""
        return self._logs[action.number % len(self._logs)].command(action)


async def identities(backends: Sequence[Backend]) -> AsyncIterator[Identity]:
    """The accounts of all places, each named once."""
    known: dict[str, Identity] = {}
    sources = {str(index): one.identity() for index, one in enumerate(backends) if one.identity is not None}
    async for name, identity in merged(sources):
        if isinstance(identity, Ended):
            continue
        known[name] = identity
        accounts = dict.fromkeys(one.account for one in known.values())
        aliases = dict.fromkeys(one.alias for one in known.values() if one.alias)
        yield Identity(", ".join(accounts), ", ".join(aliases))


def _began(action: Action) -> tuple[float, int]:
    return action.started_at.timestamp(), action.number
