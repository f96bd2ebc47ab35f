"""What AWS's answers say of one function, as facts to be read. Unknown fields and values never break anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from lambdatui.backends.aws.async_settings import AsyncSettings, place_of_arn
from lambdatui.backends.aws.shapes import concurrency_of, mapping, moment, text, whole
from lambdatui.core.errors import Denied, WorkbenchError
from lambdatui.core.functions import Reserved
from lambdatui.core.inspection import Fact, Tone
from lambdatui.core.layers import LayerName
from lambdatui.core.limits import DEPRECATED_RUNTIMES
from lambdatui.core.reading import Unread
from lambdatui.core.triggers import Triggers
from lambdatui.core.versions import Alias, Versions

_TOLD = frozenset(
    [
        "FunctionName",
        "FunctionArn",
        "Runtime",
        "Role",
        "Handler",
        "CodeSize",
        "Description",
        "Timeout",
        "MemorySize",
        "LastModified",
        "CodeSha256",
        "Version",
        "VpcConfig",
        "DeadLetterConfig",
        "Environment",
        "KMSKeyArn",
        "TracingConfig",
        "RevisionId",
        "Layers",
        "State",
        "StateReason",
        "StateReasonCode",
        "LastUpdateStatus",
        "LastUpdateStatusReason",
        "LastUpdateStatusReasonCode",
        "FileSystemConfigs",
        "SigningProfileVersionArn",
        "SigningJobArn",
        "PackageType",
        "ImageConfigResponse",
        "Architectures",
        "EphemeralStorage",
        "SnapStart",
        "RuntimeVersionConfig",
        "LoggingConfig",
        "MasterArn",
    ]
)
_FINE = frozenset({"Active", "Successful", "READY", "Enabled"})
_MOST_OTHERS = 40


def general(answer: Mapping[str, Any], today: datetime) -> tuple[Fact, ...]:
    """`aws lambda get-function`: what the function is and how it stands `today`."""
    function = mapping(answer.get("Configuration"))
    runtime = text(function.get("Runtime"))
    ends = DEPRECATED_RUNTIMES.get(runtime, "")
    is_old = bool(ends) and ends <= f"{today:%Y-%m-%d}"
    until = f" · deprecated {'since' if is_old else 'from'} {ends}" if ends else ""
    image = mapping(mapping(function.get("ImageConfigResponse")).get("ImageConfig"))
    return _known(
        Fact("ARN", text(function.get("FunctionArn"))),
        Fact("Description", text(function.get("Description"))),
        _state("State", function.get("State") or "Active", function.get("StateReason")),
        _state("Last update", function.get("LastUpdateStatus"), function.get("LastUpdateStatusReason")),
        Fact("Runtime", f"{runtime}{until}" if runtime else "", Tone.WARNING if is_old else Tone.PLAIN),
        Fact("Handler", text(function.get("Handler"))),
        Fact("Image command", _words(image.get("Command"))),
        Fact("Image entry point", _words(image.get("EntryPoint"))),
        Fact("Memory", _unit(function.get("MemorySize"), "MB")),
        Fact("Timeout", _unit(function.get("Timeout"), "s")),
        Fact("Ephemeral storage", _unit(mapping(function.get("EphemeralStorage")).get("Size"), "MB")),
        Fact("Architecture", _words(function.get("Architectures"))),
        Fact("Role", text(function.get("Role"))),
        Fact("Last modified", _time(function.get("LastModified"))),
        Fact("Revision id", text(function.get("RevisionId")), Tone.QUIET),
    )


def code(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-function`: where the code is. The link that lets anybody read a zip is left out."""
    function, place = mapping(answer.get("Configuration")), mapping(answer.get("Code"))
    return _known(
        Fact("Package type", text(function.get("PackageType")) or "Zip"),
        Fact("Size", _unit(function.get("CodeSize"), "bytes")),
        Fact("SHA-256", text(function.get("CodeSha256"))),
        Fact("Image", text(place.get("ImageUri"))),
        Fact("Image by digest", text(place.get("ResolvedImageUri")), Tone.QUIET),
        Fact("Repository", text(place.get("RepositoryType"))),
        Fact("Encrypted with", text(place.get("SourceKMSKeyArn"))),
        Fact("Signing profile", text(function.get("SigningProfileVersionArn"))),
        Fact("Signing job", text(function.get("SigningJobArn")), Tone.QUIET),
        *_error_of(place.get("Error")),
    )


