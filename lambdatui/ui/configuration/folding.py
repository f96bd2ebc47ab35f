"""Values of several lines in a field of one: line ends are pictures there, and line ends again when read. Pure."""

from __future__ import annotations

from lambdatui.core.text import clean

_END = "⏎"


def folded(value: str) -> str | None:
    """`value` in one line, fit for a terminal; None when it would not come back as it was."""
    if clean(value) != value or _END in value or "\t" in value:
        return None
    return value.replace("\n", _END)


def unfolded(text: str) -> str:
    """What a folded text stands for."""
    return text.replace(_END, "\n")
