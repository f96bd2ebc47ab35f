"""Where a query of Logs Insights is wrong, by what CloudWatch says of it."""

from __future__ import annotations

import re
from typing import Any

from lambdatui.backends.aws.shapes import mapping
from lambdatui.core.errors import InvalidInput, MalformedQuery

_PLACE = re.compile(r"\bline (\d{1,6}),? (?:and )?position (\d{1,6})\b")
_BEFORE = 40
_MOST = 72
"""Characters of a line that are shown, so many of them before the place."""


def malformed(refusal: InvalidInput, query_text: str) -> MalformedQuery:
    """`refusal` with the line that is wrong, and a caret under the place in it."""
    lines = query_text.split("\n")
    place = _told(refusal.title) or _placed(refusal.__cause__, query_text)
    if place is None or place[0] > len(lines) or place[1] > len(lines[place[0] - 1]) + 1:
        return MalformedQuery(refusal.title)
    line, column = lines[place[0] - 1].replace("\t", " "), place[1] - 1
    start = max(column - _BEFORE, 0)
    return MalformedQuery(refusal.title, f"{line[start : start + _MOST]}\n{' ' * (column - start)}^", place=place)


def _told(words: str) -> tuple[int, int] | None:
    found = _PLACE.search(words)
    return (int(found[1]), max(int(found[2]), 1)) if found and int(found[1]) else None


def _placed(cause: BaseException | None, query_text: str) -> tuple[int, int] | None:
    # The documentation calls the offset "reserved": it counts only where the words name no place.
    answer: Any = getattr(cause, "response", {})
    offset = mapping(mapping(mapping(answer).get("queryCompileError")).get("location")).get("startCharOffset")
    if not isinstance(offset, int) or not 0 <= offset <= len(query_text):
        return None
    before = query_text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
