"""A record in a line, unfolded."""

from __future__ import annotations

import json

import pytest

from lambdatui.core.log_unfolding import MOST_LINES, opened, record_in, unfolded


def test_a_record_is_indented_and_its_long_texts_are_broken() -> None:
    """A traceback inside of a record reads as lines, and every character of it is there."""
    record = {"level": "ERROR", "tags": ["a"], "trace": 'Traceback:\n  File "x"\nKeyError\n', "path": "C:\\new"}
    lines = unfolded(json.dumps(record))
    assert lines == (
        "{",
        '  "level": "ERROR",',
        '  "tags": [',
        '    "a"',
        "  ],",
        '  "trace": "Traceback:\\n',
        '      File \\"x\\"\\n',
        '    KeyError\\n",',
        '  "path": "C:\\\\new"',
        "}",
    )
    assert json.loads("".join(line.lstrip() for line in lines)) == record | {
        "trace": 'Traceback:\nFile "x"\nKeyError\n'
    }


def test_an_opened_event_reads_like_an_unfolded_line() -> None:
    """A record's traceback as lines; what is no record stays as it came."""
    record = json.dumps({"stackTrace": ['  File "app.py", line 3\n    raise X\n', "last"], "path": "C:\\new"})
    assert opened(record).split("\n") == list(unfolded(record))
    assert opened("plain\\n{") == "plain\\n{"


def test_a_record_behind_words_is_one_too() -> None:
    """What a function prints of its event is unfolded."""
    assert unfolded('event: {"order": 7}') == ("{", '  "order": 7', "}")


@pytest.mark.parametrize(
    "line", ["plain", "[ERROR] boom", "{broken", "{}", json.dumps(["x"] * MOST_LINES), json.dumps({"x": "y" * 70_000})]
)
def test_what_is_no_record_or_a_huge_one_is_not_unfolded(line: str) -> None:
    """It is for a view of its own."""
    assert unfolded(line) == ()


def test_secrets_are_covered_before_a_text_is_broken() -> None:
    """What makes a secret known may stand in the first of its lines only; numbers may be secret too."""
    key = "-----BEGIN PRIVATE KEY-----\nabc\ndef\n-----END PRIVATE KEY-----"
    shown = "\n".join(
        unfolded(json.dumps({"key": key, "token": 123456, "secret": {"x": ["y1"]}, "on": True}), masked=True)
    )
    assert "abc" not in shown
    assert "y1" not in shown
    assert "123456" not in shown
    assert '"on": true' in shown


def test_nothing_in_a_record_controls_the_terminal() -> None:
    """What was escaped inside of the line stays escaped."""
    evil = '  "evil": "\\u001b]52;c;aGFjaw==\\u0007 \\u009b2J \\u202e \\ud800"'
    assert unfolded(f'{{{evil},"good":"\\u4f60好\\ud83d\\udc0c\\\\u0041"}}') == (
        "{",
        f"{evil},",
        '  "good": "你好\U0001f40c\\\\u0041"',
        "}",
    )


def test_numbers_and_twin_names_stay_as_they_are() -> None:
    """Shown, and handed out as an event: the text of the record, with other white space."""
    line = 'got {"id":12345678901234567890.5,"a":12.50,"a":99,"max":1e400,"z":"\\u4f60"}'
    fields = [
        "{",
        '  "id": 12345678901234567890.5,',
        '  "a": 12.50,',
        '  "a": 99,',
        '  "max": 1e400,',
        '  "z": "你"',
        "}",
    ]
    assert unfolded(line) == tuple(fields)
    assert opened(line.removeprefix("got ")) == "\n".join(fields)
    assert record_in(line) == "\n".join(fields).replace("你", "\\u4f60")