def surroundings(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-function`: environment, network, storage, tracing, snapshots."""
    function = mapping(answer.get("Configuration"))
    environment, vpc = mapping(function.get("Environment")), mapping(function.get("VpcConfig"))
    variables = mapping(environment.get("Variables"))
    snap = mapping(function.get("SnapStart"))
    applies = text(snap.get("ApplyOn")).removeprefix("None")
    return _known(
        Fact("Environment", f"{len(variables)} variables" if variables else "no variables"),
        *_error_of(environment.get("Error")),
        Fact("Encrypted with", text(function.get("KMSKeyArn")) or "a key of AWS"),
        Fact("Network", text(vpc.get("VpcId")) or "not in a VPC"),
        Fact("Subnets", _words(vpc.get("SubnetIds"))),
        Fact("Security groups", _words(vpc.get("SecurityGroupIds"))),
        *(
            Fact("File system", f"{text(mapping(system).get('Arn'))} at {text(mapping(system).get('LocalMountPath'))}")
            for system in _listed(function.get("FileSystemConfigs"))
        ),
        Fact("Tracing", text(mapping(function.get("TracingConfig")).get("Mode"))),
        Fact("SnapStart", " · ".join(filter(None, (applies, applies and text(snap.get("OptimizationStatus")))))),
    )


def layers(newest: Iterable[tuple[LayerName, LayerName | None, str]]) -> tuple[Fact, ...]:
    """Each layer with its newest version, None while that is not known and why."""
    facts: list[Fact] = []
    for number, (layer, latest, unknown) in enumerate(newest, 1):
        facts.append(Fact(str(number), layer.arn))
        if unknown:
            facts.append(Fact("", f"newest version not known: {unknown}", Tone.QUIET))
        elif latest is not None and (latest.version or 0) > (layer.version or 0):
            facts.append(Fact("", f"newer version exists: {latest.version}", Tone.WARNING))
    return tuple(facts) or none()


def concurrency(answer: Mapping[str, Any], versions: Versions) -> tuple[Fact, ...]:
    """Reserved of `aws lambda get-function`, and what is kept ready for versions and aliases."""
    reserved = concurrency_of(answer.get("Concurrency"))
    if isinstance(reserved, Reserved):
        stopped = reserved.executions == 0
        told = "0: every invocation is throttled" if stopped else f"{reserved.executions:,}"
        facts = [Fact("Reserved", told, Tone.FAILED if stopped else Tone.PLAIN)]
    else:
        facts = [Fact("Reserved", "none: shares the account's")]
    for kept in versions.provisioned:
        ready = f"{kept.available:,} of {kept.requested:,} ready · {kept.status} {kept.reason}".strip()
        facts.append(Fact(f"Provisioned {kept.qualifier}", ready, _tone(kept.status)))
    return (*facts, *_lacking(versions.unread, "provisioned"))


def versions(read: Versions) -> tuple[Fact, ...]:
    """The aliases with their weights, then the versions, the newest first."""
    facts = [
        Fact(f"alias {alias.name}", " · ".join(filter(None, (_leads(alias), alias.description))))
        for alias in read.aliases
    ]
    for version in read.versions:
        when = f"{version.modified_at:%Y-%m-%d %H:%M}" if version.modified_at else ""
        parts = (when, version.state, version.state_reason, version.snap_start, version.description)
        facts.append(Fact(version.number, " · ".join(filter(None, parts)), _tone(version.state)))
    return (*facts, *_lacking(read.unread)) or none()


def triggers(read: Triggers) -> tuple[Fact, ...]:
    """Event source mappings, who the policy lets in, and URLs."""
    facts: list[Fact] = []
    for source in read.mappings:
        batch = f"batches of {source.batch_size}" if source.batch_size else ""
        told = " · ".join(filter(None, (source.state, batch, source.state_reason, source.last_result)))
        facts.append(Fact(source.name, told, Tone.PLAIN if source.enabled is not False else Tone.WARNING))
    for statement in read.statements:
        let = f"{', '.join(statement.actions)} for {statement.source or 'anything'}"
        facts.append(
            Fact(
                f"{statement.effect.lower()}s {statement.principal}",
                let,
                Tone.WARNING if statement.public else Tone.PLAIN,
            )
        )
    for url in read.urls:
        is_open = url.auth_type == "NONE"
        facts.append(Fact("URL", f"{url.url} · {url.auth_type}", Tone.WARNING if is_open else Tone.PLAIN))
    return (*facts, *_lacking(read.unread)) or none()


def asynchronous(settings: AsyncSettings) -> tuple[Fact, ...]:
    """What becomes of an asynchronous event."""
    attempts = settings.attempts
    nowhere = "is kept nowhere as far as is known" if settings.unknown else "is kept nowhere"
    return _known(
        Fact("Attempts", str(attempts) if attempts is not None else f"not known: {settings.unknown}"),
        Fact("Oldest event", _unit(settings.max_age_s, "s") if attempts is not None else ""),
        Fact("On success", place_of_arn(settings.on_success)),
        Fact("On failure", place_of_arn(settings.on_failure)),
        Fact("Dead-letter queue", place_of_arn(settings.dead_letter)),
        Fact("A failure", "" if settings.failures_go_to or attempts is None else nowhere, Tone.QUIET),
    )


def runtime_management(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-runtime-management-config`."""
    return _known(
        Fact("Runtime is updated", text(answer.get("UpdateRuntimeOn"))),
        Fact("Runtime version", text(answer.get("RuntimeVersionArn")), Tone.QUIET),
    )


def recursion(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-function-recursion-config`."""
    loop = text(answer.get("RecursiveLoop"))
    return _known(Fact("A recursive loop is", {"Terminate": "stopped", "Allow": "allowed"}.get(loop, loop)))


def logging(answer: Mapping[str, Any], groups: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-function`, and `aws logs describe-log-groups` with the group's name."""
    function = mapping(answer.get("Configuration"))
    config = mapping(function.get("LoggingConfig"))
    name = text(config.get("LogGroup")) or f"/aws/lambda/{text(function.get('FunctionName'))}"
    found = (mapping(group) for group in _listed(groups.get("logGroups")))
    group = next((group for group in found if group.get("logGroupName") == name), None)
    facts = [
        Fact("Log group", name),
        Fact("Format", text(config.get("LogFormat")) or "Text"),
        Fact("Application level", text(config.get("ApplicationLogLevel"))),
        Fact("System level", text(config.get("SystemLogLevel"))),
    ]
    if group is None:
        facts.append(Fact("Retention", "the group does not exist yet", Tone.QUIET))
    else:
        days = whole(group.get("retentionInDays"))
        facts.append(Fact("Retention", f"{days:,} days" if days else "for ever", Tone.PLAIN if days else Tone.WARNING))
        facts.append(Fact("Stored", _unit(group.get("storedBytes"), "bytes")))
    return _known(*facts)


def tags(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """`aws lambda get-function`: the tags, or why they could not be read."""
    facts = tuple(Fact(text(key), text(value)) for key, value in sorted(mapping(answer.get("Tags")).items()))
    return (*facts, *_error_of(answer.get("TagsError"))) or none()


def others(answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Fields of the configuration that we have no word for: shown as they are."""
    function = mapping(answer.get("Configuration"))
    new = {key: value for key, value in function.items() if key not in _TOLD}
    return tuple(Fact(label, value) for label, value in _flat(new) if value)[:_MOST_OTHERS]


def none() -> tuple[Fact, ...]:
    """There is nothing of the kind."""
    return (Fact("none", "", Tone.QUIET),)


def _leads(alias: Alias) -> str:
    shares = [f"{share * 100:g} % to {version}" for version, share in alias.weights]
    return ", ".join([f"version {alias.version}", *shares])


def _known(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value)


def _state(label: str, state: object, reason: object) -> Fact:
    word = text(state)
    return Fact(label, " · ".join(filter(None, (word, text(reason)))), _tone(word))


def _tone(state: str) -> Tone:
    if not state or state in _FINE:
        return Tone.PLAIN
    return Tone.FAILED if state.lower() == "failed" else Tone.WARNING


def _lacking(unread: Iterable[Unread], part: str = "") -> tuple[Fact, ...]:
    return tuple(Fact(lack.part, _why(lack.error), Tone.WARNING) for lack in unread if part in ("", lack.part))


def _why(error: WorkbenchError) -> str:
    if isinstance(error, Denied) and error.permission:
        return f"not permitted: needs {error.permission}"
    return "\n".join(filter(None, (error.title, error.hint)))


def _error_of(error: object) -> tuple[Fact, ...]:
    message = text(mapping(error).get("Message"))
    return (Fact("can't be read", message, Tone.WARNING),) if message else ()


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: object) -> str:
    return ", ".join(filter(None, (text(part) for part in _listed(value))))


def _unit(value: object, unit: str) -> str:
    number = whole(value)
    return "" if number is None else f"{number:,} {unit}"


def _time(value: object) -> str:
    when = moment(value)
    return f"{when:%Y-%m-%d %H:%M:%S} UTC" if when else text(value)


def _flat(value: object, label: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, f"{label}.{text(key)}".removeprefix("."))
    elif isinstance(value, list):
        for part in value:
            yield from _flat(part, label)
    else:
        yield label, text(value) if isinstance(value, str) else str(value)
