"""A change on its way, as the Configuration view tells of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lambdatui.core.configuration import Change, Configuration, Entry, Step
from lambdatui.core.functions import Reserved

_SOON_S = 0.3


@dataclass(frozen=True, slots=True)
class Applying:
    """One change of one function, where it is and since when.

    `undoing`: it takes another one back. `meant`: whatever had to be asked before it was answered with yes.
    """

    change: Change
    began_at: datetime
    step: Step = Step.READING
    undoing: bool = False
    meant: bool = False


def progress_text(applying: Applying, now: datetime) -> str:
    """What is waited for, how long already, and how to stop; "" in the first moment, which most changes end in."""
    elapsed_s = (now - applying.began_at).total_seconds()
    if not applying.meant or (elapsed_s < _SOON_S and applying.step is not Step.BUSY):
        return ""
    return (
        f"{applying.change.show(masked=True)} · {elapsed_s:.0f} s · {applying.step.value}\n"
        "esc or x stops waiting" + (": it was sent, and goes on by itself" if applying.step.sent else "")
    )


def stopped_text(applying: Applying) -> str:
    """What is true when nobody waits any more."""
    if applying.step.sent:
        return "It was sent and may still take effect. What stands is read again."
    return "Nothing was sent."


def caution_text(configuration: Configuration, *, can_undo: bool) -> str:
    """What whoever looks at the settings should know first."""
    lines = list(configuration.cautions)
    if configuration.value("reserved") == Reserved(0):
        restore = "u restores it" if can_undo else "R, none starts it again"
        lines.insert(0, f"Stopped: no execution is reserved, every invocation is throttled · {restore}")
    return "\n".join(lines)


def needs_the_name(name: str, change: Change, *, remote: bool, production: bool, undoing: bool) -> str:
    """Why the function's name has to be typed before `change`, "" when it has not.

    What stops a function is taken back by one key, also in production: nobody should have to type then. Taking back
    that it was started stops it, and is no matter of one key.
    """
    if undoing and change.old == Reserved(0):
        return ""
    if remote and change.new == Reserved(0):
        return f"Stop {name}: every invocation will be throttled"
    return f"Production: {change.show(masked=True)}" if production else ""


def obstacle_text(entry: Entry) -> str:
    """Why a setting can't be changed, with its name."""
    return f"{entry.definition.label}: {entry.locked}"
