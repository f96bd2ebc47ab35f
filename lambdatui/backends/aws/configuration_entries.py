"""What was read of a function on AWS, as the configuration that a person sees."""

from __future__ import annotations

import zlib

from lambdatui.backends.aws.configuration_parts import Part, Parts
from lambdatui.backends.aws.configuration_places import default_of, tags_of, unreadable, value_of, variables_of
from lambdatui.backends.aws.shapes import mapping, text, whole
from lambdatui.core.configuration import DEFINITIONS, Change, Configuration, Definition, Entry
from lambdatui.core.configuration_table import ALL_TAGS, ALL_VARIABLES, tag, variable
from lambdatui.core.functions import Unknown
from lambdatui.core.ownership import owner_of

READ_ONLY = "the target is read-only"
_LEVELS = ("log_level", "system_log_level")
_OF_ZIPS = ("handler", "layers", "runtime_update")


def configuration_of(parts: Parts, *, read_only: bool = False) -> Configuration:
    """Every setting that AWS has, what can't be read among them; then the environment and the tags by name."""
    owner = owner_of({text(name): text(value) for name, value in tags_of(parts).items()})
    entries = [_entry(DEFINITIONS[key], parts, read_only=read_only) for key in DEFINITIONS]
    for family, one, values in ((ALL_VARIABLES, variable, variables_of(parts)), (ALL_TAGS, tag, tags_of(parts))):
        if trouble := unreadable(f"{family.key}.", parts):
            entries.append(Entry(family, Unknown(trouble), "unknown", READ_ONLY if read_only else trouble))
        else:
            entries += [_entry(one(name), parts, read_only=read_only) for name in sorted(values)]
    # An endpoint that is not AWS may know no revisions: what was read is named by itself then.
    checksum = zlib.crc32(repr([(entry.definition.key, entry.value) for entry in entries]).encode("utf-8", "replace"))
    revision_id = text(parts.answer(Part.FUNCTION).get("RevisionId")) or f"read-{checksum:08x}"
    return Configuration(parts.name, revision_id, tuple(entries), _cautions(parts, owner), ("env", "tag"))


def _entry(definition: Definition, parts: Parts, *, read_only: bool) -> Entry:
    key = definition.key
    value, default = value_of(key, parts), default_of(key, parts)
    locked = READ_ONLY if read_only else _lock(key, parts)
    if isinstance(value, Unknown):
        return Entry(definition, value, "unknown", locked or value.reason)
    origin = "default" if value == default and "." not in key else "set"
    reset = None if locked or value == default or key == "handler" else Change(key, value, default)
    return Entry(definition, value, origin, locked, reset=reset, note=_note(key, parts))


def _lock(key: str, parts: Parts) -> str:
    function = parts.answer(Part.FUNCTION)
    if key in _LEVELS and value_of("log_format", parts) == "Text":
        return "only the JSON log format has levels"
    if key in _OF_ZIPS and function.get("PackageType") == "Image":
        return "an image has this built in"
    if key == "retention" and not parts.answer(Part.LOG_GROUP):
        return parts.trouble(Part.LOG_GROUP) or "the log group does not exist yet: the first invocation makes it"
    if key.lower().startswith("tag.aws:"):
        return "AWS's own tag"
    return ""


def _note(key: str, parts: Parts) -> str:
    function = parts.answer(Part.FUNCTION)
    if key == "layers":
        layers = function.get("Layers")
        sizes = [whole(mapping(layer).get("CodeSize")) or 0 for layer in (layers if isinstance(layers, list) else [])]
        code = whole(function.get("CodeSize")) or 0
        return f"{sum(sizes) / 1e6:,.1f} MB of layers and {code / 1e6:,.1f} MB of code, zipped" if sizes else ""
    if key == "retention":
        return f"of the group {parts.log_group}"
    return ""


def _cautions(parts: Parts, owner: str) -> tuple[str, ...]:
    function = parts.answer(Part.FUNCTION)
    cautions = []
    if owner:
        cautions.append(f"Owned by {owner}: deploying undoes edits here.")
    if function.get("LastUpdateStatus") == "Failed":
        reason = text(function.get("LastUpdateStatusReason")) or text(function.get("LastUpdateStatusReasonCode"))
        cautions.append(f"Its last update failed: {reason or 'Lambda gives no reason'}")
    elif parts.updating:
        cautions.append("An update of it is in progress.")
    return tuple(cautions)
