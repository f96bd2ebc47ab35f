"""Follows an accepted async event to its end, by what its function's log and settings tell."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime

from lambdatui.backends.aws.async_settings import AsyncSettings, place_of_arn
from lambdatui.backends.aws.invocation_logs import AwsInvocationLogs, Search
from lambdatui.core.attempts import Attempt, attempts_of, text_of
from lambdatui.core.errors import CredentialsExpired, Denied
from lambdatui.core.invocation import (
    AsyncState,
    Attempting,
    Completed,
    Delivered,
    Discarded,
    InvocationRequest,
    OutOfSight,
    Queued,
    Waiting,
)
from lambdatui.core.limits import TIMEOUT_S

_MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Verdict:
    """How an attempt ended. `failed` is None where the log does not say."""

    failed: bool | None
    error: str
    completed: Completed


class EventFollower:
    """Looks at the log of one event until it is known how it ended. Calls nothing that changes anything.

    `timeout_s` is how long one attempt may take.
    """

    def __init__(
        self,
        logs: AwsInvocationLogs,
        request: InvocationRequest,
        request_id: str,
        accepted_ms: int,
        timeout_s: int = TIMEOUT_S[1],
    ) -> None:
        self._logs = logs
        self._watching = logs.watching
        self._request = request
        self._request_id = request_id
        self._accepted_ms = accepted_ms
        self._timeout_ms = timeout_s * 1000
        self._search = Search(logs, request.function_name, request_id, accepted_ms)
        self._begun = 0
        self._settled = 0
        self._undecided: set[int] = set()
        """Attempts whose log does not say how they ended: only a retry, or none in time, tells."""
        self._error = ""

    async def steps(self, settings: AsyncSettings) -> AsyncGenerator[AsyncState, None]:
        """See `Invoker.follow`."""
        yield Queued(self._request_id)
        if settings.silent:
            yield OutOfSight(self._request_id, settings.silent, fate=settings.fate)
            return
        quiet = 0
        while True:
            try:
                attempts = await self._search.look()
                steps = [step async for step in self._news(attempts, settings)]
            except Denied as error:
                hint = error.hint or f"Ask for the permission {error.permission}."
                yield OutOfSight(self._request_id, error.title, hint, settings.fate)
                return
            except CredentialsExpired as error:
                yield OutOfSight(self._request_id, error.title, error.hint, settings.fate)
                return
            for step in steps:
                yield step
                if isinstance(step, Delivered | Discarded):
                    return
            quiet = 0 if steps else quiet + 1
            looks_s = self._watching.looks_s
            await asyncio.sleep(looks_s[min(quiet, len(looks_s) - 1)])

    async def _news(self, attempts: tuple[Attempt, ...], settings: AsyncSettings) -> AsyncGenerator[AsyncState, None]:
        """What is new since the last look, up to the end of the event."""
        for number, attempt in enumerate(attempts, 1):
            if number > self._begun:
                self._begun = number
                yield Attempting(self._request_id, number, settings.attempts)
            if number <= self._settled or not (self._is_over(attempt) or number < len(attempts)):
                continue
            last = number >= (settings.attempts or _MOST_ATTEMPTS)
            retried = number < len(attempts)
            waited = last or self._waited_enough(attempt, number)
            if number in self._undecided and not (retried or waited):
                continue
            verdict = await self._verdict(attempt, settings, retried=retried)
            if verdict.failed:
                self._settled = number
                self._error = verdict.error
                if last:
                    yield self._discarded(number, settings, "RetriesExhausted", verdict.completed)
                    return
                yield Waiting(self._request_id, number, settings.attempts, verdict.error, self._pause_s(number))
            elif verdict.failed is False or waited:
                self._settled = number
                yield self._delivered(number, settings, verdict)
                return
            self._undecided.add(number)
        end = self._end_without_attempt(attempts, settings)
        if end is not None:
            yield end

    def _end_without_attempt(self, attempts: tuple[Attempt, ...], settings: AsyncSettings) -> Discarded | None:
        """The end of an event that nothing is heard of any more."""
        if self._settled < len(attempts):
            return None
        if settings.attempts is None and attempts and self._waited_enough(attempts[-1], len(attempts)):
            return self._discarded(len(attempts), settings, "", None)
        age_ms = self._logs.wall_ms() - self._accepted_ms
        if age_ms > (settings.max_age_s + self._watching.slack_s) * 1000:
            self._error = self._error or "the event grew too old"
            return self._discarded(len(attempts), settings, "EventAgeExceeded", None)
        return None

    def _discarded(
        self, attempts: int, settings: AsyncSettings, condition: str, completed: Completed | None
    ) -> Discarded:
        return Discarded(
            self._request_id,
            attempts,
            condition,
            self._error,
            completed,
            settings.failures_go_to,
            settings.unknown,
            settings.queue,
        )

    def _delivered(self, attempt: int, settings: AsyncSettings, verdict: _Verdict) -> Delivered:
        doubt = "" if verdict.failed is False else "its log shows no error; more is not known"
        note = " · ".join(part for part in (doubt, settings.unknown) if part)
        destination = place_of_arn(settings.on_success) if settings.on_success else ""
        return Delivered(self._request_id, attempt, verdict.completed, destination, note)

    async def _verdict(self, attempt: Attempt, settings: AsyncSettings, *, retried: bool) -> _Verdict:
        """How an attempt ended: what was tried again had failed, whatever its lines say."""
        lines = await self._logs.lines_of(self._request.function_name, self._request_id, attempt)
        told = next(iter(attempts_of(lines, self._request_id)), attempt)
        failed: bool | None = None if told.succeeded is None else not told.succeeded
        if failed is None and settings.logs_errors and told.report is not None:
            failed = False
        if retried:
            failed = True
        if told.report is None and failed is None and attempt.report is None:
            failed = True
        error = told.error or ("it was tried again" if retried else "its end is not in the log")
        return _Verdict(
            failed, error if failed else "", self._completed(attempt, told, text_of(lines), failed=bool(failed))
        )

    def _completed(self, attempt: Attempt, told: Attempt, log: str, *, failed: bool) -> Completed:
        report = attempt.report or told.report
        return Completed(
            request_id=self._request_id,
            status_code=202,
            payload=b"",
            function_error="Unhandled" if failed else "",
            executed_version=attempt.version,
            log_tail=log,
            report=report,
            started_at=datetime.fromtimestamp(attempt.started_ms / 1000, UTC),
            elapsed_ms=report.duration_ms if report else 0.0,
        )

    def _is_over(self, attempt: Attempt) -> bool:
        if attempt.report is not None:
            return True
        # An attempt whose end is lost must not be waited for until the event is too old.
        limit_ms = attempt.started_ms + self._timeout_ms + self._watching.slack_s * 1000
        return self._logs.wall_ms() > limit_ms

    def _waited_enough(self, attempt: Attempt, number: int) -> bool:
        ended_ms = attempt.ended_ms or attempt.started_ms + self._timeout_ms
        return self._logs.wall_ms() > ended_ms + (self._pause_s(number) + self._watching.slack_s) * 1000

    def _pause_s(self, number: int) -> float:
        retries_s = self._watching.retries_s
        return retries_s[min(number, len(retries_s)) - 1]
