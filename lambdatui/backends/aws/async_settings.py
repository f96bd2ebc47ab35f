"""What a function's settings say about its async events: how often they are tried, how long, and where they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdatui.backends.aws.session import Session
from lambdatui.backends.aws.shapes import mapping, text, whole
from lambdatui.core.errors import Denied, NotFound, WorkbenchError
from lambdatui.core.limits import EVENT_AGE_S, RETRIES

_QUIET_LEVELS = frozenset({"WARN"})
_SERVICES = {"lambda": "function"}
_TELLS_SUCCESS = ("python", "nodejs")


@dataclass(frozen=True, slots=True)
class AsyncSettings:
    """`attempts` is None where it could not be read; `unknown` says why. Destinations are ARNs, "" for none.

    `silent` says why the function's log does not tell of its invocations, "" when it does. `logs_errors`: its runtime
    writes every error of a handler into the log.
    """

    attempts: int | None
    max_age_s: int = EVENT_AGE_S[1]
    on_success: str = ""
    on_failure: str = ""
    dead_letter: str = ""
    unknown: str = ""
    silent: str = ""
    logs_errors: bool = False

    @property
    def failures_go_to(self) -> str:
        """Where a discarded event is kept, for eyes; "" when nowhere."""
        places = [place_of_arn(self.on_failure)] if self.on_failure else []
        places += [f"the dead-letter queue {place_of_arn(self.dead_letter)}"] if self.dead_letter else []
        return " and ".join(places)

    @property
    def queue(self) -> str:
        """The ARN of the SQS queue among these places."""
        return next((arn for arn in (self.on_failure, self.dead_letter) if _parts(arn)[2] == "sqs"), "")

    @property
    def fate(self) -> str:
        """What will happen to an event, in a sentence."""
        if self.attempts is None:
            return ""
        tries = "It is tried once" if self.attempts == 1 else f"It is tried up to {self.attempts} times"
        where = f"a failure goes to {self.failures_go_to}" if self.failures_go_to else "a failure is kept nowhere"
        return f"{tries}; {where}{' as far as is known' if self.unknown else ''}."


async def read_async_settings(session: Session, function_name: str, qualifier: str) -> AsyncSettings:
    """`aws lambda get-function-event-invoke-config` and `get-function-configuration`.

    Never fails: what can't be read is said to be unknown.
    """
    named: dict[str, Any] = {"FunctionName": function_name}
    if qualifier not in ("", "$LATEST"):
        named["Qualifier"] = qualifier
    unknown: list[str] = []
    config: Mapping[str, Any] | None = None
    try:
        config = mapping(await session.call("lambda", "GetFunctionEventInvokeConfig", **named))
    except NotFound:
        config = {}
    except WorkbenchError as error:
        unknown.append(_why(error))
    function: Mapping[str, Any] = {}
    try:
        function = mapping(await session.call("lambda", "GetFunctionConfiguration", **named))
    except WorkbenchError as error:
        unknown.append(_why(error))
    return _settings_of(config, function, " · ".join(dict.fromkeys(unknown)))


def _settings_of(config: Mapping[str, Any] | None, function: Mapping[str, Any], unknown: str) -> AsyncSettings:
    logging = mapping(function.get("LoggingConfig"))
    level = text(logging.get("SystemLogLevel"))
    quiet = text(logging.get("LogFormat")) == "JSON" and level in _QUIET_LEVELS
    config_or_none = config if config is not None else {}
    destinations = mapping(config_or_none.get("DestinationConfig"))
    retries = whole(config_or_none.get("MaximumRetryAttempts"))
    return AsyncSettings(
        attempts=None if config is None else 1 + (RETRIES[1] if retries is None else retries),
        max_age_s=whole(config_or_none.get("MaximumEventAgeInSeconds")) or EVENT_AGE_S[1],
        on_success=text(mapping(destinations.get("OnSuccess")).get("Destination")),
        on_failure=text(mapping(destinations.get("OnFailure")).get("Destination")),
        dead_letter=text(mapping(function.get("DeadLetterConfig")).get("TargetArn")),
        unknown=unknown,
        silent=f"its system log level is {level}: starts and ends are not in its log" if quiet else "",
        logs_errors=text(function.get("Runtime")).startswith(_TELLS_SUCCESS),
    )


def place_of_arn(arn: str) -> str:
    """A destination for eyes: "sqs:orders-failed", "function:notify"; what is no ARN as it is."""
    if not arn.startswith("arn:"):
        return arn
    parts = _parts(arn)
    service = _SERVICES.get(parts[2], parts[2])
    name = parts[5].removeprefix("function:").removeprefix("event-bus/")
    return f"{service}:{name}"


def _parts(arn: str) -> list[str]:
    return (arn.split(":", 5) + [""] * 6)[:6]


def _why(error: WorkbenchError) -> str:
    return f"{error.permission} is not permitted" if isinstance(error, Denied) and error.permission else error.title
