"""The rows of the configuration: sections and settings, as text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lambdatui.core.configuration import Configuration, Entry
from lambdatui.core.text import clean

MASK = "••••••••"


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
    sections = list(dict.fromkeys([entry.definition.section for entry in configuration.entries] + ["Environment"]))
    for section in sections:
        entries = [entry for entry in configuration.entries if entry.definition.section == section]
        note = ""
        if section == "Environment":
            size = sum(len(e.definition.label.encode()) + len(str(e.value).encode()) for e in entries)
            note = f"{len(entries)} set · {size:,} of 4,096 B" if entries else "none set"
        rows.append(SectionRow(section, note))
        rows.extend(SettingRow(entry) for entry in entries)
    return tuple(rows)


def value_text(entry: Entry, *, revealed: bool) -> str:
    """The value as shown; masked when it is secret and was not asked for."""
    if entry.secret and entry.value is not None and not revealed:
        return MASK
    return clean(entry.definition.show(entry.value)).replace("\n", "⏎")
