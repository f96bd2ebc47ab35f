"""The settings of a function: what each means, what it may be, and the promise of a store that changes them.

A setting has one key everywhere: the configuration pane, `lambdatui set FN memory=512`, files of overrides.
Keys of environment variables are `env.NAME`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lambdatui.core.errors import InvalidInput
from lambdatui.core.functions import Reserved, Unknown, Unreserved
from lambdatui.core.limits import EVENT_AGE_S, MEMORY_MB, RESERVED_ENVIRONMENT_KEYS, RETRIES, TIMEOUT_S

Value: TypeAlias = int | str | Reserved | Unreserved | Unknown | None
"""A setting's value. None means "not set", which differs from "" and from 0."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value that was typed; `warning` is what the server may object to, "" when nothing."""

    value: Value
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a setting is.

    `kind` is "integer", "choice", "text", "concurrency" or "environment". `limits` are the least and the most
    of an integer; `choices` the words of a choice. `aws_name` is the field of the AWS API that holds it.
    """

    key: str
    label: str
    kind: str
    section: str
    help: str
    aws_name: str
    unit: str = ""
    limits: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """What may be typed, in a few words: "128 to 10,240 MB"."""
        if self.kind == "integer" and self.limits:
            return f"{self.limits[0]:,} to {self.limits[1]:,} {self.unit}".strip()
        if self.kind == "choice":
            return " or ".join(self.choices)
        if self.kind == "concurrency":
            return "a number of executions, or none"
        return self.help

    def parse(self, text: str) -> Parsed:
        """The value that `text` means.

        Raises:
            InvalidInput: it can't be meant; the title says what may be typed.
        """
        text = text.strip() if self.kind != "environment" else text
        if self.kind == "integer":
            return self._parse_integer(text)
        if self.kind == "concurrency":
            if text.lower() in ("", "none", "unreserved", "-"):
                return Parsed(Unreserved())
            number = _whole(text)
            if number is None or number < 0:
                raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is neither.")
            return Parsed(
                Reserved(number), "0 stops the function: every invocation is throttled" if number == 0 else ""
            )
        if self.kind == "choice":
            for choice in self.choices:
                if choice.lower() == text.lower():
                    return Parsed(choice)
            raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is none of them.")
        return Parsed(text)

    def _parse_integer(self, text: str) -> Parsed:
        word = text.lower()
        if self.unit and word.endswith(self.unit.lower()):
            word = word[: -len(self.unit)]
        number = _whole(word)
        if number is None:
            raise InvalidInput(f"{self.label}: {self.hint}", f"“{text}” is not a whole number.")
        if number < 0 or (self.limits and self.limits[0] > 0 and number == 0):
            raise InvalidInput(f"{self.label}: {self.hint}", f"{number} is out of range.")
        if self.limits and not self.limits[0] <= number <= self.limits[1]:
            return Parsed(number, f"outside {self.hint}: the server may refuse it")
        return Parsed(number)

    def show(self, value: Value) -> str:
        """The value as a person reads it, with its unit: "512 MB", "unreserved", "not set"."""
        match value:
            case None:
                return "not set"
            case Unreserved():
                return "unreserved"
            case Reserved(executions):
                return f"{executions:,}"
            case Unknown(reason):
                return f"unknown: {reason}"
            case int():
                return f"{value:,} {self.unit}".strip()
            case str():
                return value

    def edit_text(self, value: Value) -> str:
        """The value as it stands in the edit field: the inverse of `parse`."""
        match value:
            case None | Unknown():
                return ""
            case Unreserved():
                return "none"
            case Reserved(executions):
                return str(executions)
            case int() | str():
                return str(value)


MEMORY = Definition(
    "memory", "Memory", "integer", "General", "CPU grows with it: 1,769 MB is one vCPU", "MemorySize", "MB", MEMORY_MB
)
TIMEOUT = Definition(
    "timeout", "Timeout", "integer", "General", "then the function is killed", "Timeout", "s", TIMEOUT_S
)
DESCRIPTION = Definition("description", "Description", "text", "General", "free text, 256 characters", "Description")
RESERVED = Definition(
    "reserved",
    "Reserved concurrency",
    "concurrency",
    "Concurrency",
    "how many executions run at once; none shares the account's",
    "ReservedConcurrentExecutions",
)
RETRY_ATTEMPTS = Definition(
    "retries",
    "Retry attempts",
    "integer",
    "Asynchronous invocation",
    "after a failed first attempt",
    "MaximumRetryAttempts",
    "",
    RETRIES,
)
EVENT_AGE = Definition(
    "event_age",
    "Maximum event age",
    "integer",
    "Asynchronous invocation",
    "an older event is discarded",
    "MaximumEventAgeInSeconds",
    "s",
    EVENT_AGE_S,
)
ON_FAILURE = Definition(
    "on_failure",
    "On-failure destination",
    "text",
    "Asynchronous invocation",
    "locally function:NAME or file:PATH; on AWS an ARN",
    "DestinationConfig.OnFailure",
)
LOG_FORMAT = Definition(
    "log_format",
    "Log format",
    "choice",
    "Logging",
    "how log lines are written",
    "LoggingConfig.LogFormat",
    choices=("Text", "JSON"),
)
LOG_LEVEL = Definition(
    "log_level",
    "Application log level",
    "choice",
    "Logging",
    "JSON format only",
    "LoggingConfig.ApplicationLogLevel",
    choices=("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
)

DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        MEMORY,
        TIMEOUT,
        DESCRIPTION,
        RESERVED,
        RETRY_ATTEMPTS,
        EVENT_AGE,
        ON_FAILURE,
        LOG_FORMAT,
        LOG_LEVEL,
    )
}

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def definition_of(key: str) -> Definition:
    """What the setting `key` is; `env.NAME` is an environment variable.

    Raises:
        InvalidInput: no such setting; the detail lists those there are.
    """
    if key.startswith("env."):
        name = key.removeprefix("env.")
        if not _ENVIRONMENT_NAME.fullmatch(name):
            raise InvalidInput(f"“{name}” can't name an environment variable", "A letter, then letters, digits and _.")
        if name in RESERVED_ENVIRONMENT_KEYS:
            raise InvalidInput(f"{name} is reserved by Lambda", "It can't be set as an environment variable.")
        return Definition(key, name, "environment", "Environment", "an environment variable", "Environment.Variables")
    try:
        return DEFINITIONS[key]
    except KeyError:
        known = ", ".join([*DEFINITIONS, "env.NAME"])
        raise InvalidInput(f"No setting is named “{key}”", f"There are: {known}.") from None


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as it stands. `origin` says where the value comes from: "template.yaml:12", "default", "edited here".

    `locked` is the reason why it can't be changed on this target, "" when it can. `hides` is what an edit stands in
    front of ("template.yaml:12 has 256 MB"), "" when there is nothing.
    """

    definition: Definition
    value: Value
    origin: str
    locked: str = ""
    hides: str = ""

    @property
    def secret(self) -> bool:
        """Whether the value is masked until asked for."""
        return self.definition.kind == "environment"


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings of one function, as read at `revision_id`."""

    function_name: str
    revision_id: str
    entries: tuple[Entry, ...]

    def value(self, key: str) -> Value:
        """The value of one setting; None when it is not there."""
        return next((entry.value for entry in self.entries if entry.definition.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One setting, old → new. None as `new` removes it (an environment variable) or goes back to the default."""

    key: str
    old: Value
    new: Value

    @property
    def inverse(self) -> Change:
        """The change that undoes this one."""
        return Change(self.key, self.new, self.old)

    def show(self, *, masked: bool = False) -> str:
        """The diff in one line: "Memory 256 MB → 512 MB". `masked` hides the values of environment variables."""
        definition = definition_of(self.key)
        if masked and definition.kind == "environment":
            hidden = ["not set" if value is None else "••••" for value in (self.old, self.new)]
            return f"{definition.label} {hidden[0]} → {hidden[1]}"
        return f"{definition.label} {definition.show(self.old)} → {definition.show(self.new)}"


class ConfigurationStore(Protocol):
    """Reads and changes the settings of functions."""

    async def read(self, function_name: str) -> Configuration:
        """Every setting, with the revision that it was read at.

        Raises:
            NotFound: no function of that name.
        """
        ...

    async def apply(self, function_name: str, changes: tuple[Change, ...], revision_id: str) -> Configuration:
        """Make all `changes` or none, wait until they took effect, and return what the server says then.

        Environment variables are merged by key. Applying what is already so changes nothing.
        Raises:
            Conflict: a setting in `changes` is no longer at its `old` value; `mine` and `theirs` hold both.
            InvalidInput: the server refuses a value.
            Unsupported: the target can't change that setting.
        """
        ...


def _whole(text: str) -> int | None:
    digits = text.strip().replace(",", "").replace("_", "")
    return int(digits) if re.fullmatch(r"-?[0-9]{1,12}", digits) else None
