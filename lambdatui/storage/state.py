"""The small choices made on the screen, kept from one start to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from lambdatui.core.errors import WorkbenchError
from lambdatui.core.remembered import MOST_FILTERS, Remembered
from lambdatui.core.target import TargetKind
from lambdatui.core.targets import Address
from lambdatui.storage.files import private_folder, write_atomically

_MOST_SELECTED = 200


class FileMemory:
    """Keeps `Remembered` in one file. Tolerates everything: what it can't read or write was never chosen."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Remembered:
        """The choices of last time; defaults for whatever is missing or damaged."""
        try:
            document = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return Remembered()
        if not isinstance(document, dict):
            return Remembered()
        sizes = document.get("pane_sizes")
        selected = document.get("selected")
        hidden = document.get("hidden_panes")
        return Remembered(
            theme=_text(document.get("theme")),
            sort_column=_text(document.get("sort_column")),
            sort_descending=document.get("sort_descending") is True,
            hidden_columns=_names(document.get("hidden_columns")),
            pane_sizes={key: size for key, size in sizes.items() if type(size) is int and 0 < size < 10_000}
            if isinstance(sizes, dict)
            else {},
            hidden_panes=tuple(pane for pane in hidden if isinstance(pane, str)) if isinstance(hidden, list) else (),
            selected={key: name for key, name in selected.items() if isinstance(name, str)}
            if isinstance(selected, dict)
            else {},
            log_times=_text(document.get("log_times")),
            log_filters=tuple(filter(str.isprintable, _names(document.get("log_filters"))))[:MOST_FILTERS],
            recent_targets=_addresses(document.get("recent_targets")),
            qualifiers=_texts(document.get("qualifiers")),
        )

    def save(self, remembered: Remembered) -> None:
        """Keep the choices, atomically; a folder that can't be written is no error."""
        document = asdict(remembered)
        # The newest stand last: a mapping keeps the order in which its keys were added.
        document["selected"] = dict(list(remembered.selected.items())[-_MOST_SELECTED:])
        document["qualifiers"] = dict(list(remembered.qualifiers.items())[-_MOST_SELECTED:])
        document["recent_targets"] = [asdict(one) | {"kind": one.kind.value} for one in remembered.recent_targets]
        with suppress(WorkbenchError):
            private_folder(self._path.parent)
            write_atomically(self._path, json.dumps(document, indent=1).encode("ascii"), durable=False)


def _addresses(value: object) -> tuple[Address, ...]:
    known = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    kinds = {kind.value: kind for kind in TargetKind}
    return tuple(
        Address(kinds[one["kind"]], *(_text(one.get(name)) for name in ("path", "profile", "region", "endpoint_url")))
        for one in known
        if isinstance(one.get("kind"), str) and one["kind"] in kinds
    )


def _texts(value: object) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)} if isinstance(value, dict) else {}


def _names(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
