"""The functions of a bulk change, a row each: old → new, and how it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lambdatui.core.bulk import Already, Changed, Changing, Failed, Left, Locked, Ready, State, Unreadable, Waiting
from lambdatui.core.configuration import Change, definition_of
from lambdatui.core.errors import Conflict, Denied, WorkbenchError
from lambdatui.core.text import clean


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One row. `tone` is "plain", "quiet", "good", "warning" or "failed"."""

    mark: str
    name: str
    values: str
    note: str
    tone: str


def row_of(name: str, state: State) -> BulkRow:
    """What is shown of one function."""
    name = " ".join(clean(name).split())
    match state:
        case Waiting():
            return BulkRow(" ", name, "", "reading …", "quiet")
        case Ready(change):
            return BulkRow("•", name, _values(change), "", "plain")
        case Already():
            return BulkRow(" ", name, "", "already so", "quiet")
        case Locked(reason):
            return BulkRow("!", name, "", f"can't be changed: {_line(reason)}", "warning")
        case Unreadable(error):
            return BulkRow("✗", name, "", _why(error), "failed")
        case Changing(change, step, undoing):
            return BulkRow("◐", name, _values(change), f"{'undoing: ' if undoing else ''}{step.value}", "plain")
        case Changed(change, undone):
            return BulkRow("●", name, _values(change), "changed back" if undone else "changed", "good")
        case Failed(change, error, undoing):
            return BulkRow("✗", name, _values(change), f"{'not undone: ' if undoing else ''}{_why(error)}", "failed")
        case Left(change):
            return BulkRow(" ", name, _values(change), "left as it was", "quiet")


def _values(change: Change) -> str:
    definition = definition_of(change.key)
    if definition.kind == "environment":
        return " → ".join("not set" if value is None else "••••" for value in (change.old, change.new))
    return " → ".join(_line(definition.show(value)) for value in (change.old, change.new))


def _why(error: WorkbenchError) -> str:
    if isinstance(error, Denied) and error.permission:
        return f"needs {error.permission}"
    if isinstance(error, Conflict) and error.theirs:
        return f"{_line(error.title)}: it is {_line(error.theirs)} now"
    return _line(error.title)


def _line(text: str) -> str:
    return " ".join(clean(text).split())
