"""A block is searched as a whole, and finds what a look at each line finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lambdatui.core.errors import InvalidInput
from lambdatui.core.log_block import Block
from lambdatui.core.log_buffer import LogBuffer
from lambdatui.core.log_expression import held_texts
from lambdatui.core.log_search import LinePattern, parse_pattern
from lambdatui.core.logs import LogEvent


def block_of(lines: list[str]) -> Block:
    """A block with these lines."""
    buffer = LogBuffer()
    buffer.extend([LogEvent(str(n), n, n, "stream", line) for n, line in enumerate(lines)])
    return buffer.block_at(0)[1]


def pattern_of(typed: str, *, ignore_case: bool) -> LinePattern:
    """What is looked for when this is typed."""
    pattern = parse_pattern(typed, ignore_case)
    assert pattern is not None
    return pattern


_TEXTS = st.text("abAB -é日\U0001f40c", max_size=9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(_TEXTS, min_size=1, max_size=16),
    st.integers(1, 160),
    st.sampled_from(["a", "ab", "aba", "-", " a", "b ", "é", "日a", "\U0001f40c", "ABA", "a-b-a-b-a"]),
    st.booleans(),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
@example(["ab"], 150, "ab", False, (0, 0))  # every line
@example(["", "ab", "b"], 60, "ab", False, (2, 5))  # every third line, and empty ones between
@example(["aba ab", *[""] * 9], 80, "a", False, (0, 0))  # at the turn from seldom to often
def test_a_text_is_found_in_the_lines_that_hold_it(
    texts: list[str], times: int, typed: str, ignore_case: bool, left_out: tuple[int, int]
) -> None:
    """At the start of a line, at its end, twice in it, seldom, or in every line: never in two lines at once."""
    lines = texts * times
    start = min(left_out[0], len(lines))
    stop = max(len(lines) - left_out[1], start)
    found = pattern_of(typed, ignore_case=ignore_case).lines_in(block_of(lines), start, stop)
    if ignore_case:
        assert found == [n for n in range(start, stop) if typed.lower() in lines[n].lower()]
    else:
        assert found == [n for n in range(start, stop) if typed in lines[n]]


_PARTS = ["a", "ab", "aba", "É", "K", "a?", "b*", "-+", "[ab]", "[^]a]", "(a|b)", "(?:ab)?", "a{2}", "b{0,1}", "|"]
_PARTS += [r"\.", r"\d", r"\w", r"\x61b", r"\s", "^", "$", r"\b", "(?!b)", "(?=a)", "{", "]"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.text("abAB -.é\u212ak{", max_size=7), min_size=1, max_size=6),
    st.lists(st.sampled_from(_PARTS), min_size=1, max_size=7),
    st.booleans(),
    st.integers(0, 3),
)
@example(["\u212aab", "kab"], ["K", "ab"], True, 0)  # the sign of the kelvin is a small k, too
@example(["-", "x", "ab-", "ab"], ["ab", "|", "-+"], False, 0)  # one or another
@example(["aab", "b"], ["a", "ab", r"\s"], False, 0)  # a newline is a blank, but of no line
def test_an_expression_is_found_in_the_lines_that_match_it(
    lines: list[str], parts: list[str], ignore_case: bool, start: int
) -> None:
    """Whether the search begins with a text that each match holds, with the block, or with the lines."""
    expression = "".join(parts)
    try:
        pattern = pattern_of(f"/{expression}/", ignore_case=ignore_case)
    except InvalidInput:
        return
    by_line = re.compile(expression, re.IGNORECASE if ignore_case else 0)
    block, start = block_of(lines), min(start, len(lines))
    assert pattern.lines_in(block, start) == [n for n in range(start, len(lines)) if by_line.search(lines[n])]
    matched = by_line.search("".join(lines))
    assert matched is None or any(held.lower() in matched[0].lower() for held in held_texts(expression))


_ATOMS = [
    "a",
    "b",
    "2",
    ",",
    " ",
    "{",
    "}",
    "{2",
    "{a}",
    "{,",
    "{ 2}",
    "{id|a}",
    "]",
    "[ab|]",
    "[^]{]",
    "(?#(|b)",
    "()",
]
_ATOMS += [r"\{", r"\|", r"\(", r"\x61", r"\d", r"\N{DIGIT TWO}", "(?x:a # )\n)", "(?i:B)", "^", "$", "."]
_REPEATS = ["", "", "", "?", "*", "+", "{2}", "{0}", "{,1}", "{1,}", "{,}", "*?", "{0}?"]


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeated = st.builds("({}){}".format, inner, st.sampled_from(_REPEATS))
    either = st.builds("{}|{}".format, inner, inner)
    return st.lists(inner, min_size=2, max_size=4).map("".join) | either | repeated


_EXPRESSIONS = st.recursive(st.builds(str.__add__, st.sampled_from(_ATOMS), st.sampled_from(_REPEATS)), _larger)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(_EXPRESSIONS, st.data())
@example("order {id|total}", None)
@example("a{id|b}", None)
def test_what_an_expression_matches_is_never_missed(expression: str, lines: st.DataObject | None) -> None:
    """Braces that repeat nothing, alternatives, repeats, groups and classes: each match holds what is looked for."""
    try:
        compiled = re.compile(expression)
    except re.error:
        return
    if lines is None:
        line = "got total} for a{id b}"
    else:
        line = lines.draw(st.from_regex(compiled) | st.text("ab2{}|,( ", max_size=9))
    for match in compiled.finditer(line):
        assert any(held in match[0] for held in held_texts(expression)), (expression, match[0])


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        (r"latency=1[0-9]\.[0-9]ms", ["latency=1"]),
        (r"(?:GET|PUT) failed in \d+ ms", [" failed in "]),
        (r"\bERROR\b.*timed out$", ["timed out"]),
        (r"\(boto3\)", ["(boto3)"]),
        ("colou?r", ["colo"]),
        ("ab{2}", ["a"]),
        ("ERROR|WARN(ING)?|out of memory", ["ERROR", "WARN", "out of memory"]),
        ("ab|c?", ["ab", ""]),
        ("(?i)abc", [""]),
        (r"\x41bc", [""]),
        (r"a{id|total}", ["id", "total"]),
        (r"\N{DIGIT ONE}x", ["x"]),
    ],
)
def test_what_every_match_holds_is_seen(expression: str, held: list[str]) -> None:
    """The longest text of each alternative; what is optional or written otherwise is not counted on."""
    assert held_texts(expression) == held
