"""Makes text from outside safe for a terminal."""

from __future__ import annotations

import re

# CSI, OSC (ended by BEL or ST), DCS/SOS/PM/APC strings (ended by ST), and two-byte escapes. A string that is never
# ended stops at the end of its line: it must not hide the lines after it.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b\][^\x07\x1b\r\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[PX^_][^\x1b\r\n]*(?:\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Besides the control characters: bidirectional overrides can make a line read as something else.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Terminals go to the next line for each of them.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NEEDS_CLEANING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without escape sequences and control characters; newlines and tabs stay.

    `\\r`, and what else ends a line, becomes one: Lambda's Python runtime writes a traceback as one event with `\\r`
    between its lines.
    """
    # What is printable needs no cleaning, and asking so takes a third of the time; a tab is not, and may stay.
    if text.isprintable() or text.replace("\t", "").isprintable() or not _NEEDS_CLEANING.search(text):
        return text
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text))
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
