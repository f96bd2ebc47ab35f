"""Copying to the terminal that the user sits at."""

from __future__ import annotations

import base64
import re

from lambdatui.ui.clipboard import osc52

TEXT = "żółw 🐢\n" * 200


def _decoded(sequence: str) -> str:
    match = re.search(r"52;c;([A-Za-z0-9+/=]+)", sequence)
    assert match
    return base64.b64decode(match[1]).decode()


def test_a_plain_terminal_gets_osc_52() -> None:
    """The text comes out as it went in."""
    assert _decoded(osc52(TEXT, {"TERM": "xterm-256color"})) == TEXT


def test_tmux_passes_it_on() -> None:
    """Within tmux the sequence is wrapped, its escapes doubled."""
    sequence = osc52(TEXT, {"TMUX": "/tmp/tmux-0/default,1,0"})
    assert sequence.startswith("\x1bPtmux;\x1b\x1b]52;")
    assert sequence.endswith("\x1b\\")
    assert _decoded(sequence) == TEXT


def test_screen_gets_it_in_pieces() -> None:
    """GNU screen drops strings above 768 bytes: the pieces are shorter, and together the whole."""
    pieces = osc52(TEXT, {"TERM": "screen-256color"}).split("\x1b\\")
    assert all(len(piece) <= 768 for piece in pieces)
    assert _decoded("".join(piece.removeprefix("\x1bP") for piece in pieces)) == TEXT
