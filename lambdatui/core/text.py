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
_CONTROLS: dict[int, int | None] = {
    code: None
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),  # bidirectional overrides can make a line read as something else
        *range(0x2066, 0x206A),
    )
    if code not in (0x09, 0x0A, 0x0D)
}
_CONTROLS.update((surrogate, 0xFFFD) for surrogate in range(0xD800, 0xE000))
_NEEDS_CLEANING = re.compile("[" + re.escape("".join(map(chr, _CONTROLS))) + "\r]")


def clean(text: str) -> str:
    """`text` without escape sequences and control characters; newlines and tabs stay, `\\r` becomes a newline.

    Lambda's Python runtime writes a traceback as one event with `\\r` between its lines.
    """
    if not _NEEDS_CLEANING.search(text):
        return text
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_CONTROLS)
