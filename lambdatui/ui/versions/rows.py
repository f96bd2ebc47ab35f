"""The versions and aliases of a function as lines. Pure."""

from __future__ import annotations

from datetime import datetime

from lambdatui.core.versions import LATEST, Alias, FunctionUrl, Provisioned, Version, Versions
from lambdatui.ui.functions.columns import ago, size_text
from lambdatui.ui.sections.rows import Cell, Column, Heading, Line, Remark, Row, lack

_ALIASES = (
    Column("Aliases"),
    Column("leads to"),
    Column("provisioned", 2, flexible=True),
    Column("URL", 3),
    Column("description", 4, flexible=True),
)
_VERSIONS = (
    Column("Versions"),
    Column("modified", 2, right=True),
    Column("state", 1, flexible=True),
    Column("provisioned", 3, flexible=True),
    Column("aliases", 4, flexible=True),
    Column("size", 6, right=True),
    Column("code", 7),
    Column("URL", 5),
    Column("description", 3, flexible=True),
)
_UNKNOWN = Cell("?", "muted")
_SHORT_CHARACTERS = 20
"""A description that is no longer has room in its row."""


def alias_key(name: str) -> str:
    """The key of an alias's row."""
    return f"alias {name}"


def version_key(number: str) -> str:
    """The key of a version's row."""
    return f"version {number}"


def lines_of(read: Versions, now: datetime) -> tuple[Line, ...]:
    """Aliases first: they are what callers use."""
    lines: list[Line] = [Heading(_ALIASES, _counted(len(read.aliases), read.is_unread("aliases")))]
    lines += [
        Row(alias_key(alias.name), _alias(alias, read), _more(alias.name, alias.description, read))
        for alias in read.aliases
    ]
    if not read.aliases and not read.is_unread("aliases"):
        lines.append(Remark("None. N makes one: a lasting name for a version."))
    lines += [lack(missing) for missing in read.unread if missing.part == "aliases"]
    published = len([version for version in read.versions if version.number != LATEST])
    lines.append(Heading(_VERSIONS, _counted(published, read.is_unread("versions"))))
    lines += [
        Row(
            version_key(version.number),
            _version(version, read, now),
            _more(version.number, version.description, read, version.state_reason),
        )
        for version in read.versions
    ]
    if not published and not read.is_unread("versions"):
        lines.append(Remark("None published. n keeps code and settings as they are now."))
    lines += [lack(missing) for missing in read.unread if missing.part != "aliases"]
    return tuple(lines)


def provisioned_cell(provisioned: Provisioned | None) -> Cell:
    """What is kept ready: "5 ready", "3 of 5 …", "failed: reason"."""
    if provisioned is None:
        return Cell("")
    wanted = f"{provisioned.requested:,}"
    match provisioned.status:
        case "READY":
            return Cell(f"{wanted} ready", "good")
        case "IN_PROGRESS":
            return Cell(f"{provisioned.allocated:,} of {wanted} …", "warning")
        case "FAILED":
            return Cell(f"failed: {provisioned.reason or 'no reason given'}", "bad")
        case other:
            return Cell(f"{wanted} {other.lower().replace('_', ' ')}".strip(), "label")


def _alias(alias: Alias, read: Versions) -> tuple[Cell, ...]:
    left = 100 - sum(share for _, share in alias.weights) * 100
    first = alias.version if not alias.weights else f"{alias.version} · {left:g} %"
    others = "".join(f"   {version} · {share * 100:g} %" for version, share in alias.weights)
    return (
        Cell(alias.name, "value"),
        Cell(first + others),
        _part(read, "provisioned concurrency", provisioned_cell(read.provisioned_of(alias.name))),
        _part(read, "function URLs", _url(read.url_of(alias.name))),
        Cell(alias.description, "muted"),
    )


def _version(version: Version, read: Versions, now: datetime) -> tuple[Cell, ...]:
    aliases = ", ".join(alias.name for alias in read.aliases if alias.leads_to(version.number))
    kept = read.provisioned_of(version.number) if version.number != LATEST else None
    return (
        Cell(version.number, "value" if version.number != LATEST else "label"),
        Cell(ago(version.modified_at, now), "muted"),
        _state(version),
        _part(read, "provisioned concurrency", provisioned_cell(kept)) if version.number != LATEST else Cell(""),
        _part(read, "aliases", Cell(aliases)),
        Cell(size_text(version.code_size_bytes), "muted"),
        Cell(version.code_sha256[:8], "muted"),
        _part(read, "function URLs", _url(read.url_of(version.number))),
        Cell(version.description, "muted"),
    )


def _state(version: Version) -> Cell:
    snap = f" · snap {version.snap_start.lower()}" if version.snap_start else ""
    match version.state:
        case "Active" | "":
            return Cell(f"{version.state}{snap}", "muted")
        case "Pending":
            return Cell(f"Pending …{snap}", "warning")
        case "Failed":
            return Cell(f"Failed: {version.state_reason or 'no reason given'}", "bad")
        case other:
            return Cell(f"{other}{snap}")


def _url(url: FunctionUrl | None) -> Cell:
    if url is None:
        return Cell("")
    return Cell("open to all", "warning") if url.auth_type == "NONE" else Cell(url.auth_type or "yes", "muted")


def _more(qualifier: str, description: str, read: Versions, reason: str = "") -> str:
    """What the row has no room for: why it failed, its address, its words."""
    kept, url = read.provisioned_of(qualifier), read.url_of(qualifier)
    failed = f"Provisioned concurrency: {kept.reason}" if kept and kept.reason else ""
    long = description if len(description) > _SHORT_CHARACTERS else ""
    return " · ".join(filter(None, (reason, failed, url.url if url else "", long)))


def _part(read: Versions, part: str, cell: Cell) -> Cell:
    return _UNKNOWN if read.is_unread(part) else cell


def _counted(count: int, unread: bool) -> str:
    return "not known" if unread else f"{count:,}" if count else ""
