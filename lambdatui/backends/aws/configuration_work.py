"""Makes the changes of one `apply`, a call at a time, whatever AWS answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from lambdatui.backends.aws.configuration_calls import Call, goal_of
from lambdatui.backends.aws.configuration_check import all_made, overtaken, refuse_if_failed, to_make, unseen
from lambdatui.backends.aws.configuration_parts import Parts
from lambdatui.backends.aws.configuration_wait import Patient
from lambdatui.backends.aws.errors import aws_code
from lambdatui.backends.aws.session import Session
from lambdatui.core.configuration import Change, Progress, Step
from lambdatui.core.errors import Conflict, MayHaveRun, NotFound, Throttled, WorkbenchError

_BUSY = frozenset({"ResourceConflictException", "ResourceInUseException", "OperationAbortedException"})
_OVERTAKEN = "PreconditionFailedException"
_RACES = 3
"""So often a change is begun anew because somebody else changed another setting in the same moment."""
_LOOKS = 2


class Work:
    """Owns the patience of one `apply`. `read` gives what stands now, as far as its changes need it."""

    def __init__(
        self, session: Session, read: Callable[[], Awaitable[Parts]], patient: Patient, progress: Progress
    ) -> None:
        self._session = session
        self._read = read
        self._patient = patient
        self._progress = progress
        self._races = 0

    async def make(self, call: Call, changes: Sequence[Change], parts: Parts) -> None:
        """Make `changes` by `call`, beginning from `parts`; returns when they took effect.

        Raises:
            Conflict: one of them is not at its `old` value any more.
            MayHaveRun: the answer was lost, and the changes are not to be seen.
            WorkbenchError: AWS refuses, or can't put it into effect.
        """
        while left := to_make(parts, changes):
            self._progress(Step.SENDING)
            try:
                await self._send(call, parts, left)
            except MayHaveRun as error:
                await self._look_for(left, error)
            except (Throttled, Conflict) as error:
                await self._wait_for(error, left, parts)
                parts = await self._read()
                continue
            if call.settles:
                refuse_if_failed(await self._settled(), left)
            return

    async def _settled(self) -> Parts:
        self._progress(Step.SETTLING)
        try:
            return await self._patient.settled(self._read)
        except WorkbenchError as error:
            # Whatever is in the way now, a command to sign in again too, must not hide this.
            error.detail = f"Lambda has taken the change; whether it took effect is not known.\n{error.detail}".strip()
            raise

    async def _send(self, call: Call, parts: Parts, changes: Sequence[Change]) -> None:
        parameters = call.parameters(parts, {change.key: goal_of(change, parts) for change in changes})
        try:
            # Once: a repetition after a lost answer would meet its own revision, and call it somebody else's.
            await self._session.call(call.service, call.operation, self._session.once, **parameters)
        except NotFound:
            if call.operation != "UpdateFunctionEventInvokeConfig":
                raise
            # Nothing was ever set: there is nothing to update, and nothing that a Put could wipe.
            await self._session.call("lambda", "PutFunctionEventInvokeConfig", self._session.once, **parameters)

    async def _wait_for(self, error: Throttled | Conflict, changes: Sequence[Change], parts: Parts) -> None:
        """Wait until what was refused can be tried again.

        Raises:
            WorkbenchError: it can't.
        """
        code = aws_code(error)
        if isinstance(error, Throttled):
            self._progress(Step.THROTTLED)
            if not await self._patient.pause(error.retry_after_s or 0.0):
                raise error
        elif code == _OVERTAKEN:
            self._races += 1
            if self._races > _RACES:
                raise overtaken(changes, parts, error) from error
        elif code in _BUSY:
            self._progress(Step.BUSY)
            if not await self._patient.pause():
                raise error
            await self._patient.settled(self._read)
        else:
            raise error

    async def _look_for(self, changes: Sequence[Change], lost: MayHaveRun) -> None:
        """Nobody answered: whether the changes arrived is seen in what stands. Nothing is sent again."""
        self._progress(Step.LOOKING)
        for _ in range(_LOOKS):
            try:
                parts = await self._patient.settled(self._read)
            except WorkbenchError as error:
                raise unseen(changes, f"{lost.detail}\nWhat stands can't be read: {error.title}") from lost
            if all_made(parts, changes):
                return
            await self._patient.pause()
        raise unseen(changes, f"{lost.detail}\nWhat stands is as before.") from lost
