"""Puts text on the clipboard of the terminal that the user sits at, also through tmux and screen."""

from __future__ import annotations

import base64
from collections.abc import Mapping

LIMIT_BYTES = 74_994
"""What xterm takes in one OSC 52; longer texts are dropped silently by many terminals."""


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """The escape sequence that copies `text`, wrapped for the multiplexer that `environment` speaks of.

    Source: xterm's control sequences (OSC 52); tmux passes DCS tmux; … ST on with each ESC doubled; screen passes
    DCS … ST on in pieces of at most 768 bytes.
    """
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("TERM", "").startswith("screen"):
        pieces = (sequence[start : start + 500] for start in range(0, len(sequence), 500))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
