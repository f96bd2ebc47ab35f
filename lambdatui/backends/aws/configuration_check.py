"""Compares changes with what stands: which are still to be made, and which somebody else was quicker than."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lambdatui.backends.aws.configuration_calls import goal_of
from lambdatui.backends.aws.configuration_parts import Part, Parts
from lambdatui.backends.aws.configuration_places import unreadable, value_of
from lambdatui.backends.aws.shapes import text
from lambdatui.core.configuration import Change, Value, definition_of
from lambdatui.core.errors import Conflict, MayHaveRun, PartlyApplied, Unsupported, WorkbenchError

_AGAIN = "Read the settings again, then change."


def to_make(parts: Parts, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Those of `changes` that are still to be made, each with the value to reach.

    Raises:
        Conflict: one of them is neither at its `old` value nor at its `new` one.
        Unsupported: one can't be changed, because it can't be read.
    """
    left = []
    for change in changes:
        label = definition_of(change.key).label
        if trouble := unreadable(change.key, parts):
            raise Unsupported(f"{label} can't be changed", f"It can't be read: {trouble}.")
        now, goal = value_of(change.key, parts), goal_of(change, parts)
        if now == goal:
            continue
        if now != goal_of(change.inverse, parts):
            theirs = shown(change.key, now)
            raise Conflict(
                f"{label} changed since it was read",
                f"It is {theirs} now, not what this change began from.",
                _AGAIN,
                mine=shown(change.key, change.new),
                theirs=theirs,
            )
        left.append(replace(change, new=goal))
    return tuple(left)


def all_made(parts: Parts, changes: Sequence[Change]) -> bool:
    """Whether every change stands."""
    return all(value_of(change.key, parts) == goal_of(change, parts) for change in changes)


def refuse_if_failed(parts: Parts, changes: Sequence[Change]) -> None:
    """Look at how the last update ended.

    Raises:
        PartlyApplied: it failed: the changes stand, and the function runs as before.
    """
    function = parts.answer(Part.FUNCTION)
    if function.get("LastUpdateStatus") == "Failed":
        reasons = [text(function.get(key)) for key in ("LastUpdateStatusReasonCode", "LastUpdateStatusReason")]
        raise PartlyApplied(
            "Lambda took the change and could not put it into effect",
            ": ".join(reason for reason in reasons if reason) or "It gives no reason.",
            "The function runs as before. Take the change back, or mend the reason.",
            applied=tuple(change.key for change in changes if all_made(parts, [change])),
        )


def shown(key: str, value: Value) -> str:
    """A value for an error: one of the environment may be a secret."""
    definition = definition_of(key)
    return "••••" if definition.kind == "environment" and value is not None else definition.show(value)


def overtaken(changes: Sequence[Change], parts: Parts, error: Conflict) -> Conflict:
    """What to say when AWS refuses the revision again and again, though none of our settings changed."""
    return Conflict(
        "The function is being changed by somebody else, again and again",
        error.title,
        _AGAIN,
        mine=", ".join(shown(change.key, change.new) for change in changes),
        theirs=", ".join(shown(change.key, value_of(change.key, parts)) for change in changes),
    )


def unseen(changes: Sequence[Change], detail: str) -> MayHaveRun:
    """What to say when the answer was lost and the changes are not to be seen."""
    return MayHaveRun(
        f"The answer was lost: {_listed(changes)}",
        detail.strip(),
        "It may still take effect, and is not sent again: read the settings again in a moment.",
    )


def partly(applied: Sequence[Change], missing: Sequence[Change], error: WorkbenchError) -> PartlyApplied:
    """What to say when `error` ended the way between two calls."""
    taken = error.applied if isinstance(error, PartlyApplied) else ()
    stuck = [change for change in missing if change.key in taken]
    rest = [change for change in missing if change.key not in taken]
    word = "not certain" if isinstance(error, MayHaveRun) else "not changed"
    lines = [
        f"took effect: {_listed(applied)}" if applied else "",
        f"taken, not in effect: {_listed(stuck)}" if stuck else "",
        f"{word}: {_listed(rest)}" if rest else "",
        error.detail,
    ]
    return PartlyApplied(
        f"Only a part was changed: {error.title}" if applied else error.title,
        "\n".join(line for line in lines if line),
        error.hint,
        applied=tuple(change.key for change in [*applied, *stuck]),
    )


def _listed(changes: Sequence[Change]) -> str:
    return ", ".join(change.show(masked=True) for change in changes)
