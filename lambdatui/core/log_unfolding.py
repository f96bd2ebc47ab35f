"""The record that a log line holds, unfolded: a line for each of its fields."""

from __future__ import annotations

import json
import re

from lambdatui.core.json_text import laid_out, readable
from lambdatui.core.log_lines import FOLDED_CHARACTERS
from lambdatui.core.log_masks import mask

MOST_LINES = 400
"""A record of more is for a view of its own: who unfolds it here could not find the next line."""
_INDENT = "  "
# The escaped end of a line inside of a text, such as that of a traceback; not the last one of the text.
_ESCAPED_END = re.compile(r'(?<!\\)((?:\\\\)*\\n)(?!",?$)')


def record_in(text: str) -> str:
    """The JSON object or list that `text` is, or that stands in its one line behind a word or two; indented.

    "" when there is none: a function that prints its event prints one. Only the white space is another one: numbers,
    escapes and names that come twice stay as they are.
    """
    stripped = text.strip()
    for start in (stripped.find("{"), stripped.find("[", 1 if stripped[:1] == "[" and stripped[1:2].isalpha() else 0)):
        if 0 <= start <= 300 and len(stripped) <= FOLDED_CHARACTERS * 16 and _is_record(stripped[start:]):
            return laid_out(stripped[start:])
    return ""


def unfolded(line: str, *, masked: bool = False) -> tuple[str, ...]:
    """The JSON record in `line`, indented, its long texts broken where they say so; () where none is to be unfolded.

    `masked` covers what looks secret. What would control a terminal stays escaped.
    """
    if len(line) > FOLDED_CHARACTERS or ("{" not in line and "[" not in line):
        return ()
    record = record_in(mask(line) if masked else line)
    if not record or record.count("\n") >= MOST_LINES:
        return ()
    lines = tuple(_lines_of(record))
    return lines if len(lines) <= MOST_LINES else ()


def opened(event: str) -> str:
    """A whole event for reading: a record indented, its long texts broken as above; anything else as it stands."""
    stripped = event.strip()
    if len(stripped) > FOLDED_CHARACTERS * 4 or not _is_record(stripped):
        return event
    return "\n".join(_lines_of(laid_out(stripped)))


def _is_record(text: str) -> bool:
    """Whether it is one, and one with anything in it."""
    if text[:1] not in ("{", "["):
        return False
    try:
        return bool(json.loads(text))
    except (ValueError, RecursionError):
        return False


def _lines_of(record: str) -> list[str]:
    return [piece for field in readable(record).split("\n") for piece in _broken(field)]


def _broken(field: str) -> list[str]:
    if "\\n" not in field:
        return [field]
    indent = field[: len(field) - len(field.lstrip())]
    return _ESCAPED_END.sub(rf"\1\n{indent}{_INDENT}", field).split("\n")
