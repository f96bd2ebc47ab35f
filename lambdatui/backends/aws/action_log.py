"""Notes every call that botocore makes for a session, its own ones to sign in too."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError, RefreshWithMFAUnsupportedError

from lambdatui.backends.aws.cli_command import cli_command
from lambdatui.backends.aws.redaction import redacted
from lambdatui.backends.aws.sign_in import Profile
from lambdatui.backends.aws.signed_in import AnotherCodeWasGiven
from lambdatui.core.actions import Action, Shown
from lambdatui.core.errors import CredentialsExpired
from lambdatui.core.target import AwsPlace
from lambdatui.core.text import clean

MOST = 1_000
"""So many are known; 0.5 kB each."""
_PARAMETERS = "lambdatui.parameters"
_NUMBER = "lambdatui.action"


class AwsActionLog:
    """Implements `ActionLog`. Written from the threads that call AWS; keeps no answer, and nothing on the disk."""

    def __init__(
        self, place: AwsPlace, profile: Profile, now: Callable[[], datetime], elapsed_s: Callable[[], float]
    ) -> None:
        self._place = place
        self._profile = profile
        self._now = now
        self._elapsed_s = elapsed_s
        self._lock = Lock()
        self._actions: OrderedDict[int, Action] = OrderedDict()
        self._began_s: dict[int, float] = {}
        self._begun = 0
        self.changes = 0

    def recent(self) -> tuple[Action, ...]:
        """See `ActionLog.recent`."""
        with self._lock:
            return tuple(self._actions.values())

    def command(self, action: Action) -> str:
        """See `ActionLog.command`."""
        return cli_command(action, self._place, "" if self._profile.from_environment else self._profile.asked)

    def listen(self, session: Any) -> None:
        """Note what the clients of this botocore session do from now on."""
        session.register("before-parameter-build", self._prepared)
        session.register("before-call", self._sent)
        session.register("after-call", self._answered)
        session.register("after-call-error", self._failed)

    def not_sent(self, context: Mapping[str, Any], why: str) -> None:
        """A call that had begun was stopped by ourselves."""
        self._end(context, why, failed=True)

    def _prepared(self, *, params: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
        context[_PARAMETERS] = redacted(params, model.input_shape) if isinstance(params, Mapping) else {}

    def _sent(self, *, model: Any, context: dict[str, Any], **_: Any) -> None:
        parameters: dict[str, Shown] = context.get(_PARAMETERS, {})
        with self._lock:
            self._begun += 1
            number = context[_NUMBER] = self._begun
            service = model.service_model.service_name
            self._actions[number] = Action(number, self._now(), service, model.name, parameters)
            self._began_s[number] = self._elapsed_s()
            if len(self._actions) > MOST:
                oldest, _action = self._actions.popitem(last=False)
                self._began_s.pop(oldest, None)
            self.changes += 1

    def _answered(self, *, http_response: Any, parsed: Any, context: Mapping[str, Any], **_: Any) -> None:
        about = parsed.get("ResponseMetadata", {})
        status = getattr(http_response, "status_code", 0)
        code = clean(str(parsed.get("Error", {}).get("Code") or ""))
        function_error = clean(str(parsed.get("FunctionError") or ""))
        outcome = " ".join(part for part in (str(status), code or function_error) if part)
        request_id = clean(str(about.get("RequestId") or ""))
        repeated = int(about.get("RetryAttempts") or 0)
        self._end(context, outcome, failed=status >= 300 or bool(function_error), request_id=request_id, more=repeated)

    def _failed(self, *, exception: Exception, context: Mapping[str, Any], **_: Any) -> None:
        repeated = int((context.get("retries") or {}).get("attempt") or 1) - 1
        self._end(context, _outcome(exception), failed=True, more=repeated)

    def _end(
        self, context: Mapping[str, Any], outcome: str, *, failed: bool, request_id: str = "", more: int = 0
    ) -> None:
        number = context.get(_NUMBER)
        with self._lock:
            action = self._actions.get(number) if isinstance(number, int) else None
            if action is None or number is None:
                return
            duration_ms = (self._elapsed_s() - self._began_s.pop(number)) * 1000
            self._actions[number] = replace(
                action,
                outcome=outcome,
                failed=failed,
                duration_ms=duration_ms,
                request_id=request_id,
                attempts=1 + max(more, 0),
            )
            self.changes += 1


def _outcome(exception: Exception) -> str:
    """The name of what happened, not its words: these may quote the request."""
    if isinstance(exception, AnotherCodeWasGiven | RefreshWithMFAUnsupportedError):
        return "not sent: signs in again"
    if isinstance(exception, ClientError):  # of the call that gives credentials, which botocore makes before this one
        return f"not sent: {clean(exception.operation_name)} failed"
    return "not sent: signed out" if isinstance(exception, CredentialsExpired) else type(exception).__name__
