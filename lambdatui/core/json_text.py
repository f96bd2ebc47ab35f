"""JSON as text: laid out anew token by token, and taken apart for colouring or into its members.

Numbers, escapes, the order of keys and keys that come twice stay exactly as they are: only white space changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from lambdatui.core.errors import InvalidInput
from lambdatui.core.events import problem_of
from lambdatui.core.text import clean

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf'{_STRING}|[{{}}\[\]:,]|[^\s{{}}\[\]:,"]+', re.DOTALL)
_SPAN = re.compile(
    rf"(?P<key>{_STRING}(?=\s*:))"
    r'|(?P<string>"[^"\\]*(?:\\.[^"\\]*)*\\?"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>true|false|null)\b"
    r"|(?P<punctuation>[{}\[\]:,]+)"
)
_BRACKET = re.compile(rf"{_STRING}|[{{}}\[\]]")
_ESCAPE = re.compile(r"(?P<codes>(?:\\u[0-9a-fA-F]{4})+)|\\.")
_BETWEEN = re.compile(r"[\s:,]*")
_DECODER = json.JSONDecoder()

KINDS = ("key", "string", "number", "word", "punctuation")
"""What `spans` tells apart."""


def pretty(text: str, indent: int = 2) -> str:
    """`text` with a member or element a line, as `json.dumps(indent=…)` lays it out.

    Raises:
        InvalidInput: it is not JSON; the title says where.
    """
    _check(text)
    return laid_out(text, indent) + _last_newline(text)


def laid_out(text: str, indent: int = 2) -> str:
    """The same for a text that is known to be JSON."""
    parts: list[str] = []
    newline = "\n"
    previous = ""
    for token in _TOKEN.findall(text):
        if token in ("}", "]"):
            if previous not in ("{", "["):
                newline = newline[: len(newline) - indent]
                parts.append(newline)
            parts.append(token)
        else:
            if previous in ("{", "["):
                newline += " " * indent
                parts.append(newline)
            parts.append(token)
            parts.append(newline if token == "," else " " if token == ":" else "")  # noqa: S105
        previous = token
    return "".join(parts)


def minify(text: str) -> str:
    """`text` without white space between its tokens.

    Raises:
        InvalidInput: it is not JSON; the title says where.
    """
    _check(text)
    return "".join(_TOKEN.findall(text)) + _last_newline(text)


class Member(NamedTuple):
    """One member of an object: its name, its value, and the text that the value has there."""

    name: str
    value: object
    text: str


def members(text: str) -> list[Member]:
    """The members of the object that `text`, which is known to be one, begins with; each of those with one name."""
    found = []
    at = _next(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _next(text, at)
        value, end = _DECODER.raw_decode(text, start)
        found.append(Member(name, value, text[start:end]))
        at = _next(text, end)
    return found


def readable(text: str) -> str:
    """JSON with the characters that its `\\u…` escapes stand for, but for those that a terminal or JSON would obey."""
    return _ESCAPE.sub(_read, text) if "\\u" in text else text


def spans(line: str) -> Iterator[tuple[int, int, str]]:
    """The stretches [start, end) of one line and what each is, of `KINDS`. A string does not cross lines in JSON."""
    for match in _SPAN.finditer(line):
        yield match.start(), match.end(), match.lastgroup or ""


def brackets(line: str) -> list[tuple[int, str]]:
    """The columns of the brackets of one line that are not within strings."""
    return [(match.start(), match[0]) for match in _BRACKET.finditer(line) if match[0] in "{}[]"]


def _check(text: str) -> None:
    problem = problem_of(text)
    if problem is not None:
        raise InvalidInput(
            f"Not JSON: line {problem.line}, column {problem.column}", f"{problem.message}.", "Mend it, then try again."
        )


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _read(found: re.Match[str]) -> str:
    if found["codes"] is None:
        return found[0]
    shown = json.loads(f'"{found["codes"]}"')
    return "".join(
        mark if mark >= " " and mark not in '"\\' and clean(mark) == mark else json.dumps(mark)[1:-1] for mark in shown
    )


def _last_newline(text: str) -> str:
    return "\n" if text.endswith("\n") and text.strip() else ""
