"""The settings that there are: one line of truth each, in the order in which they are shown."""

from __future__ import annotations

import re

from lambdatui.core.configuration_kinds import Definition
from lambdatui.core.errors import InvalidInput
from lambdatui.core.layers import LAYERS_MOST, UNZIPPED_MOST_MB
from lambdatui.core.limits import (
    EPHEMERAL_MB,
    EVENT_AGE_S,
    MEMORY_MB,
    RESERVED_ENVIRONMENT_KEYS,
    RETENTION_DAYS,
    RETRIES,
    TIMEOUT_S,
)
from lambdatui.core.text import clean

GENERAL, CODE, CONCURRENCY = "General", "Code", "Concurrency"
ASYNCHRONOUS, LOGGING = "Asynchronous invocation", "Logging and tracing"
ENVIRONMENT, TAGS = "Environment", "Tags"

MEMORY = Definition(
    "memory", "Memory", "integer", GENERAL, "CPU grows with it: 1,769 MB is one vCPU", "MemorySize", "MB", MEMORY_MB
)
TIMEOUT = Definition("timeout", "Timeout", "integer", GENERAL, "then the function is killed", "Timeout", "s", TIMEOUT_S)
EPHEMERAL = Definition(
    "ephemeral", "Ephemeral storage", "integer", GENERAL, "the size of /tmp; above 512 MB it is billed",
    "EphemeralStorage.Size", "MB", EPHEMERAL_MB, aws_only=True,
)  # fmt: skip
DESCRIPTION = Definition(
    "description", "Description", "text", GENERAL, "free text, 256 characters", "Description", limits=(0, 256)
)
HANDLER = Definition(
    "handler", "Handler", "text", CODE, "what the runtime calls: FILE.FUNCTION for Python", "Handler",
    limits=(0, 128), aws_only=True,
)  # fmt: skip
LAYERS = Definition(
    "layers", "Layers", "layers", CODE,
    f"ARNs of layer versions, the later over the earlier; {LAYERS_MOST} at most, {UNZIPPED_MOST_MB} MB unzipped in all",
    "Layers", aws_only=True,
)  # fmt: skip
SNAP_START = Definition(
    "snap_start", "SnapStart", "choice", CODE, "for versions that are published from then on", "SnapStart.ApplyOn",
    choices=("None", "PublishedVersions"), aws_only=True,
)  # fmt: skip
RUNTIME_UPDATE = Definition(
    "runtime_update", "Runtime updates", "text", CODE, "Auto, FunctionUpdate, or the ARN of a runtime version",
    "UpdateRuntimeOn", choices=("Auto", "FunctionUpdate"), aws_only=True,
)  # fmt: skip
RESERVED = Definition(
    "reserved", "Reserved concurrency", "concurrency", CONCURRENCY,
    "how many executions run at once; none shares the account's", "ReservedConcurrentExecutions",
)  # fmt: skip
RETRY_ATTEMPTS = Definition(
    "retries", "Retry attempts", "integer", ASYNCHRONOUS, "after a failed first attempt", "MaximumRetryAttempts", "",
    RETRIES,
)  # fmt: skip
EVENT_AGE = Definition(
    "event_age", "Maximum event age", "integer", ASYNCHRONOUS, "an older event is discarded",
    "MaximumEventAgeInSeconds", "s", EVENT_AGE_S,
)  # fmt: skip
ON_FAILURE = Definition(
    "on_failure", "On-failure destination", "text", ASYNCHRONOUS, "locally function:NAME or file:PATH; on AWS an ARN",
    "DestinationConfig.OnFailure",
)  # fmt: skip
ON_SUCCESS = Definition(
    "on_success", "On-success destination", "text", ASYNCHRONOUS, "an ARN: SQS, SNS, EventBridge or Lambda",
    "DestinationConfig.OnSuccess", aws_only=True,
)  # fmt: skip
DEAD_LETTER = Definition(
    "dlq", "Dead-letter queue", "text", ASYNCHRONOUS, "an ARN: SQS or SNS; it gets the event alone, without the error",
    "DeadLetterConfig.TargetArn", aws_only=True,
)  # fmt: skip
RECURSION = Definition(
    "recursion", "Recursive loops", "choice", ASYNCHRONOUS, "what calls itself through SQS, SNS or S3, after 16 rounds",
    "RecursiveLoop", choices=("Terminate", "Allow"), aws_only=True,
)  # fmt: skip
LOG_FORMAT = Definition(
    "log_format", "Log format", "choice", LOGGING, "how log lines are written", "LoggingConfig.LogFormat",
    choices=("Text", "JSON"),
)  # fmt: skip
LOG_LEVEL = Definition(
    "log_level", "Application log level", "choice", LOGGING, "JSON format only", "LoggingConfig.ApplicationLogLevel",
    choices=("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
)  # fmt: skip
SYSTEM_LOG_LEVEL = Definition(
    "system_log_level", "System log level", "choice", LOGGING, "JSON format only", "LoggingConfig.SystemLogLevel",
    choices=("DEBUG", "INFO", "WARN"), aws_only=True,
)  # fmt: skip
LOG_GROUP = Definition(
    "log_group", "Log group", "text", LOGGING, "a CloudWatch log group; several functions may share one",
    "LoggingConfig.LogGroup", limits=(0, 512), aws_only=True,
)  # fmt: skip
RETENTION = Definition(
    "retention", "Log retention", "integer", LOGGING, "days that the whole log group keeps its lines",
    "retentionInDays", "days", choices=tuple(map(str, RETENTION_DAYS)), none_word="forever", aws_only=True,
)  # fmt: skip
TRACING = Definition(
    "tracing", "X-Ray tracing", "choice", LOGGING, "Active samples requests by itself", "TracingConfig.Mode",
    choices=("PassThrough", "Active"), aws_only=True,
)  # fmt: skip

DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        MEMORY,
        TIMEOUT,
        EPHEMERAL,
        DESCRIPTION,
        HANDLER,
        LAYERS,
        SNAP_START,
        RUNTIME_UPDATE,
        RESERVED,
        RETRY_ATTEMPTS,
        EVENT_AGE,
        ON_FAILURE,
        ON_SUCCESS,
        DEAD_LETTER,
        RECURSION,
        LOG_FORMAT,
        LOG_LEVEL,
        SYSTEM_LOG_LEVEL,
        LOG_GROUP,
        RETENTION,
        TRACING,
    )
}
COMMON: dict[str, Definition] = {key: known for key, known in DEFINITIONS.items() if not known.aws_only}
"""What every target knows."""

