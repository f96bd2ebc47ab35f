"""The record that a log line holds, unfolded: a line for each of its fields."""

from __future__ import annotations

import re

from lambdatui.core.log_lines import FOLDED_CHARACTERS, pretty, record_in
from lambdatui.core.log_masks import mask

MOST_LINES = 400
"""A record of more is for a view of its own: who unfolds it here could not find the next line."""
_INDENT = "  "
# The escaped end of a line inside of a text, such as that of a traceback; not the last one of the text.
_ESCAPED_END = re.compile(r'(?<!\\)((?:\\\\)*\\n)(?!",?$)')


def unfolded(line: str, *, masked: bool = False) -> tuple[str, ...]:
    """The JSON record in `line`, indented, its long texts broken where they say so; () where none is to be unfolded.

    `masked` covers what looks secret. What would control a terminal stays escaped.
    """
    if len(line) > FOLDED_CHARACTERS or ("{" not in line and "[" not in line):
        return ()
    record = record_in(line)
    if not record or record.count("\n") >= MOST_LINES:
        return ()
    # Covered before a text is broken: what makes a secret known may stand in its first line only.
    fields = [mask(field) if masked else field for field in record.split("\n")]
    lines = tuple(piece for field in fields for piece in _broken(field))
    return lines if len(lines) <= MOST_LINES else ()


def opened(event: str) -> str:
    """A whole event for reading: a record indented, its long texts broken as above; anything else as it stands."""
    text = pretty(event)
    return text if text == event else "\n".join(piece for field in text.split("\n") for piece in _broken(field))


def _broken(field: str) -> list[str]:
    if "\\n" not in field:
        return [field]
    indent = field[: len(field) - len(field.lstrip())]
    return _ESCAPED_END.sub(rf"\1\n{indent}{_INDENT}", field).split("\n")
