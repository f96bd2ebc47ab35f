"""The rows of the configuration: sections and settings, as text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.configuration import Configuration, Entry
from lambdatui.core.configuration_table import ENVIRONMENT, TAGS
from lambdatui.core.functions import Unknown
from lambdatui.core.limits import ENVIRONMENT_BYTES
from lambdatui.core.text import clean

MASK = "••••••••"
_ADDED = {"env": ENVIRONMENT, "tag": TAGS}


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A heading; `note` stands at its right end."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting."""

    entry: Entry


Row: TypeAlias = SectionRow | SettingRow


def rows_of(configuration: Configuration) -> tuple[Row, ...]:
    """The entries under their sections, in the configuration's order; the environment always has a section."""
    rows: list[Row] = []
    sections = dict.fromkeys(entry.definition.section for entry in configuration.entries)
    sections |= dict.fromkeys(_ADDED[family] for family in configuration.families)
    for section in sections:
        entries = [entry for entry in configuration.entries if entry.definition.section == section]
        note = _sum(section, entries) if section in _ADDED.values() else ""
        rows.append(SectionRow(section, note))
        rows.extend(SettingRow(entry) for entry in entries)
    return tuple(rows)


def _sum(section: str, entries: list[Entry]) -> str:
    if any(isinstance(entry.value, Unknown) for entry in entries):
        return "can't be read"
    if section == TAGS:
        return f"{len(entries)} set" if entries else "none set · N tag.NAME=value"
    size = sum(len(e.definition.label.encode()) + len(str(e.value).encode()) for e in entries)
    return f"{len(entries)} set · {size:,} of {ENVIRONMENT_BYTES:,} B" if entries else "none set"


def value_text(entry: Entry, *, revealed: bool) -> str:
    """The value as shown; masked when it is secret and was not asked for."""
    if entry.secret and entry.value is not None and not revealed:
        return MASK
    if isinstance(entry.value, Unknown):
        return "unknown"
    return clean(entry.definition.show(entry.value)).replace("\n", "⏎")
