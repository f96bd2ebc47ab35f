"""Older text on disk, without a name."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.storage.log_spool import SpooledTexts


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 70_000)), max_size=25))
def test_what_is_put_is_got_back(steps: list[tuple[bool, int]]) -> None:
    """Whatever is put and dropped in whatever order: each piece comes back as it was, until it is dropped."""
    texts, kept, scratch = SpooledTexts(), dict[int, bytes](), bytearray()
    for number, (drop, size) in enumerate(steps):
        if drop and kept:
            ticket = next(iter(kept))
            texts.drop(ticket)
            del kept[ticket]
        else:
            piece = bytes([number % 251]) * size
            kept[texts.put(piece)] = piece
        for ticket, piece in kept.items():
            texts.get(ticket, scratch)
            assert scratch == piece
    texts.close()


def test_it_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no name to find it by, not even while it is in use."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    texts = SpooledTexts()
    ticket = texts.put(b"x" * 1000)
    assert list(tmp_path.iterdir()) == []
    assert texts.size_bytes(ticket) == 0


def test_without_room_on_the_disk_the_text_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk loses no line."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    texts, scratch = SpooledTexts(), bytearray()
    first = texts.put(b"one")
    pwrite = os.pwrite
    monkeypatch.setattr(os, "pwrite", full)
    second = texts.put(b"two")
    monkeypatch.setattr(os, "pwrite", pwrite)
    third = texts.put(b"three")
    for ticket, piece in ((first, b"one"), (second, b"two"), (third, b"three")):
        texts.get(ticket, scratch)
        assert scratch == piece
    texts.drop(second)
