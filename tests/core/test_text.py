"""Text from outside can't control a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.text import clean


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("plain", "plain"),
        ("tab\tand\nnewline stay", "tab\tand\nnewline stay"),
        ("Traceback\r  File\r\n    line", "Traceback\n  File\n    line"),
        ("form\x0cfeed\x0bvertical\x85next", "form\nfeed\nvertical\nnext"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]52;c;aGFjaw==\x07after", "after"),
        ("\x1b]0;title\x1b\\after", "after"),
        ("\x1bPq#0\x1b\\after", "after"),
        ("\x1b]never ended\nthe next line", "\nthe next line"),
        ("\x1bPnever ended\rthe next line", "\nthe next line"),
        ("\x9b31mC1", "31mC1"),
        ("bell\x07 null\x00 delete\x7f", "bell null delete"),
        ("\u202eoverride\u2066", "override"),
        ("\ud800", "\ufffd"),
        ("\u00a0\u00a0File 日本語 🎉", "\u00a0\u00a0File 日本語 🎉"),
        ("\x1b", ""),
    ],
)
def test_known_tricks_are_taken_out(dirty: str, cleaned: str) -> None:
    """Escape sequences go whole; what they wrapped stays."""
    assert clean(dirty) == cleaned


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("\x1b[]PX^_\\\x07\x9b\x9d;:0mcAB \r\n\t\x00\x7f\u202e\ud800é"), max_size=40))
def test_nothing_that_controls_a_terminal_is_left(text: str) -> None:
    """Whatever the mixture, only printable text, tabs and newlines come out; cleaning twice changes nothing."""
    cleaned = clean(text)
    assert not set(cleaned) & {chr(code) for code in (*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x202E, 0xD800)}
    assert clean(cleaned) == cleaned
    cleaned.encode()