ALL_VARIABLES = Definition("env", "All variables", "environment", ENVIRONMENT, "", "Environment.Variables")
ALL_TAGS = Definition("tag", "All tags", "tag", TAGS, "", "Tags", aws_only=True)
"""These two stand for variables or tags that can't be read."""

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def variable(name: str) -> Definition:
    """The environment variable `name`, whatever it is called."""
    return Definition(
        f"env.{name}", clean(name), "environment", ENVIRONMENT, "an environment variable", "Environment.Variables"
    )


def tag(name: str) -> Definition:
    """The tag `name`."""
    return Definition(f"tag.{name}", clean(name), "tag", TAGS, "a tag", ALL_TAGS.aws_name, aws_only=True)


def definition_of(key: str) -> Definition:
    """What the setting `key` is; `env.NAME` is an environment variable, `tag.NAME` a tag.

    Raises:
        InvalidInput: no such setting; the detail lists those there are.
    """
    prefix, dot, name = key.partition(".")
    if prefix == "env" and dot:
        if not _ENVIRONMENT_NAME.fullmatch(name):
            raise InvalidInput(f"“{name}” can't name an environment variable", "A letter, then letters, digits and _.")
        if name in RESERVED_ENVIRONMENT_KEYS:
            raise InvalidInput(f"{name} is reserved by Lambda", "It can't be set as an environment variable.")
        return variable(name)
    if prefix == "tag" and dot:
        if not name or name.lower().startswith("aws:"):
            raise InvalidInput(f"“{name}” can't name a tag", "1 to 128 characters; aws: is for AWS's own.")
        return tag(name)
    try:
        return DEFINITIONS[key]
    except KeyError:
        known = ", ".join([*DEFINITIONS, "env.NAME", "tag.NAME"])
        raise InvalidInput(f"No setting is named “{key}”", f"There are: {known}.") from None
