"""Promises of the token-level JSON layout."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.json_text import brackets, members, minify, pretty, readable, spans

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS, st.sampled_from([None, 1, 3]), st.booleans())
def test_pretty_lays_out_as_python_does(document: object, indent: int | None, escaped: bool) -> None:
    """However it was laid out before, it becomes one member a line, two spaces a level."""
    text = json.dumps(document, indent=indent, ensure_ascii=escaped)
    assert pretty(text) == json.dumps(document, indent=2, ensure_ascii=escaped)


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS)
def test_minify_undoes_pretty(document: object) -> None:
    """Without white space it is what Python writes with the narrowest separators."""
    assert minify(pretty(json.dumps(document))) == json.dumps(document, separators=(",", ":"))


def test_numbers_escapes_order_and_twin_keys_stay_as_they_are() -> None:
    """Only white space changes: 1.0 is not 1, 1e400 not infinity, \\u00e9 not é, and both "a" stay."""
    text = '{"b":1.0,"a":1e400,"a":-0.10,"c":"\\u00e9\\/","d":12345678901234567890.5}'
    assert minify(pretty(text)) == text
    assert [line.strip().rstrip(",") for line in pretty(text).splitlines()[1:-1]] == [
        '"b": 1.0',
        '"a": 1e400',
        '"a": -0.10',
        '"c": "\\u00e9\\/"',
        '"d": 12345678901234567890.5',
    ]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.dictionaries(st.text(max_size=4), DOCUMENTS, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_an_object_is_its_members(record: dict[str, object], indent: int | None, escaped: bool) -> None:
    """However it was laid out and escaped, and however much of it is read out of its escapes."""
    text = json.dumps(record, indent=indent, ensure_ascii=escaped)
    assert {name: value for name, value, _ in members(text)} == record
    assert {name: json.loads(readable(value)) for name, _, value in members(text)} == record


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text_stays_empty(text: str) -> None:
    """Nothing is nothing in any layout."""
    assert pretty(text) == minify(text) == ""


def test_the_last_newline_of_a_file_is_kept() -> None:
    """A file that ended with a newline still does."""
    assert pretty("[1]\n") == "[\n  1\n]\n"
    assert minify("[ 1 ]\n") == "[1]\n"


@pytest.mark.parametrize("text", ['{"a":}', "[1,]", "NaN", '{"a" 1}'])
def test_what_is_not_json_is_refused_with_its_place(text: str) -> None:
    """Nothing is laid out that is not JSON; the refusal names line and column."""
    for layout in (pretty, minify):
        with pytest.raises(InvalidInput, match="line 1, column"):
            layout(text)


def test_spans_tell_keys_from_strings() -> None:
    """Each stretch of a line is a key, a string, a number, a word or punctuation; a colon in a string fools nobody."""
    line = '{"a:\\"b" : "x: y", "n": -1.5e3, "t": true, "open'
    assert [(line[start:end], kind) for start, end, kind in spans(line)] == [
        ("{", "punctuation"),
        ('"a:\\"b"', "key"),
        (":", "punctuation"),
        ('"x: y"', "string"),
        (",", "punctuation"),
        ('"n"', "key"),
        (":", "punctuation"),
        ("-1.5e3", "number"),
        (",", "punctuation"),
        ('"t"', "key"),
        (":", "punctuation"),
        ("true", "word"),
        (",", "punctuation"),
        ('"open', "string"),
    ]


def test_brackets_within_strings_do_not_count() -> None:
    """Only brackets that open and close something are found."""
    assert brackets('{"a]": [1, "}"]}') == [(0, "{"), (7, "["), (14, "]"), (15, "}")]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='"\\{}[]:, a1tr\té漢', max_size=30))
def test_any_line_can_be_coloured(line: str) -> None:
    """Spans are in order, do not overlap and stay within the line, whatever is typed."""
    end = 0
    for start, stop, _ in spans(line):
        assert end <= start < stop <= len(line)
        end = stop
