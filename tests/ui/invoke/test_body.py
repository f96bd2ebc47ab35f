"""A result as foldable lines."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatui.core.invocation import FunctionFailure, failure_of
from lambdatui.ui.invoke.body import FOLD_ABOVE_LINES, failure_body, json_body, wrapped

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_every_block_folds_to_its_own_end(document: object) -> None:
    """A fold's end closes the bracket that its line opens, at the same depth."""
    body = json_body(json.dumps(document).encode())
    for line in body.lines:
        if line.fold_end >= 0:
            closing = body.lines[line.fold_end].text
            assert len(line.text) - len(line.text.lstrip()) == len(closing) - len(closing.lstrip())
            assert closing.strip()[0] == {"{": "}", "[": "]"}[line.text[-1]]


def test_numbers_are_shown_as_they_came() -> None:
    """No digit is lost to a float."""
    body = json_body(b'{"id": 12345678901234567890123, "price": 1.10}')
    assert [line.text.strip() for line in body.lines[1:3]] == ['"id": 12345678901234567890123,', '"price": 1.10']


def test_what_is_no_json_is_shown_as_text_without_its_escapes() -> None:
    """A raw answer can't drive the terminal."""
    body = json_body(b"\x1b[31mred\x1b]52;c;eA==\x07\nsecond")
    assert [line.text for line in body.lines] == ["red", "second"]


def test_a_large_answer_opens_folded() -> None:
    """Above some hundred lines the second level is folded, the first is open."""
    body = json_body(json.dumps({"items": list(range(FOLD_ABOVE_LINES)), "next": None}).encode())
    assert {body.lines[index].text for index in body.folded} == {'  "items": ['}


def test_a_failure_reads_from_its_message_to_its_frames() -> None:
    """Type and message first, the function's own frames marked, the payload folded below."""
    payload = json.dumps(
        {
            "errorType": "PaymentDeclined",
            "errorMessage": "card 4242",
            "stackTrace": ['  File "/var/task/app.py", line 2, in handler\n    raise PaymentDeclined\n'],
        }
    ).encode()
    body = failure_body(failure_of(payload), payload)
    assert body.lines[0].text == "PaymentDeclined: card 4242"
    assert [line.kind for line in body.lines[2:4]] == ["own", "own"]
    assert body.raw == payload.decode()
    (folded,) = body.folded
    assert body.lines[folded].text == "{"


def test_a_failure_without_json_still_shows() -> None:
    """A runtime may answer with anything."""
    body = failure_body(FunctionFailure("", "it broke"), b"it broke")
    assert body.lines[0].text == "it broke"


@given(st.text(alphabet="ab 日é", max_size=120), st.integers(min_value=2, max_value=30))
def test_a_broken_line_loses_nothing(text: str, width: int) -> None:
    """The parts follow one another, are the whole text, and each fits the width."""
    parts = [text[start:end] for start, end in wrapped(text, width)]
    assert "".join(parts) == text
    assert all(cell_len(part.rstrip(" ")) <= width for part in parts)
