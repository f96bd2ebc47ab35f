"""What `lambdatui show` prints of a function's versions and triggers: lines for eyes, records for programs.

Keys may be added; none is renamed or removed, and none changes its meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from lambdatui.cli.table import columns
from lambdatui.core.reading import Unread
from lambdatui.core.text import clean
from lambdatui.core.triggers import EventSourceMapping, Statement, Triggers
from lambdatui.core.versions import LATEST, Alias, FunctionUrl, Provisioned, Version, Versions

Record = dict[str, object]


def versions_record(read: Versions) -> Record:
    """`show --versions --json`, in `published`; a part that could not be read is null, and in `unread` with the reason.

    Shares of an alias's `weights` are 0 to 1. `provisioned` has `status` READY, IN_PROGRESS or FAILED.
    """
    return {
        "versions": _known(read, "versions", map(_version, read.versions)),
        "aliases": _known(read, "aliases", map(_alias, read.aliases)),
        "provisioned": _known(read, "provisioned concurrency", map(_provisioned, read.provisioned)),
        "unread": _unread(read.unread),
    }


def triggers_record(read: Triggers) -> Record:
    """`show --triggers --json`, in `triggers`; `filters` are patterns as JSON text, null is "not set"."""
    return {
        "event_source_mappings": _known(read, "event source mappings", map(_mapping, read.mappings)),
        "policy": _known(read, "policy", map(_statement, read.statements)),
        "urls": _known(read, "function URLs", map(_url, read.urls)),
        "unread": _unread(read.unread),
    }


def _version(version: Version) -> Record:
    return {
        "version": version.number,
        "description": version.description,
        "modified_at": _moment(version.modified_at),
        "state": version.state,
        "state_reason": version.state_reason,
        "snap_start": version.snap_start,
        "code_size_bytes": version.code_size_bytes,
        "code_sha256": version.code_sha256,
        "arn": version.arn,
    }


def _alias(alias: Alias) -> Record:
    return {
        "name": alias.name,
        "version": alias.version,
        "weights": dict(alias.weights),
        "description": alias.description,
        "arn": alias.arn,
    }


def _provisioned(kept: Provisioned) -> Record:
    return {
        "qualifier": kept.qualifier,
        "requested": kept.requested,
        "allocated": kept.allocated,
        "available": kept.available,
        "status": kept.status,
        "reason": kept.reason,
    }


def _mapping(mapping: EventSourceMapping) -> Record:
    return {
        "uuid": mapping.uuid,
        "source": mapping.source_arn or mapping.source,
        "service": mapping.service,
        "qualifier": mapping.qualifier,
        "state": mapping.state,
        "state_reason": mapping.state_reason,
        "batch_size": mapping.batch_size,
        "window_s": mapping.window_s,
        "filters": list(mapping.filters),
        "maximum_concurrency": mapping.maximum_concurrency,
        "parallelization": mapping.parallelization,
        "last_result": mapping.last_result,
        "last_modified_at": _moment(mapping.last_modified_at),
    }


def _statement(statement: Statement) -> Record:
    return {
        "sid": statement.sid,
        "effect": statement.effect,
        "principal": statement.principal,
        "actions": list(statement.actions),
        "source": statement.source,
        "conditions": list(statement.conditions),
        "qualifier": statement.qualifier,
    }


def _url(url: FunctionUrl) -> Record:
    return {"url": url.url, "auth_type": url.auth_type, "invoke_mode": url.invoke_mode, "qualifier": url.qualifier}


def versions_lines(read: Versions) -> list[str]:
    """Aliases, then versions, newest first."""
    aliases = [(alias.name, alias.target, _kept(read, alias.name), alias.description) for alias in read.aliases]
    versions = [
        (
            version.number,
            "" if version.modified_at is None else f"{version.modified_at:%Y-%m-%d %H:%M}Z",
            f"{version.state}: {version.state_reason}" if version.state_reason else version.state,
            version.code_sha256[:12],
            _kept(read, version.number),
            version.description,
        )
        for version in read.versions
    ]
    return [
        *_section("Aliases", aliases, unread=read.is_unread("aliases")),
        *_section("Versions", versions, unread=read.is_unread("versions")),
    ]


def triggers_lines(read: Triggers) -> list[str]:
    """Event source mappings, the policy, the URLs."""
    mappings = [
        (
            mapping.name,
            mapping.state,
            "" if mapping.batch_size is None else f"batch {mapping.batch_size:,}",
            "" if mapping.window_s is None else f"window {mapping.window_s} s",
            f"{len(mapping.filters)} filters" if mapping.filters else "",
            _of(mapping.qualifier),
            mapping.last_result,
        )
        for mapping in read.mappings
    ]
    policy = [
        (one.principal, one.effect, ", ".join(one.actions), one.source or " and ".join(one.conditions), one.sid)
        for one in read.statements
    ]
    urls = [(url.url, url.auth_type, _of(url.qualifier)) for url in read.urls]
    return [
        *_section("Event source mappings", mappings, unread=read.is_unread("event source mappings")),
        *_section("Who may invoke it", policy, unread=read.is_unread("policy")),
        *_section("Function URLs", urls, unread=read.is_unread("function URLs")),
    ]


def _section(title: str, rows: Sequence[tuple[str, ...]], *, unread: bool) -> list[str]:
    cleaned = [tuple(clean(cell).replace("\n", " ") for cell in row) for row in rows]
    return ["", title, *(f"  {line}" for line in (columns(cleaned) or ["not known" if unread else "none"]))]


def _known(read: Versions | Triggers, part: str, records: Iterable[Record]) -> list[Record] | None:
    """The records of a part; None where it could not be read, which is not the same as none."""
    return None if read.is_unread(part) else list(records)


def _kept(read: Versions, qualifier: str) -> str:
    kept = read.provisioned_of(qualifier)
    if kept is None:
        return ""
    reason = f": {kept.reason}" if kept.reason else ""
    return f"{kept.available:,} of {kept.requested:,} provisioned, {kept.status}{reason}"


def _of(qualifier: str) -> str:
    return "" if qualifier == LATEST else f"of {qualifier}"


def _unread(unread: tuple[Unread, ...]) -> list[Record]:
    return [{"part": lack.part, "error": lack.error.title, "hint": lack.error.hint} for lack in unread]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
