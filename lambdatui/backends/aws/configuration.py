"""Reads and changes the settings of functions on AWS: guarded, never repeated blindly, and waited for."""

from __future__ import annotations

from collections.abc import Callable

from lambdatui.backends.aws.configuration_calls import CALLS, call_of
from lambdatui.backends.aws.configuration_check import partly, to_make
from lambdatui.backends.aws.configuration_entries import READ_ONLY, configuration_of
from lambdatui.backends.aws.configuration_parts import Part, Parts, read_parts
from lambdatui.backends.aws.configuration_places import part_of
from lambdatui.backends.aws.configuration_wait import WAITING, Patient, Waiting
from lambdatui.backends.aws.configuration_work import Work
from lambdatui.backends.aws.session import Session
from lambdatui.core.configuration import Change, Configuration, Progress, Step, unheard
from lambdatui.core.errors import PartlyApplied, Unsupported, WorkbenchError
from lambdatui.core.functions import FunctionSummary


class AwsConfiguration:
    """Implements `ConfigurationStore`. Keeps nothing: what counts is what AWS says now.

    The revision that a configuration was read at guards nothing by itself: what stands is read again before a change,
    each `old` is compared, and AWS is given the revision of that reading. Who changed another setting meanwhile is
    not in the way.
    """

    def __init__(
        self,
        session: Session,
        known: Callable[[str], FunctionSummary | None],
        *,
        read_only: bool = False,
        waiting: Waiting = WAITING,
    ) -> None:
        self._session = session
        self._known = known
        self._read_only = read_only
        self._waiting = waiting

    async def read(self, function_name: str) -> Configuration:
        """See `ConfigurationStore.read`."""
        parts = await read_parts(self._session, function_name, tuple(Part), self._known)
        return configuration_of(parts, read_only=self._read_only)

    async def apply(
        self,
        function_name: str,
        changes: tuple[Change, ...],
        revision_id: str,  # noqa: ARG002  # see the class
        progress: Progress = unheard,
    ) -> Configuration:
        """See `ConfigurationStore.apply`. One call after the other; the first that fails is the last."""
        if self._read_only and changes:
            raise Unsupported("Settings can't be changed", f"{READ_ONLY.capitalize()}.")
        made = await self._make(function_name, changes, progress) if changes else ()
        try:
            return await self.read(function_name)
        except WorkbenchError as error:
            if not made:
                raise
            title = f"It took effect, and what stands now can't be read: {error.title}"
            applied = tuple(change.key for change in made)
            raise PartlyApplied(title, error.detail, error.hint, applied=applied) from error

    async def _make(self, function_name: str, changes: tuple[Change, ...], progress: Progress) -> tuple[Change, ...]:
        wanted = {part_of(change.key) for change in changes}

        async def read() -> Parts:
            return await read_parts(self._session, function_name, wanted, self._known)

        work = Work(self._session, read, Patient(self._waiting), progress)
        progress(Step.READING)
        parts = await read()
        left = to_make(parts, changes)
        applied: tuple[Change, ...] = ()
        for call in CALLS:
            mine = tuple(change for change in left if call_of(change) is call)
            if not mine:
                continue
            try:
                await work.make(call, mine, await read() if applied else parts)
            except WorkbenchError as error:
                # What was refused before anything was changed, or alone, speaks for itself.
                if not applied and (mine == left or not isinstance(error, PartlyApplied)):
                    raise
                raise partly(applied, [change for change in left if change not in applied], error) from error
            applied += mine
        return applied
