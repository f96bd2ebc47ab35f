"""Stack traces of Python, Node and Java, with the function's own frames told from the runtime's."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FOREIGN = re.compile(
    r"/site-packages/|/dist-packages/|/lib/python3|/node_modules/|\bnode:|/var/runtime/|/var/lang/|/opt/"
    r"|python_client\.py|<frozen |\binternal/"
)
_JAVA_FRAME = re.compile(
    r"^\s*(?:at\s+)?(?:[\w$]+\.)+[\w$<>]+\((?:[\w$]+\.(?:java|kt|scala):\d+|Native Method|Unknown Source)\)"
)
_JAVA_FOREIGN = re.compile(
    r"^\s*(?:at\s+)?(?:java|javax|jdk|sun|com\.sun|com\.amazonaws|lambdainternal|kotlin|scala)[./]"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, as lines without trailing blanks; `own` when it is the function's code, not a library's."""

    lines: tuple[str, ...]
    own: bool


def frames(stack_trace: tuple[str, ...]) -> tuple[Frame, ...]:
    """The frames of a stack trace as a runtime gives it: one string a frame, which may hold several lines."""
    return tuple(
        Frame(tuple(line.rstrip().replace("\xa0", " ") for line in entry.splitlines()), _is_own(entry))
        for entry in stack_trace
        if entry.strip()
    )


def _is_own(entry: str) -> bool:
    if _JAVA_FRAME.match(entry):
        return not _JAVA_FOREIGN.match(entry)
    is_frame = "File " in entry or entry.lstrip().startswith("at ")
    return is_frame and not _FOREIGN.search(entry)
